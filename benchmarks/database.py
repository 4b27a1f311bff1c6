"""What is asked of a project's database past the application, and done to it."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeAlias

import asyncpg

from answers import Acknowledged

POLL = 0.2  # seconds
PEOPLE_WITH_NEWS = """
WITH person AS (
    INSERT INTO user_account (username, email, email_verified_at, hashed_password, first_name,
        birth_date, role, is_active)
    SELECT 'reader_' || number, 'reader_' || number || '@example.com', now(), 'none', 'Somebody',
        '1990-12-10', 'member', true
    FROM generate_series(1, $1::int) AS number
    RETURNING id
)
INSERT INTO notification (user_id, kind, subject_id, text, path)
SELECT id, 'announced', 1, 'There is something new.', '/posts' FROM person
"""

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


async def addresses(url: str) -> set[str]:
    """The e-mail addresses of all accounts."""
    async with connected(url) as connection:
        return {row["email"] for row in await connection.fetch("SELECT email FROM user_account")}


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
        comments = {
            row["id"]: (row["post_id"], row["parent_id"], row["author_id"], row["body"])
            for row in await connection.fetch("SELECT * FROM comment")
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
        "comments": sum(comments.get(id_) != comment for id_, comment in kept.comments.items()),
    }


async def tell_news(url: str, people: int) -> None:
    """Make so many accounts more, each with a notification that is in no digest yet."""
    async with connected(url) as connection:
        await connection.execute(PEOPLE_WITH_NEWS, people)


async def jobs_begun(url: str, name: str) -> int:
    """How many jobs of this name a worker has taken and not done."""
    async with connected(url) as connection:
        query = "SELECT count(*) FROM pgqueuer WHERE entrypoint = $1 AND status = 'picked'"
        count: int = await connection.fetchval(query, name)
        return count


async def drained_queue(url: str, seconds: float) -> tuple[int, int]:
    """Wait until all jobs are done; how many are left, and how many have failed for good."""
    deadline = time.monotonic() + seconds
    async with connected(url) as connection:
        while True:
            statuses = await connection.fetch("SELECT status::text FROM pgqueuer")
            held = sum(row["status"] == "failed" for row in statuses)
            if len(statuses) == held or time.monotonic() > deadline:
                return len(statuses) - held, held
            await asyncio.sleep(POLL)
