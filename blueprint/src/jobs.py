"""Durable jobs: work that is promised in a request's transaction and done after it.

A job lies in the application's own PostgreSQL (PgQueuer). Enqueued through a request's session it
commits or vanishes with the request; a process that dies in the middle of it leaves it to another.
So a job runs *at least* once: it has to come to the same end when it runs again, for which
`Work.key` helps.

A domain turns a function into a job with `@job`, and enqueues it where its service writes:

    @job("tags.announce")
    async def announce(work: Work, *, tag_id: int) -> None: ...

    await announce.enqueue(session, tag_id=tag.id)
"""

import asyncio
import hashlib
import inspect
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.domain.settings import db_settings
from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job as QueuedJob
from pgqueuer.ports.driver import Driver
from pydantic_core import from_json, to_json
from sqlmodel.ext.asyncio.session import AsyncSession

from src.database import Database, transaction
from src.logs import current_request_id, start_log_context

logger = logging.getLogger(__name__)

KEPT = timedelta(days=7)  # what is known of jobs that are done
HELD = timedelta(days=30)  # jobs that have failed
TIMEOUT = 30.0  # seconds for one attempt
ATTEMPTS = 20
FIRST_DELAY, LONGEST_DELAY = timedelta(seconds=1), timedelta(minutes=30)  # 20: five hours

names = db_settings().qualified

FORGET_FAILED = f"""
DELETE FROM {names.queue_table} WHERE status = 'failed' AND created < now() - $1::interval
"""  # noqa: S608  (names of our own)
# What is said of a job that is still there is kept with it.
FORGET_LOG = f"""
DELETE FROM {names.queue_table_log} AS log WHERE created < now() - $1::interval
AND NOT EXISTS (SELECT FROM {names.queue_table} AS job WHERE job.id = log.job_id)
"""  # noqa: S608
FORGET_STATISTICS = f"""
DELETE FROM {names.statistics_table} WHERE created < now() - $1::interval
"""  # noqa: S608

Handler = Callable[..., Awaitable[None]]


class PermanentFailure(Exception):
    """Raised by a job that no further attempt can help. It is held for somebody to look at."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a running job knows of itself."""

    id: int
    created_at: datetime  # the same in each attempt
    attempt: int  # 1 for the first
    database: Database

    @property
    def key(self) -> str:
        """32 hexadecimal digits: the same in each attempt of this job, and of no other job."""
        told_apart = f"{self.id} {self.created_at.isoformat()}"
        return hashlib.sha256(told_apart.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Job:
    """A function that a worker calls, with what was enqueued for it."""

    name: str
    handler: Handler
    timeout: float  # seconds for one attempt

    async def enqueue(self, session: AsyncSession, **payload: object) -> None:
        """Promise the work in the session's transaction; `payload` is the handler's, as JSON.

        Raises:
            TypeError: the handler does not take these.
        """
        inspect.signature(self.handler).bind(None, **payload)
        headers = {"request_id": request_id} if (request_id := current_request_id()) else {}
        queries = Queries(_InTransaction(session))  # type: ignore[abstract]
        await queries.enqueue(self.name, to_json(payload), headers=headers)

    async def run(self, queued: QueuedJob, database: Database) -> None:
        """One attempt.

        Raises:
            RetryRequested: it failed, and the queue is to try again later.
            Exception: it failed for good.
        """
        attempt = queued.attempts + 1
        start_log_context(**{**(queued.headers or {}), "job": self.name, "job_id": queued.id})
        work = Work(queued.id, queued.created, attempt, database)
        try:
            async with asyncio.timeout(self.timeout):
                await self.handler(work, **from_json(queued.payload or b"{}"))
            logger.info("Done in attempt %d", attempt)
        except PermanentFailure as error:
            logger.error("Held, as no attempt can help: %s", error)  # noqa: TRY400
            raise
        except (Exception, asyncio.CancelledError) as error:
            # PgQueuer would delete what is cancelled; another worker shall have it at once.
            if is_stopping(error):
                raise RetryRequested(timedelta(0), reason="the worker was stopped") from error
            reason = f"{type(error).__name__}: {error}"
            if attempt >= ATTEMPTS:
                logger.exception("Held after %d attempts", attempt)
                raise PermanentFailure(reason) from error
            # Not all in the same second, when what they need is back.
            delay = delay_after(attempt) * random.uniform(1, 1.25)  # noqa: S311
            seconds = delay.total_seconds()
            logger.warning("Attempt %d failed, next in %.0f s: %s", attempt, seconds, reason)
            raise RetryRequested(delay, reason=reason) from error


# By name; a worker has to import the modules that they stand in.
JOBS: dict[str, Job] = {}
SCHEDULES: dict[str, tuple[str, Handler]] = {}


def job(name: str, *, timeout: float = TIMEOUT) -> Callable[[Handler], Job]:
    """Make a job of `async def handler(work: Work, *, …)`; its module has to be imported by then.

    The name is what lies in the queue: a job that is renamed no longer finds its handler.
    """

    def register(handler: Handler) -> Job:
        assert name not in JOBS, name  # noqa: S101  (a slip of the programmer's)
        JOBS[name] = Job(name, handler, timeout)
        return JOBS[name]

    return register


def schedule(name: str, cron: str) -> Callable[[Handler], Handler]:
    """Call `async def handler(database: Database)` by the clock, in one process of all.

    `cron` has five fields, in UTC: `"15 3 * * *"` is every night at a quarter past three.
    """

    def register(handler: Handler) -> Handler:
        assert name not in SCHEDULES, name  # noqa: S101
        SCHEDULES[name] = cron, handler
        return handler

    return register


def is_stopping(error: BaseException) -> bool:
    """Whether it is the worker's end that has cancelled the running job, and not its own doing."""
    task = asyncio.current_task()
    return isinstance(error, asyncio.CancelledError) and bool(task and task.cancelling())


def delay_after(attempt: int) -> timedelta:
    """How long to wait after a failed attempt: twice as long each time, up to half an hour."""
    return min(FIRST_DELAY * 2.0 ** (attempt - 1), LONGEST_DELAY)


@schedule("jobs.forget_done", "20 3 * * *")
async def forget_done(database: Database) -> None:
    """Forget the log of jobs that were done a while ago; much later, those that have failed too."""
    async with transaction(database) as session:
        connection = await session.connection()
        await connection.exec_driver_sql(FORGET_FAILED, (HELD,))
        await connection.exec_driver_sql(FORGET_LOG, (KEPT,))
        await connection.exec_driver_sql(FORGET_STATISTICS, (KEPT,))


class _InTransaction(Driver):
    """PgQueuer's way to the database, inside a session's transaction.

    Its own driver would take the raw connection, on which SQLAlchemy begins the transaction only
    with its first statement.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def fetch(self, query: str, *args: object) -> list[dict[str, Any]]:
        connection = await self._session.connection()
        result = await connection.exec_driver_sql(query, args)
        return [dict(row) for row in result.mappings()]
