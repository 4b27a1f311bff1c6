"""Posts and likes of the demo data."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from faker import Faker
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from src.posts.constants import PostStatus
from src.posts.models import Post, PostLike

POSTS = 2_000
LIKES_OF_THE_BEST = 60
DRAFTS = 0.05  # of all posts


async def seed(connection: AsyncConnection, fake: Faker, user_ids: list[int]) -> list[str]:
    """Posts and likes by these users; says how many."""
    posts = await connection.execute(
        insert(Post).returning(col(Post.id)), list(_posts(fake, user_ids))
    )
    likes = list(_likes(fake.random, list(posts.scalars()), user_ids))
    await connection.execute(insert(PostLike), likes)
    return [f"{POSTS:,} posts", f"{len(likes):,} likes"]


def _posts(fake: Faker, user_ids: list[int]) -> Iterator[dict[str, Any]]:
    chance = fake.random
    now = datetime.now(UTC)
    for number in range(POSTS):
        is_draft = chance.random() < DRAFTS
        written_at = now - timedelta(minutes=(POSTS - number) * chance.randint(50, 70))
        yield {
            # A few write much, most write little.
            "author_id": user_ids[int(len(user_ids) * chance.random() ** 2)],
            "title": fake.sentence(nb_words=chance.randint(3, 8)).rstrip("."),
            "body": "\n\n".join(fake.paragraphs(nb=chance.randint(2, 6))),
            "status": PostStatus.DRAFT if is_draft else PostStatus.PUBLISHED,
            "published_at": None if is_draft else written_at,
            "created_at": written_at,
            "updated_at": written_at,
        }


def _likes(chance: Random, post_ids: list[int], user_ids: list[int]) -> Iterator[dict[str, Any]]:
    for post_id in post_ids:
        count = int(LIKES_OF_THE_BEST * chance.random() ** 3)
        for user_id in chance.sample(user_ids, count):
            yield {"post_id": post_id, "user_id": user_id}
