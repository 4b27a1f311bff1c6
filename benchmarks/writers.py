"""Clients that write posts and likes without pause, and remember every answer."""

import asyncio
import random
import string
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import httpx2

TIMEOUT = 10.0  # seconds after which a request counts as hung
PAUSE_AFTER_FAILURE = 0.05  # seconds
PAUSE_BETWEEN_LOGINS = 0.2  # seconds
PASSWORD = "Long-And-Quiet-7"  # noqa: S105  (of accounts that live a minute)
PROBLEM = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Answer:
    """One request and what came of it; times are `time.monotonic()`."""

    request: str
    sent: float
    done: float
    status: int | None  # None: the connection failed, or the request hung
    content_type: str
    evidence: str  # of an answer that is no success: the body, or the error

    @property
    def is_success(self) -> bool:
        return self.status is not None and self.status < HTTPStatus.BAD_REQUEST

    @property
    def is_unavailable(self) -> bool:
        """Whether it is the one failure that an outage may show."""
        return self.status == HTTPStatus.SERVICE_UNAVAILABLE and self.content_type == PROBLEM


@dataclass
class Acknowledged:
    """What the application said it has kept."""

    posts: dict[int, tuple[int, str, str]] = field(default_factory=dict)  # author, title, body
    likes: set[tuple[int, int]] = field(default_factory=set)  # post, user
    refresh_tokens: list[str] = field(default_factory=list)


class Writer:
    """One registered user, who writes and likes."""

    def __init__(
        self, http: httpx2.AsyncClient, name: str, answers: list[Answer], kept: Acknowledged
    ) -> None:
        self._http = http
        self._name = name
        self._answers = answers
        self._kept = kept
        self._random = random.Random(name)  # noqa: S311  (for variety, not for secrets)
        self._written = 0
        self._user_id = 0

    async def register(self) -> None:
        account = {
            "username": self._name,
            "email": f"{self._name}@example.com",
            "first_name": "Writer",
            "birth_date": "1990-12-10",
            "password": PASSWORD,
        }
        created = (await self._http.post("/auth/register", json=account)).raise_for_status()
        self._user_id = created.json()["id"]
        tokens = (await self._http.post("/auth/token", data=self._credentials)).raise_for_status()
        self._http.headers["Authorization"] = f"Bearer {tokens.json()['access_token']}"
        self._kept.refresh_tokens.append(tokens.json()["refresh_token"])

    async def write_until(self, is_over: Callable[[], bool]) -> None:
        while not is_over():
            liked = self._random.random() < 0.5 and bool(self._kept.posts)  # noqa: PLR2004
            if not await (self._like() if liked else self._write()):
                await asyncio.sleep(PAUSE_AFTER_FAILURE)

    async def log_in_until(self, is_over: Callable[[], bool]) -> None:
        """Open session after session, for Redis to keep."""
        while not is_over():
            response = await self._ask("POST", "/auth/token", data=self._credentials)
            if response is not None:
                self._kept.refresh_tokens.append(response.json()["refresh_token"])
            await asyncio.sleep(PAUSE_BETWEEN_LOGINS)

    @property
    def _credentials(self) -> dict[str, str]:
        return {"username": self._name, "password": PASSWORD}

    async def _write(self) -> bool:
        self._written += 1
        title = f"{self._name}, number {self._written}"
        body = "".join(self._random.choices(string.ascii_letters, k=200))
        response = await self._ask("POST", "/posts", json={"title": title, "body": body})
        if response is None:
            return False
        self._kept.posts[response.json()["id"]] = (self._user_id, title, body)
        return True

    async def _like(self) -> bool:
        post_id = self._random.choice(list(self._kept.posts)[-500:])
        response = await self._ask("PUT", f"/posts/{post_id}/like")
        if response is None:
            return False
        self._kept.likes.add((post_id, self._user_id))
        return True

    async def _ask(self, method: str, path: str, **content: Any) -> httpx2.Response | None:
        """The response if it is a success."""
        sent = time.monotonic()
        request = f"{method} {path}"
        try:
            response = await self._http.request(method, path, **content)
        except httpx2.HTTPError as error:
            evidence = f"{type(error).__name__}: {error}"
            self._answers.append(Answer(request, sent, time.monotonic(), None, "", evidence))
            return None
        answer = Answer(
            request,
            sent,
            time.monotonic(),
            response.status_code,
            response.headers.get("content-type", ""),
            "" if response.is_success else response.text,
        )
        self._answers.append(answer)
        return response if answer.is_success else None
