"""How PostgreSQL gets at comments: by an index, however many there are."""

import json
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest
from asyncpg.pool import PoolConnectionProxy

from src.comments.constants import LEVELS_SHOWN, REPLIES_SHOWN, THREAD_SIZE
from src.comments.statements import (
    ONE_COMMENT,
    REMOVABLE_COMMENT,
    VISIBLE_COMMENT,
    thread_page,
)
from src.database import Database, Statement
from tests.accounts import Account

Plan = dict[str, Any]

# A crowd: 200 posts with 200 comments each, in threads of ten, and whom they mention. Its rows are
# sound, so that their foreign keys need not be looked up.
CROWD = """
SET session_replication_role = replica;
INSERT INTO user_account (username, email, hashed_password, first_name, birth_date, role, is_active)
SELECT 'crowd_' || n, n || '@crowd.example', '', '', '1990-01-01', 'member', true
FROM generate_series(1, 2000) AS n;
INSERT INTO post (author_id, title, body, status, published_at)
SELECT id, 'Title', repeat('Body ', 100), 'published', now()
FROM user_account ORDER BY id DESC LIMIT 200;
INSERT INTO comment (post_id, depth, reply_count, author_id, body)
SELECT post.id, 0, 9, post.author_id, repeat('word ', 40)
FROM post CROSS JOIN generate_series(1, 20) ORDER BY random();
INSERT INTO comment (post_id, parent_id, depth, reply_count, author_id, body)
SELECT post_id, id, 1, 0, author_id, repeat('word ', 40)
FROM comment CROSS JOIN generate_series(1, 9) ORDER BY random();
INSERT INTO comment_mention (comment_id, user_id) SELECT id, author_id FROM comment;
RESET session_replication_role;
"""
BOUNDS = {
    "page_size": 20,
    "levels_shown": LEVELS_SHOWN,
    "replies_shown": REPLIES_SHOWN,
    "thread_size": THREAD_SIZE,
}
READS: dict[str, tuple[Statement, dict[str, Any]]] = {
    "under a post": (thread_page(under_comment=False, continued=False), BOUNDS),
    "under a post, continued": (
        thread_page(under_comment=False, continued=True),
        {**BOUNDS, "after_id": 1000},
    ),
    "under a comment": (thread_page(under_comment=True, continued=False), BOUNDS),
    "under a comment, continued": (
        thread_page(under_comment=True, continued=True),
        {**BOUNDS, "after_id": 1000},
    ),
    "one comment": (ONE_COMMENT, {}),
    "one comment, for a viewer": (VISIBLE_COMMENT, {"viewer_id": 1}),
    "one comment, to be removed": (REMOVABLE_COMMENT, {"viewer_id": 1}),
}
# What deleting a post, an account or a comment makes PostgreSQL look for.
CASCADES = [
    *("comment WHERE post_id = $1", "comment WHERE author_id = $1"),
    *("comment WHERE remover_id = $1", "comment WHERE post_id = $1 AND parent_id = $1"),
    *("comment_mention WHERE comment_id = $1", "comment_mention WHERE user_id = $1"),
]


@pytest.fixture
async def beginning(author: Account, database: Database) -> dict[str, int]:
    """A comment with replies, in a crowd of 40,000."""
    async with database.reads.acquire() as connection:
        await connection.execute(CROWD)
        await connection.execute("VACUUM ANALYZE user_account, post, comment, comment_mention")
        row = await connection.fetchrow(
            "SELECT id AS comment_id, id AS parent_id, post_id FROM comment WHERE depth = 0 LIMIT 1"
        )
    assert row
    return dict(row)


async def explain(
    connection: "PoolConnectionProxy[asyncpg.Record]", sql: str, *arguments: object
) -> list[Plan]:
    """Every node of the plan that is used for any arguments, rather than for just these."""
    await connection.execute("SET plan_cache_mode = force_generic_plan")
    plan = await connection.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", *arguments)
    await connection.execute("RESET plan_cache_mode")
    return list(nodes(json.loads(plan)[0]["Plan"]))


def nodes(plan: Plan) -> Iterator[Plan]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


async def test_a_read_looks_at_no_more_than_it_shows(
    database: Database, beginning: dict[str, int]
) -> None:
    async with database.reads.acquire() as connection:
        for read, (statement, values) in READS.items():
            named = {
                name: it for name, it in beginning.items() if f":{name}" in str(statement.source)
            }
            arguments = statement.arguments({**named, **values})
            plan = await explain(connection, statement.sql, *arguments)

            found = [node for node in plan if "Index Name" in node]
            assert found, read
            assert not [node for node in plan if node["Node Type"] == "Seq Scan"], read
            looked_at = sum(node["Actual Rows"] * node["Actual Loops"] for node in found)
            assert looked_at < 2000, f"{read}: of 40,000 comments"


async def test_what_a_deletion_takes_along_is_found_by_an_index(
    database: Database, beginning: dict[str, int]
) -> None:
    async with database.reads.acquire() as connection:
        for rows in CASCADES:
            plan = await explain(connection, f"SELECT 1 FROM {rows}", beginning["post_id"])

            assert not [node for node in plan if node["Node Type"] == "Seq Scan"], rows
