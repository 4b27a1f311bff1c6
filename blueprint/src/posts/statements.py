"""The SQL behind reading posts. Each statement is built and compiled once.

Authors, likes and ranks are computed by PostgreSQL, and only for the rows of a page.
"""

from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Float,
    Select,
    String,
    Subquery,
    bindparam,
    case,
    cast,
    func,
    label,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlmodel import UTCDateTime, col

from src.auth import service as auth_service
from src.database import Statement
from src.media import service as media_service  # [media]
from src.posts.constants import (
    MATCHES_RANKED,
    MATCHES_TO_JUDGE_BY,
    POSTS_LOOKED_THROUGH,
    SEARCH_CONFIGURATION,
    PostSort,
    PostStatus,
)
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

SortKey = tuple[Any, Any]
PAGE_SIZE = bindparam("page_size", type_=BigInteger)
QUERY = func.websearch_to_tsquery(SEARCH_CONFIGURATION, bindparam("search", type_=String))


@cache
def post_page(*, sort: PostSort, by_author: bool, searching: bool, continued: bool) -> Statement:
    """One page of published posts with their stats.

    Parameters: page_size; and where they apply author, search, and the cursor's key: (at, id) or,
    by relevance, (rank, id). Rows have a `rank` when they are sorted by it.
    """
    if searching:
        return _search_page(sort, by_author=by_author, continued=continued)
    page = _by_date(select(*SUMMARY), sort, by_author=by_author, continued=continued)
    return Statement(page.limit(PAGE_SIZE))


def _by_date(
    posts: Select[Any], sort: PostSort, *, by_author: bool, continued: bool
) -> Select[Any]:
    """Of the posts the published ones, of one author or of all, in order from the cursor's key on.

    By relevance, which is not theirs to know, they come as by `NEWEST`.
    """
    posts = posts.where(IS_PUBLISHED)
    if by_author:
        author = bindparam("author", type_=String)
        posts = posts.where(col(Post.author_id) == auth_service.id_of(author))
    key = (col(Post.published_at), col(Post.id))
    if continued:
        posts = posts.where(_comes_after(key, sort, bindparam("at", type_=UTCDateTime())))
    return posts.order_by(*_in_order(key, sort))


def _search_page(sort: PostSort, *, by_author: bool, continued: bool) -> Statement:
    """A page of the posts that match."""
    is_ranked = sort is PostSort.RELEVANCE
    match = _matches(sort, by_author=by_author, continued=continued and not is_ranked)
    rank = cast(func.ts_rank_cd(match.c.search_vector, QUERY), Float(53))
    key = (rank if is_ranked else match.c.published_at, match.c.id)
    best = select(match.c.id, label("place", key[0])).order_by(*_in_order(key, sort))
    if continued and is_ranked:
        best = best.where(_comes_after(key, sort, bindparam("rank", type_=Float(53))))
    found = best.limit(PAGE_SIZE).subquery("found")
    page = select(*SUMMARY).join(found, found.c.id == col(Post.id))
    if is_ranked:
        page = page.add_columns(label("rank", found.c.place))
    return Statement(page.order_by(*_in_order((found.c.place, found.c.id), sort)))


def _matches(sort: PostSort, *, by_author: bool, continued: bool) -> Subquery:
    """The first posts by date that match, as many as are ranked: more than a page has.

    A common word has as many matches as there are posts, all of which its index would name: so the
    nearest posts are looked through first, then as many more as should do, judging by these. Where
    matches are rarer, or have come to an end, the index is asked for all. This is not left to the
    planner: it knows of no order in the index, and estimates of phrases and rare words are so bad
    that it would go through all posts one by one.
    """
    columns = select(col(Post.id), col(Post.published_at), search_vector)
    posts = _by_date(columns, sort, by_author=by_author, continued=continued)
    near, near_count = _looked_through(posts, _number(POSTS_LOOKED_THROUGH), "near")
    should_do = _number(POSTS_LOOKED_THROUGH * MATCHES_RANKED * 3 // 2) // near_count
    is_worth_it = near_count.between(_number(MATCHES_TO_JUDGE_BY), _number(MATCHES_RANKED - 1))
    far, far_count = _looked_through(posts, case((is_worth_it, should_do), else_=_number(0)), "far")
    size = _number(MATCHES_RANKED)
    # With an offset it is planned by itself, without the order.
    indexed = posts.where(search_vector.bool_op("@@")(QUERY)).order_by(None)
    every = indexed.offset(_number(0)).subquery("every")
    first = (
        select(every)
        .where(near_count < size, far_count < size)
        .order_by(*_in_order((every.c.published_at, every.c.id), sort))
        .limit(size)
    )
    return union_all(
        select(near).where(near_count >= size), select(far).where(far_count >= size), first
    ).subquery("match")


def _looked_through(
    posts: Select[Any], size: ColumnElement[int], name: str
) -> tuple[CTE, ColumnElement[int]]:
    """The first matches among so many posts, and how many they are."""
    some = posts.limit(size).subquery(f"{name}_post")
    matches = select(some).where(some.c.search_vector.bool_op("@@")(QUERY))
    match = matches.limit(_number(MATCHES_RANKED)).cte(name).prefix_with("MATERIALIZED")
    return match, select(func.count()).select_from(match).scalar_subquery()


def _number(value: int) -> ColumnElement[int]:
    """Written out rather than bound: it is the planner that has to know."""
    return literal_column(str(value), BigInteger)


def _in_order(key: SortKey, sort: PostSort) -> tuple[ColumnElement[Any], ...]:
    return key if sort is PostSort.OLDEST else tuple(part.desc() for part in key)


def _comes_after(key: SortKey, sort: PostSort, place: ColumnElement[Any]) -> ColumnElement[bool]:
    cursor = tuple_(place, bindparam("id", type_=BigInteger))
    return tuple_(*key) > cursor if sort is PostSort.OLDEST else tuple_(*key) < cursor
