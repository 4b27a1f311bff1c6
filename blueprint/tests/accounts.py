"""Accounts that are logged in, without the time that a password takes."""

from dataclasses import dataclass
from typing import Any

import httpx2

from src.auth import sessions
from src.auth.clients import Client
from src.auth.models import User
from src.auth.tokens import Claims, create_access_token, create_refresh_token
from src.posts.models import Post, PostLike  # [posts]
from tests.clients import RunningApp
from tests.factories import insert, user_row
from tests.posts.factories import post_row  # [posts]


@dataclass(frozen=True)
class Account:
    """Somebody with a session: their row, their tokens, and a client that sends the token."""

    app: RunningApp
    user: User
    claims: Claims
    access_token: str
    refresh_token: str
    client: httpx2.AsyncClient

    @property
    def id(self) -> int:
        return self.user.id

    @property
    def username(self) -> str:
        return self.user.username

    # [posts]
    async def writes(self, **fields: Any) -> Post:
        """A post by this account; a published one by default."""
        post = post_row(self.id, **fields)
        await insert(self.app.state["database"], post)
        return post

    async def likes(self, *posts: Post) -> None:
        likes = (PostLike(post_id=post.id, user_id=self.id) for post in posts)
        await insert(self.app.state["database"], *likes)

    # [/posts]


async def create_account(app: RunningApp, **fields: Any) -> Account:
    """Insert a user and open a session of theirs."""
    user = user_row(**fields)
    await insert(app.state["database"], user)
    return await log_in(app, user)


async def log_in(app: RunningApp, user: User) -> Account:
    """Another session of a user."""
    claims, refresh_token = await sessions.open_session(
        app.state["redis"], user_id=user.id, client=Client("192.0.2.1", "tests")
    )
    access_token = create_access_token(claims)
    client = app.client(access_token)
    refresh = create_refresh_token(refresh_token)
    return Account(app, user, claims, access_token, refresh, client)
