"""How PostgreSQL finds the pages of lists and of the feed among many rows: by its indexes alone."""

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from src.database import Statement
from src.pagination import NEWEST
from src.profiles.feeds import FEED_PAGE
from src.profiles.statements import CREATORS, PROFILE_BY_USERNAME, follow_page
from tests.clients import RunningApp

Node = dict[str, Any]

PAGE = 21
PLACE = dict(zip(("at", "id"), NEWEST, strict=True))
PER_PROFILE = [  # of a page
    PAGE,  # counts of followers
    PAGE,  # avatars  # [media]
]

# Of 2,000 writers those from 1,000 on are quiet: they have written nothing for a while. The first
# ten have hidden many of their posts. Readers follow 30 quiet ones, or 300 of one kind.
ROWS = """
INSERT INTO user_account
    (username, email, hashed_password, first_name, birth_date, role, is_active)
SELECT name, name || '@example.com', '', '', '2000-01-01', 'member', true FROM (
    SELECT 'writer_' || n AS name FROM generate_series(0, 1999) AS n
    UNION ALL SELECT 'reader_' || n FROM generate_series(0, 102) AS n
) AS named;

INSERT INTO profile (user_id, display_name, bio, is_creator)
SELECT id, '', '', true FROM user_account;

INSERT INTO post (author_id, title, body, status, published_at)
SELECT
    user_account.id,
    '',
    '',
    CASE WHEN n % 20 = 0 THEN 'draft' ELSE 'published' END,
    '2026-01-01'::timestamptz + n * interval '1 second'
FROM generate_series(1, 40000) AS n JOIN user_account ON username = 'writer_' || CASE
    WHEN n % 20 = 0 THEN n / 20 % 10
    WHEN n > 20000 THEN n % 1000
    ELSE n % 2000
END;

INSERT INTO profile_follow (follower_id, creator_id)
SELECT reader.id, writer.id
FROM user_account AS reader, generate_series(1000, 1299) AS n, user_account AS writer
WHERE reader.username LIKE 'reader_%' AND writer.username = 'writer_' || CASE reader.username
    WHEN 'reader_101' THEN n - 300
    WHEN 'reader_102' THEN n
    ELSE CASE WHEN n < 1030 THEN n END
END;

ANALYZE user_account, profile, profile_follow, post;
"""
FEW, MANY_BUSY, MANY_QUIET = "reader_0", "reader_101", "reader_102"


@pytest.fixture(scope="module")
async def connection(running_app: RunningApp) -> AsyncIterator[AsyncConnection]:
    """A transaction with many rows, which is rolled back."""
    async with running_app.state["database"].engine.connect() as connection:
        for statement in ROWS.split(";\n"):
            await connection.exec_driver_sql(statement)
        # As for a statement that has run often, for whatever values.
        await connection.exec_driver_sql("SET LOCAL plan_cache_mode = force_generic_plan")
        yield connection


async def plan_of(connection: AsyncConnection, statement: Statement, **values: object) -> Node:
    """How a statement was run, and how many rows each part of it has read."""
    explain = f"EXPLAIN (ANALYZE, FORMAT JSON) {statement.sql}"
    result = await connection.exec_driver_sql(explain, tuple(statement.arguments(values)))
    found = result.scalar_one()
    plan: Node = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return plan


def nodes(plan: Node) -> Iterator[Node]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def scans(plan: Node, table: str) -> list[Node]:
    return [node for node in nodes(plan) if node.get("Relation Name") == table]


def rows_read(scanned: list[Node]) -> float:
    """Also those that were read in vain."""
    read: list[float] = [
        node["Actual Loops"] * (node["Actual Rows"] + node.get("Rows Removed by Filter", 0))
        for node in scanned
    ]
    return sum(read)


def per_row(plan: Node) -> list[int]:
    """How often each subquery has run that is asked for the rows of a page."""
    asked = [node for node in nodes(plan) if str(node.get("Subplan Name")).startswith("SubPlan")]
    return [node["Actual Loops"] for node in asked]


async def id_of(connection: AsyncConnection, username: str) -> int:
    query = "SELECT id FROM user_account WHERE username = $1"
    found: int = (await connection.exec_driver_sql(query, (username,))).scalar_one()
    return found


LEADING = PAGE * PAGE  # posts of the creators whose newest ones are the newest


@pytest.mark.parametrize(
    ("reader", "follows", "most"),
    [
        (FEW, 30, 30 + LEADING + PAGE),
        (MANY_BUSY, 300, 500 + PAGE),
        (MANY_QUIET, 300, 500 + 300 + LEADING + PAGE),
    ],
)
async def test_a_page_of_the_feed_reads_few_posts_by_their_indexes(
    connection: AsyncConnection, reader: str, follows: int, most: int
) -> None:
    reader_id = await id_of(connection, reader)

    plan = await plan_of(connection, FEED_PAGE, follower_id=reader_id, page_size=PAGE, **PLACE)

    assert plan["Actual Rows"] == PAGE
    for table in ("post", "profile_follow"):
        assert all("Seq" not in node["Node Type"] for node in scans(plan, table))
    assert rows_read(scans(plan, "post")) <= most
    assert rows_read(scans(plan, "profile_follow")) == follows
    assert per_row(plan) == [PAGE, PAGE], "authors and likes, of the page alone"


@pytest.mark.parametrize("shows_followers", [True, False])
async def test_a_page_of_follows_reads_and_counts_its_own_rows_alone(
    connection: AsyncConnection, *, shows_followers: bool
) -> None:
    profile_id = await id_of(connection, "writer_1000" if shows_followers else MANY_QUIET)
    statement = follow_page(shows_followers=shows_followers)

    plan = await plan_of(connection, statement, profile_id=profile_id, page_size=PAGE, **PLACE)

    assert plan["Actual Rows"] == PAGE
    assert per_row(plan) == PER_PROFILE
    index = f"profile_follow_{'creator' if shows_followers else 'follower'}_id_idx"
    (walked,) = [node for node in scans(plan, "profile_follow") if node["Actual Rows"] == PAGE]
    assert walked["Index Name"] == index
    for table in ("profile", "user_account"):
        assert rows_read(scans(plan, table)) == PAGE


async def test_a_page_of_creators_reads_and_counts_its_own_rows_alone(
    connection: AsyncConnection,
) -> None:
    plan = await plan_of(connection, CREATORS, id=PLACE["id"], page_size=PAGE)

    assert plan["Actual Rows"] == PAGE
    for table in ("profile", "user_account"):
        assert rows_read(scans(plan, table)) == PAGE
    assert per_row(plan) == PER_PROFILE


async def test_a_profile_is_found_by_user_name_without_a_look_at_others(
    connection: AsyncConnection,
) -> None:
    plan = await plan_of(connection, PROFILE_BY_USERNAME, username="Writer_7")

    assert plan["Actual Rows"] == 1
    assert rows_read(scans(plan, "user_account")) <= 2
    assert rows_read(scans(plan, "profile")) == 1
