"""Clients that write posts, likes and comments without pause."""

import asyncio
import random
import string
from collections.abc import Callable

import httpx2

from answers import Acknowledged, Answer, Asker

PAUSE_AFTER_FAILURE = 0.05  # seconds
PAUSE_BETWEEN_LOGINS = 0.2  # seconds
LATELY = 500  # posts, of which one is liked or commented on
PASSWORD = "Long-And-Quiet-7"  # noqa: S105  (of accounts that live a minute)


def registration(name: str) -> dict[str, str]:
    """The body of `POST /auth/register` for an account of this name."""
    return {
        "username": name,
        "email": f"{name}@example.com",
        "first_name": "Writer",
        "birth_date": "1990-12-10",
        "password": PASSWORD,
    }


def draft(name: str) -> dict[str, str]:
    """The body of `POST /posts` for a post that no other is like."""
    body = "".join(random.choices(string.ascii_letters, k=200))  # noqa: S311  (for variety)
    return {"title": name, "body": body}


class Writer:
    """One registered user, who writes, likes and comments."""

    def __init__(
        self, http: httpx2.AsyncClient, name: str, answers: list[Answer], kept: Acknowledged
    ) -> None:
        self.http = http
        self._asker = Asker(http, answers)
        self._name = name
        self._kept = kept
        self._random = random.Random(name)  # noqa: S311  (for variety, not for secrets)
        self._written = 0
        self.user_id = 0

    async def register(self) -> None:
        account = registration(self._name)
        created = (await self.http.post("/auth/register", json=account)).raise_for_status()
        self.user_id = created.json()["id"]
        self._kept.accounts[account["email"]] = self.user_id
        tokens = (await self.http.post("/auth/token", data=self._credentials)).raise_for_status()
        self.http.headers["Authorization"] = f"Bearer {tokens.json()['access_token']}"
        self._kept.refresh_tokens.append(tokens.json()["refresh_token"])

    async def write_until(self, is_over: Callable[[], bool]) -> None:
        while not is_over():
            deeds = (self._write, self._like, self._comment) if self._kept.posts else (self._write,)
            if not await self._random.choice(deeds)():
                await asyncio.sleep(PAUSE_AFTER_FAILURE)

    async def log_in_until(self, is_over: Callable[[], bool]) -> None:
        """Open session after session, for Redis to keep."""
        while not is_over():
            response = await self._asker.ask("POST", "/auth/token", data=self._credentials)
            if response is not None:
                self._kept.refresh_tokens.append(response.json()["refresh_token"])
            await asyncio.sleep(PAUSE_BETWEEN_LOGINS)

    @property
    def _credentials(self) -> dict[str, str]:
        return {"username": self._name, "password": PASSWORD}

    async def _write(self) -> bool:
        self._written += 1
        post = draft(f"{self._name}, number {self._written}")
        response = await self._asker.ask("POST", "/posts", json=post)
        if response is None:
            return False
        self._kept.posts[response.json()["id"]] = (self.user_id, post["title"], post["body"])
        return True

    async def _like(self) -> bool:
        post_id = self._random.choice(list(self._kept.posts)[-LATELY:])
        response = await self._asker.ask("PUT", f"/posts/{post_id}/like")
        if response is None:
            return False
        self._kept.likes.add((post_id, self.user_id))
        return True

    async def _comment(self) -> bool:
        """On a post, or to somebody's comment under it."""
        self._written += 1
        post_id = self._random.choice(list(self._kept.posts)[-LATELY:])
        thread = self._kept.threads[post_id]
        parent_id = self._random.choice([None, *thread[-2:]])
        body = f"{self._name} says {self._written}"
        new = {"body": body, "parent_id": parent_id}
        path = f"/posts/{post_id}/comments"
        response = await self._asker.ask("POST", path, name="POST comment", json=new)
        if response is None:
            return False
        comment_id = response.json()["id"]
        self._kept.comments[comment_id] = (post_id, parent_id, self.user_id, body)
        thread.append(comment_id)
        return True
