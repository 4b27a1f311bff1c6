"""Failed jobs are held with their error for a month; what is forgotten goes in small steps."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event, text

from src import jobs_report
from src.auth import upkeep
from src.auth.constants import TicketPurpose
from src.auth.models import EmailChange, Ticket, User
from src.database import Database, Statement, transaction
from src.jobs import JOBS, Job, PermanentFailure, Work, forget_done, job
from src.models import utc_now
from tests.attacks.traces import stored_rows
from tests.factories import insert, user_row
from tests.outbox import Outbox
from tests.servers import Urls, connected

QUEUE = Statement(text("SELECT status::text FROM pgqueuer"))
LOG = Statement(text("SELECT status::text FROM pgqueuer_log"))
LONG_AGO = utc_now() - timedelta(days=30)


@pytest.fixture
def failing() -> Iterator[Job]:
    @job("tests.fail_for_good")
    async def fail(_: Work) -> None:
        raise PermanentFailure("the reason why")

    yield fail
    del JOBS["tests.fail_for_good"]


@pytest.fixture
async def held(database: Database, outbox: Outbox, failing: Job) -> None:
    """A job that has failed."""
    async with transaction(database) as session:
        await failing.enqueue(session)
    await outbox.run_jobs()


async def let_pass(database: Database, days: int) -> None:
    """The queue as it is some days later."""
    async with database.engine.begin() as connection:
        for table in ("pgqueuer", "pgqueuer_log"):
            older = f"UPDATE {table} SET created = created - interval '{days} days'"
            await connection.execute(text(older))


@pytest.mark.usefixtures("held")
@pytest.mark.parametrize("days", [8, 29])
async def test_why_a_job_has_failed_is_known_as_long_as_it_is_held(
    database: Database, urls: Urls, days: int
) -> None:
    await let_pass(database, days)

    await forget_done(database)

    async with connected(urls) as connection:
        shown = await jobs_report.describe(connection)
    assert "1 failed" in shown
    assert "the reason why" in shown


@pytest.mark.usefixtures("held")
async def test_a_failed_job_is_forgotten_after_a_month_with_its_log(database: Database) -> None:
    await let_pass(database, 31)

    await forget_done(database)

    assert await database.fetch(QUEUE) == []
    assert await database.fetch(LOG) == []


async def test_a_job_that_waits_is_never_forgotten(database: Database, failing: Job) -> None:
    async with transaction(database) as session:
        await failing.enqueue(session)
    await let_pass(database, 31)

    await forget_done(database)

    assert [row["status"] for row in await database.fetch(QUEUE)] == ["queued"]


@pytest.fixture
def deleted(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many rows each statement has deleted, of two at most."""
    monkeypatch.setattr(upkeep, "BATCH", 2)
    counts: list[int] = []

    def note(_: object, cursor: Any, statement: str, *_rest: object) -> None:
        if statement.startswith("DELETE"):
            counts.append(cursor.rowcount)

    event.listen(database.engine.sync_engine, "after_cursor_execute", note)
    yield counts
    event.remove(database.engine.sync_engine, "after_cursor_execute", note)


def ticket(user: User) -> Ticket:
    return Ticket(
        id=uuid4(),
        user_id=user.id,
        purpose=TicketPurpose.RESET_PASSWORD,
        email=user.email,
        expires_at=LONG_AGO,
    )


def email_change(user: User) -> EmailChange:
    return EmailChange(
        id=uuid4(), user_id=user.id, new_email="moved@example.com", expires_at=LONG_AGO
    )


async def test_what_has_expired_is_deleted_in_batches_until_nothing_is_left(
    database: Database, deleted: list[int]
) -> None:
    users = [user_row() for _ in range(5)]
    never_verified = [user_row(email_verified_at=None, created_at=LONG_AGO) for _ in range(5)]
    await insert(database, *users, *never_verified)
    await insert(database, *map(ticket, users), *map(email_change, users))

    await upkeep.forget_expired(database)

    rows = await stored_rows(database)
    assert rows["user_ticket"] == rows["user_email_change"] == []
    assert {row["id"] for row in rows["user_account"]} == {user.id for user in users}
    assert deleted == [2, 2, 1] * 3


@pytest.mark.parametrize("number", [0, 1, 2, 4])
async def test_any_number_of_rows_comes_to_an_end(
    database: Database, deleted: list[int], number: int
) -> None:
    user = user_row()
    await insert(database, user)
    await insert(database, *(ticket(user) for _ in range(number)))

    await upkeep.forget_expired(database)

    assert (await stored_rows(database))["user_ticket"] == []
    assert sum(deleted) == number
