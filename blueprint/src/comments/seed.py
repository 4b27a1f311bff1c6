"""Comments of the demo data: threads under most posts."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from faker import Faker
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col, select

from src.comments.models import Comment
from src.models import utc_now
from src.posts import constants as posts_constants
from src.posts import models as posts_models

THREADS_OF_THE_BUSIEST = 12
LEVELS = 6
PLACE = (col(Comment.id), col(Comment.post_id), col(Comment.reply_count), col(Comment.created_at))


async def seed(connection: AsyncConnection, fake: Faker, user_ids: list[int]) -> list[str]:
    """Comments by these users under their posts; says how many."""
    post = posts_models.Post
    published = select(post.id, post.published_at).where(
        col(post.author_id).in_(user_ids), post.status == posts_constants.PostStatus.PUBLISHED
    )
    posts = (await connection.execute(published.order_by(col(post.id)))).all()
    level: list[dict[str, Any]] = list(_threads(fake, posts, user_ids))
    count = 0
    for depth in range(1, LEVELS):
        count += len(level)
        level.sort(key=itemgetter("created_at"))  # older ones have smaller ids
        made = await connection.execute(insert(Comment).returning(*PLACE), level)
        level = list(_replies(fake, made.all(), user_ids, depth=depth))
    return [f"{count:,} comments"]


def _threads(
    fake: Faker, posts: Iterable[tuple[int, datetime]], user_ids: list[int]
) -> Iterator[dict[str, Any]]:
    for post_id, published_at in posts:
        for _ in range(int(THREADS_OF_THE_BUSIEST * fake.random.random() ** 3)):
            place = {"post_id": post_id, "parent_id": None, "depth": 0}
            yield place | _comment(fake, user_ids, after=published_at, replies=3)


def _replies(
    fake: Faker,
    parents: Iterable[tuple[int, int, int, datetime]],
    user_ids: list[int],
    *,
    depth: int,
) -> Iterator[dict[str, Any]]:
    for parent_id, post_id, reply_count, created_at in parents:
        place = {"post_id": post_id, "parent_id": parent_id, "depth": depth}
        for _ in range(reply_count):
            replies = 3 if depth < LEVELS - 2 else 0
            yield place | _comment(fake, user_ids, after=created_at, replies=replies)


def _comment(fake: Faker, user_ids: list[int], *, after: datetime, replies: int) -> dict[str, Any]:
    chance = fake.random
    written_at = min(after + timedelta(minutes=chance.randint(1, 600)), utc_now())
    return {
        "author_id": chance.choice(user_ids),
        "body": fake.paragraph(nb_sentences=chance.randint(1, 3)),
        "reply_count": int(replies * chance.random() ** 2),
        "created_at": written_at,
    }
