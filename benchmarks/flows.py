"""Whole lives of accounts, from the registration to the logout, by clients that do not give up."""

import asyncio
import itertools
import random
import time
from collections import Counter
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import httpx2

from answers import Acknowledged, Answer, Asker
from letters import Mailbox, verification_token
from writers import LATELY, PASSWORD, draft, registration

PATIENCE = 30.0  # seconds for one step, repeated as long as it fails
MAIL_PATIENCE = 60.0  # seconds for an e-mail
ASK_FOR_MAIL_EVERY = 0.2  # seconds
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0  # seconds between a failure and the next attempt

OK, CREATED, NO_CONTENT = HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.NO_CONTENT
BAD_REQUEST, UNAUTHORIZED, CONFLICT = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.CONFLICT,
)
STEPS = (
    *("register", "ask for mail", "verify", "log in", "post", "like"),
    *("refresh", "refresh again", "log out", "use afterwards"),
)


class GivenUpError(Exception):
    """A step does not succeed. Its answers are among the others."""


@dataclass
class Ledger:
    """What all flows of a run write down."""

    began: float = field(default_factory=time.monotonic)
    answers: list[Answer] = field(default_factory=list)
    kept: Acknowledged = field(default_factory=Acknowledged)
    registered_at: dict[str, float] = field(default_factory=dict)  # by e-mail address
    unacknowledged: Counter[str] = field(default_factory=Counter)  # steps done without our knowing
    completed: int = 0
    given_up: list[str] = field(default_factory=list)
    other_tokens: int = 0  # from a refresh that was repeated within its grace
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))


class Flow:
    """One account's life, asked for from an address of its own."""

    def __init__(
        self, http: httpx2.AsyncClient, ledger: Ledger, mailbox: Mailbox, *, asks_for_mail: bool
    ) -> None:
        self._asker = Asker(http, ledger.answers)
        self._ledger = ledger
        self._kept = ledger.kept
        self._mailbox = mailbox
        self._asks_for_mail = asks_for_mail
        self._headers: dict[str, str] = {}
        self._account: dict[str, str] = {}

    async def live(self) -> None:
        """
        Raises:
            GivenUpError: a step did not succeed in time.

        """
        user_id = await self._register()
        await self._verify()
        form = {"username": self._account["username"], "password": PASSWORD}
        opened = (await self._insist("log in", "POST", "/auth/token", data=form)).json()
        self._headers["Authorization"] = f"Bearer {opened['access_token']}"
        await self._write(user_id)
        await self._refresh(opened["refresh_token"])
        await self._log_out()
        self._ledger.completed += 1

    async def _register(self) -> int:
        while True:
            number = next(self._ledger.numbers)
            self._account = registration(f"user_{number:06}")
            self._headers = {"X-Forwarded-For": _address(number)}
            response = await self._insist(
                "register",
                *("POST", "/auth/register"),
                json=self._account,
                expected={CREATED},
                done_before=CONFLICT,
            )
            if response.status_code == CREATED:
                break
        email, user_id = self._account["email"], int(response.json()["id"])
        self._ledger.registered_at[email] = time.monotonic()
        self._kept.accounts[email] = user_id
        return user_id

    async def _verify(self) -> None:
        email = self._account["email"]
        token = await (self._token_by_http(email) if self._asks_for_mail else self._token(email))
        if token is None:
            raise GivenUpError(f"There is no e-mail to {email}")
        await self._insist(
            "verify",
            *("POST", "/auth/verify-email"),
            json={"token": token},
            expected={NO_CONTENT},
            done_before=BAD_REQUEST,
        )
        self._kept.verified.add(email)

    async def _token(self, email: str) -> str | None:
        letter = await self._mailbox.verification_for(email, MAIL_PATIENCE)
        return letter.token if letter else None

    async def _token_by_http(self, email: str) -> str | None:
        deadline = time.monotonic() + MAIL_PATIENCE
        while time.monotonic() < deadline:
            path, query = "/dev/mailbox/messages", {"to": email}
            response = await self._insist("ask for mail", "GET", path, params=query)
            for message in response.json():
                for link in message["links"]:
                    if token := verification_token(link):
                        return token
            await asyncio.sleep(ASK_FOR_MAIL_EVERY)
        return None

    async def _write(self, user_id: int) -> None:
        post = draft(f"By {self._account['username']}")
        written = await self._insist("post", "POST", "/posts", json=post, expected={CREATED})
        self._kept.posts[written.json()["id"]] = (user_id, post["title"], post["body"])
        post_id = random.choice(list(self._kept.posts)[-LATELY:])  # noqa: S311  (for variety)
        await self._insist("like", "PUT", f"/posts/{post_id}/like", expected={NO_CONTENT})
        self._kept.likes.add((post_id, user_id))

    async def _refresh(self, refresh_token: str) -> None:
        old = {"refresh_token": refresh_token}
        new = (await self._insist("refresh", "POST", "/auth/refresh", json=old)).json()
        again = (await self._insist("refresh again", "POST", "/auth/refresh", json=old)).json()
        self._ledger.other_tokens += new["refresh_token"] != again["refresh_token"]
        self._headers["Authorization"] = f"Bearer {new['access_token']}"

    async def _log_out(self) -> None:
        await self._insist(
            "log out",
            *("POST", "/auth/logout"),
            expected={NO_CONTENT},
            done_before=UNAUTHORIZED,
        )
        await self._insist("use afterwards", "GET", "/users/me", expected={UNAUTHORIZED})

    async def _insist(
        self,
        step: str,
        method: str,
        path: str,
        *,
        expected: AbstractSet[int] = frozenset({OK}),
        done_before: int = 0,
        **content: Any,
    ) -> httpx2.Response:
        """Ask until the answer is the expected one.

        `done_before`: the status that shows a repeated request that the one before has done its
        work, though no acknowledgement came.
        """
        deadline = time.monotonic() + PATIENCE
        pause = FIRST_PAUSE
        allowed = expected
        while True:
            response = await self._asker.ask(
                method, path, name=step, expected=allowed, headers=self._headers, **content
            )
            if response is not None:
                self._ledger.unacknowledged[step] += response.status_code == done_before
                return response
            if time.monotonic() > deadline:
                raise GivenUpError(f"{step} does not succeed")
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            allowed = expected | {done_before}


async def live_until(is_over: Callable[[], bool], flow: Flow, ledger: Ledger) -> None:
    """One life after the other; the last one is lived to its end."""
    while not is_over():
        try:
            await flow.live()
        except GivenUpError as error:
            ledger.given_up.append(str(error))


def _address(number: int) -> str:
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
