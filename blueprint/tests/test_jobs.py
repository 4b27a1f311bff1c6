"""Durable jobs: promised with a request, done at least once, held when they fail for good."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from src import jobs, jobs_report
from src.database import Database, Statement, transaction
from src.jobs import (
    ATTEMPTS,
    JOBS,
    SCHEDULES,
    Job,
    PermanentFailure,
    Work,
    delay_after,
    job,
    schedule,
)
from src.logs import start_log_context
from src.worker import working
from tests.factories import FIRST_MOMENT
from tests.outbox import Outbox
from tests.servers import Urls, connected

QUEUE = Statement(
    text("SELECT id, status::text, attempts, execute_after > now() AS waits, headers FROM pgqueuer")
)
DUE = Statement(
    text(
        "INSERT INTO pgqueuer_schedules (expression, entrypoint, next_run) "
        "VALUES ('0 0 1 1 *', 'tests.tick', now()) RETURNING id"
    )
)
LOG = Statement(text("SELECT status::text, traceback::text FROM pgqueuer_log ORDER BY id"))


@pytest.fixture
def done() -> list[Any]:
    """What the job of a test has noted."""
    return []


@pytest.fixture
def noting(done: list[Any]) -> Iterator[Job]:
    """A job that notes what it was given."""

    @job("tests.note")
    async def note(_: Work, *, what: str) -> None:
        done.append(what)

    yield note
    del JOBS["tests.note"]


@pytest.fixture
def failing(done: list[Any]) -> Iterator[Job]:
    """A job that notes each attempt, and raises what `done` holds first."""

    @job("tests.fail", timeout=0.2)
    async def fail(work: Work, *, error: str) -> None:
        done.append(work)
        if error == "hangs":
            await asyncio.sleep(60)
        raise PermanentFailure("never") if error == "for good" else RuntimeError("not now")

    yield fail
    del JOBS["tests.fail"]


async def enqueue(database: Database, job: Job, **payload: object) -> None:
    async with transaction(database) as session:
        await job.enqueue(session, **payload)


async def attempt(database: Database, outbox: Outbox) -> None:
    """Run the queue until its jobs wait for their next attempt."""
    draining = asyncio.create_task(outbox.run_jobs())
    async with asyncio.timeout(30):
        while not draining.done():
            rows = await database.fetch(QUEUE)
            if rows and all(row["waits"] and row["status"] == "queued" for row in rows):
                break
            await asyncio.sleep(0.02)
    draining.cancel()
    with suppress(asyncio.CancelledError):
        await draining


async def test_a_job_is_run_with_what_it_was_given(
    database: Database, outbox: Outbox, noting: Job, done: list[Any]
) -> None:
    await enqueue(database, noting, what="a letter — ä")
    assert done == []

    await outbox.run_jobs()

    assert done == ["a letter — ä"]
    assert await database.fetch(QUEUE) == []


async def test_a_job_of_a_transaction_that_is_rolled_back_was_never_there(
    database: Database, outbox: Outbox, noting: Job, done: list[Any]
) -> None:
    async with transaction(database) as session:
        await noting.enqueue(session, what="never")
        await session.rollback()

    assert await database.fetch(QUEUE) == []
    await outbox.run_jobs()
    assert done == []


async def test_a_job_is_nobodys_before_the_commit(
    database: Database, outbox: Outbox, noting: Job, done: list[Any]
) -> None:
    async with transaction(database) as session:
        await noting.enqueue(session, what="first in its transaction")
        await outbox.run_jobs()
        assert done == []

    await outbox.run_jobs()
    assert done == ["first in its transaction"]


async def test_what_a_job_does_not_take_is_refused_at_once(database: Database, noting: Job) -> None:
    with pytest.raises(TypeError):
        await enqueue(database, noting, wat="?")

    assert await database.fetch(QUEUE) == []


async def test_a_job_that_fails_is_tried_again_later(
    database: Database, outbox: Outbox, failing: Job, done: list[Work]
) -> None:
    await enqueue(database, failing, error="not now")

    await attempt(database, outbox)

    (row,) = await database.fetch(QUEUE)
    assert (row["status"], row["attempts"], row["waits"]) == ("queued", 1, True)
    assert [work.attempt for work in done] == [1]


async def test_the_last_attempt_is_held_with_its_error(
    database: Database,
    outbox: Outbox,
    failing: Job,
    done: list[Work],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(jobs, "ATTEMPTS", 2)
    monkeypatch.setattr(jobs, "FIRST_DELAY", timedelta(0))
    await enqueue(database, failing, error="not now")

    await outbox.run_jobs()

    (row,) = await database.fetch(QUEUE)
    assert row["status"] == "failed"
    first, second = done
    assert (first.attempt, second.attempt) == (1, 2)
    assert first.key == second.key, "so that it can be seen that it is the same job"
    last = (await database.fetch(LOG))[-1]
    assert last["status"] == "failed"
    assert "RuntimeError" in last["traceback"]


async def test_a_failure_for_good_is_held_at_once(
    database: Database, outbox: Outbox, failing: Job, done: list[Work]
) -> None:
    await enqueue(database, failing, error="for good")

    await outbox.run_jobs()

    (row,) = await database.fetch(QUEUE)
    assert (row["status"], len(done)) == ("failed", 1)


async def test_a_job_that_hangs_is_ended_and_tried_again(
    database: Database, outbox: Outbox, failing: Job
) -> None:
    await enqueue(database, failing, error="hangs")

    async with asyncio.timeout(20):
        await attempt(database, outbox)

    (row,) = await database.fetch(QUEUE)
    assert (row["status"], row["attempts"]) == ("queued", 1)


async def test_a_job_knows_the_request_that_caused_it(
    database: Database,
    outbox: Outbox,
    failing: Job,
    caplog: pytest.LogCaptureFixture,
) -> None:
    start_log_context(request_id="caused-by-this-one")
    await enqueue(database, failing, error="for good")
    start_log_context()

    (row,) = await database.fetch(QUEUE)
    assert "caused-by-this-one" in row["headers"]


async def test_failed_jobs_are_shown_and_begin_again(
    database: Database, outbox: Outbox, failing: Job, done: list[Work], urls: Urls
) -> None:
    await enqueue(database, failing, error="for good")
    await outbox.run_jobs()
    async with connected(urls) as connection:
        shown = await jobs_report.describe(connection)
        (row,) = await database.fetch(QUEUE)

        assert "0 waiting (0 after a failure), 0 running, 1 failed" in shown
        assert "tests.fail: 1 attempt, held" in shown
        assert "never" in shown
        with pytest.raises(SystemExit, match="No job that failed"):
            await jobs_report.retry(connection, [str(row["id"] + 1)])
        await jobs_report.retry(connection, ["all"])
        shown = await jobs_report.describe(connection)
        assert shown == "1 waiting (0 after a failure), 0 running, 0 failed"

    await outbox.run_jobs()
    assert len(done) == 2


async def test_jobs_that_wait_for_their_next_attempt_are_shown_and_can_be_hurried(
    database: Database, outbox: Outbox, failing: Job, urls: Urls
) -> None:
    await enqueue(database, failing, error="not now")
    await attempt(database, outbox)
    async with connected(urls) as connection:
        shown = await jobs_report.describe(connection)
        assert "1 waiting (1 after a failure)" in shown
        assert "RuntimeError: not now" in shown

        (row,) = await database.fetch(QUEUE)
        await jobs_report.retry(connection, [str(row["id"])])

    (row,) = await database.fetch(QUEUE)
    assert not row["waits"]


async def test_a_schedule_that_is_due_is_run_once_by_all_workers(
    database: Database, urls: Urls, done: list[str]
) -> None:
    @schedule("tests.tick", "0 0 1 1 *")
    async def tick(_: Database) -> None:
        done.append("tick")

    await database.fetch(DUE)
    try:
        async with working(database, urls.database), working(database, urls.database):
            async with asyncio.timeout(20):
                while not done:  # noqa: ASYNC110  (somebody else's doing)
                    await asyncio.sleep(0.02)
            await asyncio.sleep(0.2)
    finally:
        del SCHEDULES["tests.tick"]

    assert done == ["tick"]


def test_jobs_have_different_keys(database: Database) -> None:
    keys = {Work(number, FIRST_MOMENT, 1, database).key for number in range(100)}

    assert len(keys) == 100


def test_attempts_are_further_and_further_apart_for_hours() -> None:
    delays = [delay_after(attempt) for attempt in range(1, ATTEMPTS)]

    assert delays[0] == timedelta(seconds=1)
    assert delays == sorted(delays)
    assert timedelta(hours=4) < sum(delays, timedelta()) < timedelta(hours=24)
