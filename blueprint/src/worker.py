"""Runs jobs and schedules: `python -m src.worker`, or inside the application for local work.

Any number of workers share the queue. One that is stopped finishes what it has begun; what a killed
one had begun is taken over by another after `HEARTBEAT`.
"""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from pgqueuer import PgQueuer
from pgqueuer.models import Job as QueuedJob
from pgqueuer.models import Schedule

from src.auth import mails as auth_mails  # noqa: F401  (jobs register on import)
from src.auth import upkeep as auth_upkeep  # noqa: F401
from src.config import database_settings, refuse_unsafe_start, settings
from src.database import (
    Connection,
    Database,
    DatabaseUnavailable,
    connect,
    is_outage,
    open_database,
)
from src.emails import jobs as emails_jobs  # noqa: F401
from src.jobs import JOBS, SCHEDULES, Handler, Job
from src.logs import configure_logging, start_log_context
from src.media import jobs as media_jobs  # noqa: F401  # [media]
from src.media import upkeep as media_upkeep  # noqa: F401  # [media]
from src.notifications import digest as notifications_digest  # noqa: F401  # [notifications]
from src.notifications import upkeep as notifications_upkeep  # noqa: F401  # [notifications]
from src.services import open_services

logger = logging.getLogger(__name__)

# After this long without a sign of life the job of another worker is taken over.
HEARTBEAT = timedelta(seconds=10)
LOOK_EVERY = timedelta(seconds=10)  # for jobs that no notification has told of
AT_ONCE = 20  # jobs of one worker
BATCH = 10
GRACE = 10.0  # seconds for jobs that have begun, when the worker is to stop
PAUSE = 0.5  # seconds before PostgreSQL is asked again
PAUSE_AFTER_FAULT = 2.0  # seconds, as a fault of ours will still be there


@asynccontextmanager
async def working(database: Database, database_url: str) -> AsyncIterator[None]:
    """A worker beside the block, which finishes what it has begun when the block ends."""
    stop = asyncio.Event()
    worker = asyncio.create_task(work_until(stop, database, database_url))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait({worker}, timeout=GRACE)
        worker.cancel()
        await asyncio.wait({worker})


async def work_until(stop: asyncio.Event, database: Database, database_url: str) -> None:
    """Run jobs until `stop`; whenever PostgreSQL has been away, begin anew."""
    start_log_context()
    is_away = False
    while not stop.is_set():
        pause = PAUSE
        try:
            connection = await connect(database_url, database_settings)
            if is_away:
                logger.info("The worker has its database again")
            is_away = False
            await _work(stop, connection, database)
        except Exception as error:
            if not (isinstance(error, DatabaseUnavailable) or is_outage(error)):
                logger.exception("The worker has failed, and begins anew")
                pause = PAUSE_AFTER_FAULT
            elif not is_away:
                logger.warning("The worker has lost its database: %r", error)
                is_away = True
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)


def queue_on(connection: Connection, database: Database) -> PgQueuer:
    """The queue, with a handler for every job and schedule there is."""
    queue = PgQueuer.from_asyncpg_connection(connection)
    for job in JOBS.values():
        _add_job(queue, job, database)
    for name, (cron, handler) in SCHEDULES.items():
        _add_schedule(queue, name, cron, handler, database)
    return queue


async def _work(stop: asyncio.Event, connection: Connection, database: Database) -> None:
    queue = queue_on(connection, database)
    # By itself the queue would notice at its next look, half a minute later.
    connection.add_termination_listener(lambda _: queue.shutdown.set())
    stopping = asyncio.create_task(_pass_on(stop, queue.shutdown))
    try:
        await queue.run(
            dequeue_timeout=LOOK_EVERY,
            batch_size=BATCH,
            max_concurrent_tasks=AT_ONCE,
            heartbeat_timeout=HEARTBEAT,
            shutdown_on_listener_failure=True,
        )
        if connection.is_closed():
            raise ConnectionResetError("the connection was closed")
    finally:
        stopping.cancel()
        connection.terminate()


async def _pass_on(stop: asyncio.Event, shutdown: asyncio.Event) -> None:
    await stop.wait()
    shutdown.set()


def _add_job(queue: PgQueuer, job: Job, database: Database) -> None:
    # Held when it has failed for good; PgQueuer would delete it.
    @queue.entrypoint(job.name, on_failure="hold")
    async def _(queued: QueuedJob) -> None:
        await job.run(queued, database)


def _add_schedule(
    queue: PgQueuer, name: str, cron: str, handler: Handler, database: Database
) -> None:
    @queue.schedule(name, cron)
    async def _(_: Schedule) -> None:
        start_log_context(schedule=name)
        await handler(database)


async def _main() -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with (
        open_services() as services,
        open_database(services.database_url, database_settings) as database,
        working(database, services.database_url),
    ):
        logger.info("The worker runs; links in e-mails lead to %s", settings.public_url)
        await stop.wait()
        logger.info("The worker stops when what it has begun is done")


if __name__ == "__main__":
    refuse_unsafe_start(settings.environment)
    configure_logging(as_json=not settings.is_local)
    asyncio.run(_main())
