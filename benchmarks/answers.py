"""Requests that remember every answer, and what the answers said was kept."""

import time
from collections import defaultdict
from collections.abc import Container
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import httpx2

TIMEOUT = 10.0  # seconds after which a request counts as hung
PROBLEM = "application/problem+json"
SUCCESSES = range(200, 400)


@dataclass(frozen=True, slots=True)
class Answer:
    """One request and what came of it; times are `time.monotonic()`."""

    request: str
    sent: float
    done: float
    is_success: bool
    status: int | None  # None: the connection failed, or the request hung
    content_type: str
    evidence: str  # of an answer that is no success: the body, or the error

    @property
    def is_unavailable(self) -> bool:
        """Whether it is the one failure that an outage may show."""
        return self.status == HTTPStatus.SERVICE_UNAVAILABLE and self.content_type == PROBLEM

    @property
    def kind(self) -> str:
        """The status, or the name of the error."""
        return str(self.status or self.evidence.partition(":")[0])

    @property
    def took(self) -> float:
        """Seconds."""
        return self.done - self.sent


@dataclass
class Acknowledged:
    """What the application said it has kept."""

    accounts: dict[str, int] = field(default_factory=dict)  # ids by e-mail address
    verified: set[str] = field(default_factory=set)  # e-mail addresses
    posts: dict[int, tuple[int, str, str]] = field(default_factory=dict)  # author, title, body
    likes: set[tuple[int, int]] = field(default_factory=set)  # post, user
    # Post, parent, author, body; and the comments of a post.
    comments: dict[int, tuple[int, int | None, int, str]] = field(default_factory=dict)
    threads: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    media: set[int] = field(default_factory=set)  # that were uploaded and completed
    refresh_tokens: list[str] = field(default_factory=list)


class Asker:
    """One client, which writes every answer down."""

    def __init__(self, http: httpx2.AsyncClient, answers: list[Answer]) -> None:
        self._http = http
        self._answers = answers

    async def ask(
        self,
        method: str,
        path: str,
        *,
        name: str = "",
        expected: Container[int] = SUCCESSES,
        **content: Any,
    ) -> httpx2.Response | None:
        """The response, if its status is one of `expected`.

        `name`: what the request is called among the answers, if not by its method and path.
        """
        request = name or f"{method} {path}"
        sent = time.monotonic()
        try:
            response = await self._http.request(method, path, **content)
        except httpx2.HTTPError as error:
            evidence = f"{type(error).__name__}: {error}"
            done = time.monotonic()
            self._answers.append(Answer(request, sent, done, False, None, "", evidence))
            return None
        is_success = response.status_code in expected
        answer = Answer(
            request=request,
            sent=sent,
            done=time.monotonic(),
            is_success=is_success,
            status=response.status_code,
            content_type=response.headers.get("content-type", ""),
            evidence="" if is_success else response.text,
        )
        self._answers.append(answer)
        return response if is_success else None


def percentiles(values: list[float]) -> tuple[float, float]:
    """The median and the 99th of a hundred; nothing is 0."""
    ordered = sorted(values) or [0.0]
    return ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
