"""Pages of threads: what is on them, and where to read on."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter

from src.comments.constants import LEVELS_SHOWN, REPLIES_SHOWN, THREAD_SIZE
from src.comments.schemas import ThreadComment
from src.comments.statements import thread_page
from src.database import Database
from src.pagination import PageParams, decode_cursor, encode_cursor

_thread_comments = TypeAdapter(list[ThreadComment])


async def get_threads(
    database: Database, params: PageParams, *, post_id: int, parent_id: int | None = None
) -> tuple[list[dict[str, Any]], str | None]:
    """The comments of a page under a post or a comment, and where the next page begins.

    Raises:
        InvalidCursor: the cursor belongs to another list.
    """
    values: dict[str, Any] = {
        "post_id": post_id,
        "page_size": params.limit,
        "levels_shown": LEVELS_SHOWN if parent_id is None else LEVELS_SHOWN - 1,
        "replies_shown": REPLIES_SHOWN,
        "thread_size": THREAD_SIZE,
    }
    if parent_id is not None:
        values["parent_id"] = parent_id
    if params.cursor is not None:
        list_name = _list_name(post_id, parent_id)
        (values["after_id"],) = decode_cursor(params.cursor, belongs_to=list_name)
    statement = thread_page(
        under_comment=parent_id is not None, continued=params.cursor is not None
    )
    rows = [dict(row) for row in await database.fetch(statement, **values)]
    beginnings = [row["id"] for row in rows if row["level"] == 0]
    if len(beginnings) <= params.limit:
        return rows, None
    return rows[:-1], _cursor(post_id, parent_id, after_id=beginnings[-2])


def with_more(rows: Sequence[Mapping[str, Any]]) -> list[ThreadComment]:
    """With how many direct replies each comment has besides those that are among `rows`."""
    shown = Counter(row["parent_id"] for row in rows)
    last_shown = {row["parent_id"]: row["id"] for row in rows}
    items = []
    for row in rows:
        id_ = row["id"]
        # A reply may have come between two looks at the database.
        more = max(row["reply_count"] - shown[id_], 0)
        cursor = None
        if more and shown[id_]:
            cursor = _cursor(row["post_id"], id_, after_id=last_shown[id_])
        items.append({**row, "more_replies": more, "more_cursor": cursor})
    return _thread_comments.validate_python(items)


def _list_name(post_id: int, parent_id: int | None) -> str:
    return json.dumps(["comments", post_id, parent_id])


def _cursor(post_id: int, parent_id: int | None, *, after_id: int) -> str:
    return encode_cursor((after_id,), belongs_to=_list_name(post_id, parent_id))
