"""Believable comments, as rows, and whole threads of them."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from src.comments.models import Comment
from src.database import Database
from src.posts.models import Post
from tests.factories import FAKER

NEW_IDS = "SELECT nextval('comment_id_seq') AS id FROM generate_series(1, $1)"
COLUMNS = ("id", "post_id", "parent_id", "depth", "reply_count", "author_id", "body")


def comment_row(post_id: object, author_id: int | None, **fields: Any) -> Comment:
    """A comment; one with a `parent` is a reply to that."""
    if parent := fields.pop("parent", None):
        fields = {"parent_id": parent.id, "depth": parent.depth + 1, **fields}
    known = {"post_id": post_id, "author_id": author_id, "body": FAKER.sentence()}
    return Comment(**{**known, **fields})


async def insert_thread(database: Database, post: Post, parents: Sequence[int | None]) -> list[int]:
    """Comments by the post's author; `parents` has for each the number of what it replies to."""
    reply_counts, depths = Counter(parents), dict[int | None, int]({None: -1})
    async with database.reads.acquire() as connection:
        ids = [row["id"] for row in await connection.fetch(NEW_IDS, len(parents))]
        rows = []
        for number, parent in enumerate(parents):
            depths[number] = depths[parent] + 1
            parent_id = None if parent is None else ids[parent]
            place = (ids[number], post.id, parent_id, depths[number], reply_counts[number])
            rows.append((*place, post.author_id, f"Comment {number}"))
        await connection.copy_records_to_table("comment", records=rows, columns=COLUMNS)
    return ids
