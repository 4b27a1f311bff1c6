"""The SQL behind the feed: one page of it costs the same however many posts there are.

Neither the posts of all nor all those of the followed creators are read. Who follows many mostly
finds a page among the latest posts of all. Else one look at each creator, into an index, finds
those whose newest posts are the newest: a page can hold posts of these alone.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    bindparam,
    func,
    literal_column,
    not_,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.sql.selectable import LateralFromClause
from sqlmodel import UTCDateTime, col

from src.auth import service as auth_service
from src.database import Statement
from src.posts import service as posts_service
from src.profiles.models import Profile, ProfileFollow

MANY = 100  # creators
LATEST = 500  # posts of all

_page_size = bindparam("page_size", type_=BigInteger)
_account = auth_service.active_accounts()
_creator = (
    select(col(ProfileFollow.creator_id).label("id"))
    .join(Profile, col(Profile.user_id) == col(ProfileFollow.creator_id))
    .join(_account, _account.c.id == col(ProfileFollow.creator_id))
    .where(
        col(ProfileFollow.follower_id) == bindparam("follower_id", type_=BigInteger),
        col(Profile.is_creator),
    )
    .cte("creator")
)


def feed_page(*, many: int = MANY, latest: int = LATEST) -> Statement:
    """One page of a feed, the newest post first, whoever wrote it.

    Parameters: follower_id, page_size, and the cursor's key (at, id).
    """
    recent = _recent(many, latest).cte("recent")
    is_full = select(func.count()).select_from(recent).scalar_subquery() >= _page_size
    newest = _newest_by(_creator.c.id, _written_out(1))
    leading = _first(select(_creator.c.id).join_from(_creator, newest, true()), newest, _page_size)
    leader = leading.where(not_(is_full)).subquery("leader")
    theirs = _newest_by(leader.c.id, _page_size)
    found = union_all(
        select(recent).where(is_full),
        select(theirs).join_from(leader, theirs, true()),
    ).subquery("found")
    page = _first(select(found), found, _page_size).subquery("page")
    shown = posts_service.summary_of(page.c.id)
    return Statement(
        select(shown)
        .join_from(page, shown, true())
        .order_by(page.c.published_at.desc(), page.c.id.desc())
    )


def _recent(many: int, latest: int) -> Select[Any]:
    """Those of the latest posts of all that belong into a feed of many creators."""
    post = posts_service.published()
    follows_many = select(func.count()).select_from(_creator).scalar_subquery() > many
    of_all = _after_cursor(select(post), post).where(follows_many)
    each = _first(of_all, post, _written_out(latest)).subquery("latest")
    belong = each.c.author_id.in_(select(_creator.c.id))
    return _first(select(each.c.id, each.c.published_at).where(belong), each, _page_size)


def _newest_by(author_id: ColumnElement[int], size: ColumnElement[int]) -> LateralFromClause:
    post = posts_service.published()
    theirs = select(post.c.id, post.c.published_at).where(post.c.author_id == author_id)
    return _first(_after_cursor(theirs, post), post, size).lateral()


def _after_cursor(query: Select[Any], post: FromClause) -> Select[Any]:
    cursor = (bindparam("at", type_=UTCDateTime()), bindparam("id", type_=BigInteger))
    return query.where(tuple_(post.c.published_at, post.c.id) < tuple_(*cursor))


def _first(query: Select[Any], post: FromClause, size: ColumnElement[int]) -> Select[Any]:
    return query.order_by(post.c.published_at.desc(), post.c.id.desc()).limit(size)


def _written_out(number: int) -> ColumnElement[int]:
    """Rather than bound: the planner sees it."""
    return literal_column(str(number), BigInteger)


FEED_PAGE = feed_page()
