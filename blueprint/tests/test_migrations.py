"""Revisions: there and back again, without drift, and safe when two processes start together."""

import asyncio
import hashlib
import io
import itertools
import re
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment
from pydantic import SecretStr

from src.config import database_settings
from src.database import create_engine
from src.models import metadata
from tests.environment import ROOT, SETTINGS, run_python
from tests.fixtures import ChangeSettings
from tests.servers import MIGRATE, Urls, connected, create_database, drop_database, somebody_waits

_numbers = itertools.count(1)

COLUMNS = """
SELECT table_name, column_name, data_type, is_nullable, column_default, character_maximum_length
FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2
"""
INDEXES = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1"
CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2
"""
# Foreign keys whose columns are not the beginning of any index.
BARE_FOREIGN_KEYS = """
SELECT conname FROM pg_constraint AS foreign_key
WHERE contype = 'f' AND NOT EXISTS (
    SELECT FROM pg_index
    WHERE indrelid = conrelid AND (indkey::int2[])[0:cardinality(conkey) - 1] = conkey
)
"""


def config() -> Config:
    return Config(ROOT / "alembic.ini", stdout=io.StringIO())


@pytest.fixture
async def empty(urls: Urls, change: ChangeSettings) -> AsyncIterator[Urls]:
    """A database without tables, which the settings name."""
    name = f"{urls.database.partition('?')[0].rpartition('/')[2]}_{next(_numbers)}"
    database = await asyncio.to_thread(create_database, urls, name)
    change(database_settings, url=SecretStr(database.database))
    yield database
    await asyncio.to_thread(drop_database, urls, name)


async def schema_of(urls: Urls) -> list[list[asyncpg.Record]]:
    async with connected(urls) as connection:
        return [await connection.fetch(query) for query in (COLUMNS, INDEXES, CONSTRAINTS)]


def ours(rows: list[asyncpg.Record]) -> list[asyncpg.Record]:
    """The rows about our own tables, rather than the queue's and Alembic's."""
    return [row for row in rows if "pgqueuer" not in str(row) and "alembic" not in str(row)]


async def run(function: Any, *arguments: Any) -> None:
    """Run an Alembic command; it has an event loop of its own."""
    await asyncio.to_thread(function, config(), *arguments)


async def test_up_down_and_up_again(empty: Urls) -> None:
    await run(command.upgrade, "head")
    first = await schema_of(empty)
    assert set(metadata.tables) < {row["table_name"] for row in first[0]}

    await run(command.downgrade, "base")
    columns, _, _ = await schema_of(empty)
    assert {row["table_name"] for row in columns} == {"alembic_version"}

    await run(command.upgrade, "head")
    assert await schema_of(empty) == first


async def test_each_revision_undoes_just_itself(empty: Urls) -> None:
    revisions = list(ScriptDirectory.from_config(config()).walk_revisions())[::-1]
    schemas = []
    for revision in revisions:
        await run(command.upgrade, revision.revision)
        schemas.append(await schema_of(empty))

    for schema in schemas[-2::-1]:
        await run(command.downgrade, "-1")
        assert await schema_of(empty) == schema


async def test_the_tables_are_what_the_models_say(empty: Urls) -> None:
    await run(command.upgrade, "head")

    await run(command.check)


async def test_the_tables_are_what_the_models_make(empty: Urls) -> None:
    """Down to the conditions of indexes, which Alembic does not compare."""
    await run(command.upgrade, "head")
    migrated = await schema_of(empty)
    await run(command.downgrade, "base")
    engine = create_engine(empty.database, database_settings)
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    await engine.dispose()

    made = await schema_of(empty)

    assert [ours(rows) for rows in made] == [ours(rows) for rows in migrated]


def test_the_queue_is_what_its_library_wants() -> None:
    script = QueryBuilderEnvironment().build_install_query()
    statements = script[script.index("CREATE") :]  # after its version
    fingerprint = hashlib.sha256(statements.encode()).hexdigest()[:16]

    revisions = ScriptDirectory.from_config(config()).walk_revisions()
    known = (getattr(it.module, "FINGERPRINT", None) for it in revisions)
    assert fingerprint == next(filter(None, known)), (
        "PgQueuer wants other tables: write a revision that runs its `Queries.apply_upgrade()`, "
        f"with FINGERPRINT = {fingerprint!r}"
    )


async def test_upgrading_again_changes_nothing(empty: Urls) -> None:
    await run(command.upgrade, "head")
    first = await schema_of(empty)

    await run(command.upgrade, "head")

    assert await schema_of(empty) == first


async def test_two_processes_that_start_together_both_succeed(empty: Urls) -> None:
    results = await asyncio.gather(
        *(asyncio.to_thread(run_python, MIGRATE, **SETTINGS | empty.variables) for _ in range(2))
    )

    assert [result.returncode for result in results] == [0, 0], results
    columns, _, _ = await schema_of(empty)
    assert set(metadata.tables) < {row["table_name"] for row in columns}


async def test_a_second_process_waits_for_the_first(empty: Urls) -> None:
    async with asyncio.TaskGroup() as group, connected(empty) as first:
        async with first.transaction():
            # The lock of alembic/env.py, as a process that is migrating holds it.
            await first.execute("SELECT pg_advisory_xact_lock(7283190147)")
            second = group.create_task(run(command.upgrade, "head"))
            await somebody_waits(first)
            assert not await first.fetchval("SELECT to_regclass('user_account')")
        await second
        assert await first.fetchval("SELECT to_regclass('user_account')")


async def test_the_sql_can_be_printed_without_a_database(change: ChangeSettings) -> None:
    change(database_settings, url=SecretStr("postgresql://nobody@nowhere.invalid/nothing"))
    output = io.StringIO()

    printing = Config(ROOT / "alembic.ini", output_buffer=output)
    await asyncio.to_thread(command.upgrade, printing, "head", sql=True)

    for table in metadata.tables:
        assert f"CREATE TABLE {table} " in output.getvalue().replace('"', "")


def test_there_is_one_head() -> None:
    script = ScriptDirectory.from_config(config())

    assert len(script.get_heads()) == 1
    assert len(script.get_bases()) == 1


def test_revisions_have_dated_names() -> None:
    for revision in ScriptDirectory.from_config(config()).walk_revisions():
        name = revision.path.rpartition("/")[2]
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}_[a-z0-9]+(_[a-z0-9]+)*\.py", name)


def test_a_new_revision_gets_a_dated_name() -> None:
    template = config().get_main_option("file_template")

    assert template == "%(year)d-%(month).2d-%(day).2d_%(slug)s"


async def test_constraints_have_the_names_of_the_convention(empty: Urls) -> None:
    await run(command.upgrade, "head")

    _, _, constraints = await schema_of(empty)

    kinds = {"p": "pkey", "f": "fkey", "u": "key", "c": "check"}
    for table, name, definition in constraints:
        plain = table.strip('"')
        if table != "alembic_version" and not definition.startswith("NOT NULL"):
            assert re.fullmatch(rf"{plain}_(\w+_)?({'|'.join(kinds.values())})", name), name


async def test_every_foreign_key_has_an_index(empty: Urls) -> None:
    await run(command.upgrade, "head")

    async with connected(empty) as connection:
        assert await connection.fetch(BARE_FOREIGN_KEYS) == []
