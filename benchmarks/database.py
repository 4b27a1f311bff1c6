"""What is asked of a project's database past the application, and done to it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeAlias

import asyncpg

from answers import Acknowledged

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        yield connection
    finally:
        await connection.close()


async def verify_addresses(url: str) -> None:
    """Verify the e-mail address of every account, where no link is waited for."""
    async with connected(url) as connection:
        await connection.execute(
            "UPDATE user_account SET email_verified_at = now() WHERE email_verified_at IS NULL"
        )


async def published_posts(url: str, limit: int) -> list[int]:
    """Ids from all over the table, the same at every call."""
    async with connected(url) as connection:
        query = "SELECT id FROM post WHERE status = 'published' ORDER BY md5(id::text) LIMIT $1"
        return [row["id"] for row in await connection.fetch(query, limit)]


async def lost(url: str, kept: Acknowledged) -> dict[str, int]:
    """How much of what was acknowledged is not there, by kind."""
    async with connected(url) as connection:
        accounts = {
            row["email"]: (row["id"], row["is_verified"])
            for row in await connection.fetch(
                "SELECT id, email, email_verified_at IS NOT NULL AS is_verified FROM user_account"
            )
        }
        posts = {
            row["id"]: (row["author_id"], row["title"], row["body"])
            for row in await connection.fetch("SELECT id, author_id, title, body FROM post")
        }
        likes = {
            (row["post_id"], row["user_id"])
            for row in await connection.fetch("SELECT post_id, user_id FROM post_like")
        }
    print(f"{len(posts) - len(kept.posts)} posts were kept whose acknowledgement was lost.")
    nobody = (0, False)
    return {
        "accounts": sum(
            accounts.get(email, nobody)[0] != user_id for email, user_id in kept.accounts.items()
        ),
        "verified addresses": sum(not accounts.get(email, nobody)[1] for email in kept.verified),
        "posts": sum(posts.get(post_id) != post for post_id, post in kept.posts.items()),
        "likes": len(kept.likes - likes),
    }
