"""A worker that is stopped while a job takes longer than it may, or that meets an error."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Iterator

import asyncpg
import httpx2
import pytest
from sqlalchemy import text

from src import jobs, worker
from src.database import Connection, Database, Statement, transaction
from src.emails.mailbox import find_letters
from src.jobs import JOBS, Job, Work, job
from src.worker import working
from tests.factories import registration
from tests.outbox import Outbox
from tests.servers import Urls
from tests.test_worker import WORK, WORK_WITHOUT_SENDING, process, until_picked, until_there

STATES = Statement(text("SELECT status::text FROM pgqueuer"))
LOGGED = Statement(text("SELECT status::text FROM pgqueuer_log"))
IMPATIENT = WORK_WITHOUT_SENDING.replace("async def", "worker.GRACE = 0.3\nasync def", 1)


class Slow:
    """A job that takes for ever at its first attempt, and no time at its second."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.done = asyncio.Event()

    async def __call__(self, work: Work) -> None:
        self.begun.set()
        if work.attempt == 1:
            await asyncio.sleep(3600)
        self.done.set()


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
async def promised(database: Database, slow: Slow) -> AsyncIterator[Job]:
    """The slow job, in the queue."""

    @job("tests.slow")
    async def run(work: Work) -> None:
        await slow(work)

    async with transaction(database) as session:
        await run.enqueue(session)
    yield run
    del JOBS["tests.slow"]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "GRACE", 0.2)


async def statuses(database: Database) -> list[str]:
    return [row["status"] for row in await database.fetch(STATES)]


@pytest.mark.usefixtures("impatient", "promised")
@pytest.mark.parametrize("attempts", [jobs.ATTEMPTS, 1])
async def test_a_job_that_a_stopped_worker_cannot_finish_is_left_to_another(
    database: Database, urls: Urls, slow: Slow, monkeypatch: pytest.MonkeyPatch, attempts: int
) -> None:
    monkeypatch.setattr(jobs, "ATTEMPTS", attempts)  # to be stopped is no failure
    async with asyncio.timeout(30):
        async with working(database, urls.database):
            await slow.begun.wait()

        assert await statuses(database) == ["queued"]
        assert "canceled" not in [row["status"] for row in await database.fetch(LOGGED)]
        assert not slow.done.is_set()

        async with working(database, urls.database):
            await slow.done.wait()
    assert await statuses(database) == []


async def test_a_process_that_is_told_to_stop_leaves_what_it_cannot_finish_to_another(
    client: httpx2.AsyncClient, database: Database, urls: Urls, outbox: Outbox
) -> None:
    body = registration()
    await client.post("/auth/register", json=body)

    async with process(urls, IMPATIENT) as stopped:
        await until_picked(database)
        stopped.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(stopped.wait(), 30) == 0
    assert await statuses(database) == ["queued"]
    assert await find_letters() == []
    async with process(urls, WORK):
        await until_there(body["email"])

    assert len(await outbox.letters(body["email"])) == 1


@pytest.fixture(
    params=[RuntimeError("a slip"), asyncpg.UndefinedTableError("no such table")],
    ids=["slip", "wrong statement"],
)
def error(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Exception]:
    """What happens when the worker opens its queue for the first time."""
    error: Exception = request.param
    ready, errors = worker.queue_on, [error]

    def queue_on(connection: Connection, database: Database) -> object:
        if errors:
            raise errors.pop()
        return ready(connection, database)

    monkeypatch.setattr(worker, "queue_on", queue_on)
    yield error
    assert errors == [], "it was met"


@pytest.mark.usefixtures("promised")
async def test_a_worker_that_meets_an_error_shows_where_and_goes_on(
    database: Database,
    urls: Urls,
    slow: Slow,
    error: Exception,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worker, "PAUSE", 0.05)
    monkeypatch.setattr(worker, "GRACE", 0.2)
    with caplog.at_level(logging.WARNING, logger="src.worker"):
        async with asyncio.timeout(30), working(database, urls.database):
            await slow.begun.wait()

    (record,) = [record for record in caplog.records if record.name == "src.worker"]
    assert record.levelno == logging.ERROR
    assert record.exc_info
    assert record.exc_info[1] is error
    assert "queue_on" in caplog.text, "the traceback says where"
