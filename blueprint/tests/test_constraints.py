"""What PostgreSQL refuses: which constraint it was, and what that means."""

from collections.abc import AsyncIterator, Callable
from functools import partial

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from src.constraints import InUse, UnknownReference, meaning, unless_in_use
from src.database import Database
from src.exceptions import AppError, Conflict

TABLES = (
    "CREATE TEMP TABLE shelf (id bigint CONSTRAINT shelf_pkey PRIMARY KEY)",
    "CREATE TEMP TABLE book (shelf_id bigint CONSTRAINT book_shelf_id_fkey REFERENCES shelf)",
    "INSERT INTO shelf VALUES (1), (2)",
    "INSERT INTO book VALUES (1)",
)
ERRORS: dict[str, Callable[[], AppError]] = {
    "shelf_pkey": Conflict,
    "book_shelf_id_fkey": partial(UnknownReference, "shelf_id"),
}


@pytest.fixture
async def connection(database: Database) -> AsyncIterator[AsyncConnection]:
    """Shelves and books that are gone afterwards."""
    async with database.engine.connect() as connection:
        for statement in TABLES:
            await connection.execute(text(statement))
        yield connection


async def test_a_constraint_has_a_meaning_by_its_name(connection: AsyncConnection) -> None:
    with pytest.raises(Conflict), meaning(ERRORS):
        await connection.execute(text("INSERT INTO shelf VALUES (1)"))


async def test_a_reference_to_nothing_names_its_field(connection: AsyncConnection) -> None:
    with pytest.raises(UnknownReference) as raised, meaning(ERRORS):
        await connection.execute(text("INSERT INTO book VALUES (3)"))

    assert [fault.pointer for fault in raised.value.errors] == ["/body/shelf_id"]


async def test_a_constraint_without_a_meaning_is_an_error(connection: AsyncConnection) -> None:
    with pytest.raises(IntegrityError), meaning({}):
        await connection.execute(text("INSERT INTO shelf VALUES (1)"))


async def test_what_is_needed_is_not_deleted(connection: AsyncConnection) -> None:
    with unless_in_use():
        await connection.execute(text("DELETE FROM shelf WHERE id = 2"))
    with pytest.raises(InUse), unless_in_use():
        await connection.execute(text("DELETE FROM shelf WHERE id = 1"))
