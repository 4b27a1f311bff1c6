"""Believable posts, as requests and as rows."""

from datetime import timedelta
from itertools import count
from typing import Any

from polyfactory import Use
from polyfactory.factories.pydantic_factory import ModelFactory

from src.posts.constants import PostStatus
from src.posts.models import Post
from src.posts.schemas import PostCreate
from tests.factories import FAKER, FIRST_MOMENT

_numbers = count(1)


class NewPost(ModelFactory[PostCreate]):
    """What somebody sends to write a post."""

    title = Use(FAKER.sentence, nb_words=5)
    body = Use(FAKER.paragraph)
    status = PostStatus.PUBLISHED
    cover_id = None  # [media]


def post_row(author_id: int, **fields: Any) -> Post:
    """A post; each is published a minute after the one that was made before."""
    new = NewPost.build().model_dump()
    moment = FIRST_MOMENT + timedelta(minutes=next(_numbers))
    new["published_at"] = None if fields.get("status") == PostStatus.DRAFT else moment
    return Post(**{**new, "author_id": author_id, **fields})
