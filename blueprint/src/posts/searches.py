"""Searching posts: a page costs about the same, however many posts there are and match.

Posts are looked through by date, some thousands at a time: any word that is not rare is found
often enough among these. For what is not, the index is asked, if it has little to name: each post
that it names is read. This is not left to the planner, which knows of no order in the index, and
would read all posts that have a common word, or go through all posts for a rare one.

What is neither found nearby nor rare, a phrase of common words, say, gives a page that is short or
empty, with a cursor that leads on from where was looked last: following it finds all there is.

By relevance the matches of such a stretch are ranked, and those of the next one come after them.
A stretch is looked for anew on each page: a post that is published or deleted meanwhile shifts its
end, so a match there may come again, or be passed over if it would have stood further up.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import asyncpg
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
    not_,
    select,
    text,
)

from src.database import Database, Statement
from src.pagination import NEWEST, Key, encode_cursor, start_of
from src.posts.constants import (
    MATCHES_ENOUGH,
    MATCHES_RANKED,
    POSTS_LOOKED_THROUGH,
    POSTS_NAMED_BY_INDEX,
    SEARCH_CONFIGURATION,
    PostSort,
)
from src.posts.models import search_vector
from src.posts.schemas import PostFilters
from src.posts.statements import BY_DATE, ends_of, in_order, lies_after, order_of

QUERY = func.websearch_to_tsquery(SEARCH_CONFIGURATION, bindparam("search", type_=String))
COLUMNS: tuple[Any, ...] = (*BY_DATE, search_vector)
BEFORE_THE_BEST = (math.inf, NEWEST[-1])  # a rank and an id

# How many posts the index would name, as the planner expects. It takes a phrase for its words.
ESTIMATE = Statement(
    text(
        "EXPLAIN (FORMAT JSON) SELECT FROM post WHERE "
        "search_vector @@ websearch_to_tsquery(CAST(:configuration AS regconfig), :search)"
    ).bindparams(
        bindparam("configuration", SEARCH_CONFIGURATION, type_=String),
        bindparam("search", type_=String),
    )
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The matches among the next posts by date, in that order, and where the posts after begin."""

    matches: Sequence[asyncpg.Record]
    end: Key | None  # (at, id), or None where there are no more posts


async def page_of_matches(
    database: Database, filters: PostFilters, sort: PostSort, *, belongs_to: str
) -> tuple[list[int], str | None]:
    """The ids of a page's posts in their order, and the cursor of the next page.

    Raises:
        InvalidCursor: the cursor belongs to another list.
    """
    if sort is PostSort.RELEVANCE:
        return await _best(database, filters, belongs_to)
    start = start_of(filters, belongs_to=belongs_to, first=ends_of(sort)[0])
    stretch = await _stretch_after(start, database, filters, sort, most=filters.limit)
    cursor = encode_cursor(stretch.end, belongs_to=belongs_to) if stretch.end else None
    return [match["id"] for match in stretch.matches], cursor


async def _best(
    database: Database, filters: PostFilters, belongs_to: str
) -> tuple[list[int], str | None]:
    """By relevance: a cursor holds where the stretch begins, and the place among its matches."""
    first = (*NEWEST, *BEFORE_THE_BEST)
    at, id_, *place = start_of(filters, belongs_to=belongs_to, first=first)
    start = (at, id_)
    stretch = await _stretch_after(
        start, database, filters, PostSort.RELEVANCE, most=MATCHES_RANKED
    )
    places = sorted(((match["rank"], match["id"]) for match in stretch.matches), reverse=True)
    rest = [it for it in places if it < tuple(place)]
    page = rest[: filters.limit]
    if len(rest) > len(page):
        following: Key | None = (*start, *page[-1])
    else:
        following = (*stretch.end, *BEFORE_THE_BEST) if stretch.end else None
    cursor = encode_cursor(following, belongs_to=belongs_to) if following else None
    return [id_ for _, id_ in page], cursor


async def _stretch_after(
    start: Key, database: Database, filters: PostFilters, sort: PostSort, *, most: int
) -> Stretch:
    """What follows a key: so many matches at the most."""
    order = {"sort": sort, "by_author": filters.author is not None}
    values: dict[str, Any] = {"at": start[0], "id": start[1]}
    if filters.author:
        values["author"] = filters.author
    found = {**values, "search": filters.search, "most": most + 1}
    last = await database.fetch_one(last_looked_at(**order), **values)
    end = tuple(last) if last else None
    until = dict(zip(("end_at", "end_id"), end or ends_of(sort)[1], strict=True))
    matches = await database.fetch(matches_nearby(**order), **found, **until)
    enough = min(most, MATCHES_ENOUGH)
    if end and len(matches) < enough and await _are_few(database, filters.search):
        matches = await database.fetch(matches_in_index(**order), **found)
        end = None
    if len(matches) > most:
        matches = matches[:most]
        end = (matches[-1]["published_at"], matches[-1]["id"])
    return Stretch(matches, end)


async def _are_few(database: Database, search: str | None) -> bool:
    """Whether the index has so little to name that it may be asked for all."""
    ((explained,),) = await database.fetch(ESTIMATE, search=search)
    (root,) = json.loads(explained)
    return bool(root["Plan"]["Plan Rows"] <= POSTS_NAMED_BY_INDEX)


@cache
def last_looked_at(*, sort: PostSort, by_author: bool) -> Statement:
    """The key of the last post to look at. Parameters: at and id to begin after; author."""
    posts = in_order(select(*BY_DATE), sort, by_author=by_author)
    return Statement(posts.offset(_number(POSTS_LOOKED_THROUGH - 1)).limit(_number(1)))


@cache
def matches_nearby(*, sort: PostSort, by_author: bool) -> Statement:
    """The next matches, with their rank: none after end_at and end_id, and so many as `most`."""
    posts = in_order(select(*COLUMNS), sort, by_author=by_author)
    posts = posts.where(not_(lies_after("end_at", "end_id", sort)))
    # Keys end it, so that others who write meanwhile do not shift it; this tells the planner.
    some = posts.limit(_number(2 * POSTS_LOOKED_THROUGH)).subquery("some")
    return _first(select(some).where(some.c.search_vector.bool_op("@@")(QUERY)), sort)


@cache
def matches_in_index(*, sort: PostSort, by_author: bool) -> Statement:
    """The next matches, with their rank, wherever they are: so many as `most`."""
    posts = in_order(select(*COLUMNS), sort, by_author=by_author).order_by(None)
    # With an offset it is planned by itself, without the order.
    every = posts.where(search_vector.bool_op("@@")(QUERY)).offset(_number(0)).subquery("every")
    return _first(select(every), sort)


def _first(matches: Select[Any], sort: PostSort) -> Statement:
    match = matches.subquery("match")
    columns = [match.c.published_at, match.c.id]
    first = select(*columns).order_by(*order_of(tuple(columns), sort))
    if sort is PostSort.RELEVANCE:
        rank = cast(func.ts_rank_cd(match.c.search_vector, QUERY), Float(53))
        first = first.add_columns(label("rank", rank))
    return Statement(first.limit(bindparam("most", type_=BigInteger)))


def _number(value: int) -> ColumnElement[int]:
    """Written out rather than bound: it is the planner that has to know."""
    return literal_column(str(value), BigInteger)
