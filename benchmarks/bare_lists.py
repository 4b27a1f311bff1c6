"""Lists by the least that could answer: the blueprint's SQL, and what its rows need to be JSON."""

from collections import Counter
from typing import Any

from pydantic_core import to_json
from src.auth.tokens import Claims
from src.comments.constants import LEVELS_SHOWN, REPLIES_SHOWN, THREAD_SIZE
from src.comments.statements import thread_page
from src.database import Database, Statement
from src.notifications import snapshots
from src.notifications.statements import GROUP_PAGE, SNAPSHOT
from src.pagination import NEWEST, PAGE_SIZE, encode_cursor
from src.posts.constants import PostSort
from src.posts.statements import post_page
from src.profiles.feeds import FEED_PAGE

POSTS = post_page(sort=PostSort.NEWEST, by_author=False)
THREADS = thread_page(under_comment=False, continued=False)


async def get_posts(database: Database) -> bytes:
    at, id_ = NEWEST
    rows = await _fetch(database, POSTS, page_size=PAGE_SIZE + 1, at=at, id=id_)
    return _page_of_posts(rows, belongs_to='["posts", "newest", null, null]')


async def get_feed(database: Database, claims: Claims) -> bytes:
    at, id_ = NEWEST
    rows = await _fetch(
        database, FEED_PAGE, follower_id=claims.user_id, page_size=PAGE_SIZE + 1, at=at, id=id_
    )
    return _page_of_posts(rows, belongs_to=f'["feed", {claims.user_id}]')


async def get_comments(database: Database, post_id: int) -> bytes:
    """A thread that is not longer than a page."""
    rows = await _fetch(
        database,
        THREADS,
        post_id=post_id,
        page_size=PAGE_SIZE,
        levels_shown=LEVELS_SHOWN,
        replies_shown=REPLIES_SHOWN,
        thread_size=THREAD_SIZE,
    )
    shown = Counter(row["parent_id"] for row in rows)
    items = []
    for row in rows:
        item = dict(row)
        del item["level"], item["comment_count"]
        more = item["reply_count"] - shown[item["id"]]
        items.append({**item, "more_replies": more, "more_cursor": None})
    count = rows[0]["comment_count"]
    return to_json({"items": items, "next_cursor": None, "comment_count": count})


async def get_notifications(database: Database, claims: Claims) -> bytes:
    ((as_of,),) = await _fetch(database, SNAPSHOT)
    _, id_ = NEWEST
    rows = await _fetch(
        database, GROUP_PAGE, of_user=claims.user_id, page_size=PAGE_SIZE + 1, id=id_
    )
    items = []
    for row in rows[:PAGE_SIZE]:
        item = dict(row)
        item["group"] = f"{item['kind']}.{item.pop('subject_id')}"
        last_id = item.pop("id")
        items.append(item)
    cursor = encode_cursor((last_id,), belongs_to=f'["notifications", {claims.user_id}]')
    as_of = snapshots.encode_snapshot(as_of, user_id=claims.user_id)
    return to_json({"items": items, "next_cursor": cursor, "as_of": as_of})


def _page_of_posts(rows: list[Any], *, belongs_to: str) -> bytes:
    last = rows[PAGE_SIZE - 1]
    cursor = encode_cursor((last["published_at"], last["id"]), belongs_to=belongs_to)
    return to_json({"items": [dict(row) for row in rows[:PAGE_SIZE]], "next_cursor": cursor})


async def _fetch(database: Database, statement: Statement, **values: object) -> list[Any]:
    rows: list[Any] = await database.reads.fetch(statement.sql, *statement.arguments(values))
    return rows
