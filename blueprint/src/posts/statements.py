"""The SQL behind reading posts. Each statement is built and compiled once.

Authors and likes are looked up by PostgreSQL, and only for the rows of a page.
"""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Select,
    String,
    any_,
    bindparam,
    func,
    label,
    literal_column,
    or_,
    select,
    tuple_,
)
from sqlmodel import UTCDateTime, col

from src.auth import service as auth_service
from src.database import Statement
from src.media import service as media_service  # [media]
from src.pagination import NEWEST, Key
from src.posts.constants import PostSort, PostStatus
from src.posts.models import Post, PostLike

# Written out rather than bound: a partial index serves only a condition that the planner sees.
IS_PUBLISHED = col(Post.status) == literal_column(f"'{PostStatus.PUBLISHED}'")
LIKE_COUNT = (
    select(func.count())
    .where(col(PostLike.post_id) == col(Post.id))
    .correlate(Post)
    .scalar_subquery()
)
SUMMARY = (
    col(Post.id),
    col(Post.title),
    label("author", auth_service.username_of(col(Post.author_id))),
    label("like_count", LIKE_COUNT),
    col(Post.status),
    col(Post.published_at),
    col(Post.created_at),
    col(Post.updated_at),
)

WHOLE = (
    *SUMMARY,
    col(Post.body),
    col(Post.author_id),
    label("cover", media_service.image_of(col(Post.cover_id))),  # [media]
)


def visible_to(viewer_id: ColumnElement[int]) -> ColumnElement[bool]:
    """A draft is there for its author alone."""
    return or_(IS_PUBLISHED, col(Post.author_id) == viewer_id)


# Parameters: post_id, and viewer_id (None for the public).
VISIBLE_POST = Statement(
    select(*WHOLE).where(
        col(Post.id) == bindparam("post_id", type_=BigInteger),
        visible_to(bindparam("viewer_id", type_=BigInteger)),
    )
)

IDS = bindparam("ids", type_=ARRAY(BigInteger))
# What the rows of lists are sorted by, with their id.
BY_DATE: tuple[Any, ...] = (col(Post.published_at), col(Post.id))

OLDEST: Key = (datetime.min.replace(tzinfo=UTC), 0)


@cache
def post_page(*, sort: PostSort, by_author: bool) -> Statement:
    """One page of published posts with their stats.

    Parameters: page_size; the key (at, id) that it begins after; author, where it applies.
    """
    posts = in_order(select(*SUMMARY), sort, by_author=by_author)
    return Statement(posts.limit(bindparam("page_size", type_=BigInteger)))


# Those of a page in the order of their ids. Parameter: ids.
SUMMARIES = Statement(
    select(*SUMMARY)
    .where(col(Post.id) == any_(IDS))
    .order_by(func.array_position(IDS, col(Post.id)))
)


def in_order(posts: Select[Any], sort: PostSort, *, by_author: bool) -> Select[Any]:
    """Of posts the published ones, of one author or of all, by date from the key on.

    By relevance, which is not theirs to know, they come as by `NEWEST`.
    """
    posts = posts.where(IS_PUBLISHED, lies_after("at", "id", sort))
    if by_author:
        author = bindparam("author", type_=String)
        posts = posts.where(col(Post.author_id) == auth_service.id_of(author))
    return posts.order_by(*order_of(BY_DATE, sort))


def order_of(key: tuple[Any, ...], sort: PostSort) -> tuple[ColumnElement[Any], ...]:
    return key if sort is PostSort.OLDEST else tuple(part.desc() for part in key)


def lies_after(at: str, id_: str, sort: PostSort) -> ColumnElement[bool]:
    """Whether a post comes after the key that parameters of these names hold."""
    key = tuple_(bindparam(at, type_=UTCDateTime()), bindparam(id_, type_=BigInteger))
    return tuple_(*BY_DATE) > key if sort is PostSort.OLDEST else tuple_(*BY_DATE) < key


def ends_of(sort: PostSort) -> tuple[Key, Key]:
    """The keys before and after all posts."""
    return (OLDEST, NEWEST) if sort is PostSort.OLDEST else (NEWEST, OLDEST)
