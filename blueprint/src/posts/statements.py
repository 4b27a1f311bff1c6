"""The SQL behind reading posts. Each statement is built and compiled once.

Authors, likes and ranks are computed by PostgreSQL, and only for the rows of a page.
"""

from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Float,
    Select,
    String,
    bindparam,
    cast,
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
from src.posts.constants import SEARCH_CONFIGURATION, PostSort, PostStatus
from src.posts.models import Post, PostLike, search_vector

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


@cache
def post_page(*, sort: PostSort, by_author: bool, searching: bool, continued: bool) -> Statement:
    """One page of published posts with their stats.

    Parameters: page_size; and where they apply author, search, and the cursor's key: (at, id) or,
    by relevance, (rank, id). Rows have a `rank` when they are sorted by it.
    """
    query = func.websearch_to_tsquery(SEARCH_CONFIGURATION, bindparam("search", type_=String))
    rank = cast(func.ts_rank_cd(search_vector, query), Float(53))
    page: Select[Any] = select(*SUMMARY).where(IS_PUBLISHED)
    if by_author:
        author = bindparam("author", type_=String)
        page = page.where(col(Post.author_id) == auth_service.id_of(author))
    if searching:
        page = page.where(search_vector.bool_op("@@")(query))
    match sort:
        case PostSort.NEWEST | PostSort.OLDEST:
            key: Any = col(Post.published_at)
            after: ColumnElement[Any] = bindparam("at", type_=UTCDateTime())
        case PostSort.RELEVANCE:
            page = page.add_columns(label("rank", rank))
            key, after = rank, bindparam("rank", type_=Float(53))
    place = tuple_(key, col(Post.id))
    place_before = tuple_(after, bindparam("id", type_=BigInteger))
    if sort is PostSort.OLDEST:
        page = page.order_by(key, col(Post.id))
        page = page.where(place > place_before) if continued else page
    else:
        page = page.order_by(key.desc(), col(Post.id).desc())
        page = page.where(place < place_before) if continued else page
    return Statement(page.limit(bindparam("page_size", type_=BigInteger)))
