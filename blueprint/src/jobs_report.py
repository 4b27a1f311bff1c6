"""Shows the jobs that wait and those that have failed: `make jobs`.

`make jobs RETRY=all`, or with ids, lets them begin again at once.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence

import asyncpg
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.types import JobId

import src.worker  # noqa: F401  (all settings are checked, as for the worker itself)
from src.config import database_settings
from src.database import Connection, DatabaseUnavailable, connect
from src.jobs import names
from src.services import using_services

SHOWN = 50
SIZES = f"SELECT status::text, count(*) FROM {names.queue_table} GROUP BY 1"  # noqa: S608
# Jobs that have failed, for good or so far, with the error of the last attempt.
TROUBLED = f"""
SELECT id, entrypoint, attempts, status = 'failed' AS is_held, execute_after, error
FROM {names.queue_table} AS job LEFT JOIN LATERAL (
    SELECT traceback ->> 'exception_message' AS error FROM {names.queue_table_log}
    WHERE job_id = job.id AND traceback IS NOT NULL ORDER BY id DESC LIMIT 1
) AS log ON true
WHERE status = 'failed' OR (status = 'queued' AND attempts > 0)
ORDER BY is_held DESC, id
"""  # noqa: S608  (names of our own)
HURRY = f"""
UPDATE {names.queue_table} SET execute_after = now() WHERE status = 'queued' AND id = ANY($1)
"""  # noqa: S608


def main() -> str:
    """What there is to say.

    Raises:
        SystemExit: the command or an id is wrong.
    """
    parser = argparse.ArgumentParser(description=__doc__, prog="make jobs")
    parser.add_argument("--retry", nargs="+", metavar="ID", default=[], help="ids, or all")
    wanted = parser.parse_args().retry
    if wanted != ["all"] and not all(map(str.isdecimal, wanted)):
        parser.error("RETRY takes ids, or all")
    with using_services() as services:
        return asyncio.run(_run(services.database_url, wanted))


async def _run(database_url: str, wanted: Sequence[str]) -> str:
    connection = await connect(database_url, database_settings)
    try:
        if wanted:
            await retry(connection, wanted)
        return await describe(connection)
    finally:
        await connection.close()


async def retry(connection: Connection, wanted: Sequence[str]) -> None:
    """Let troubled jobs begin again, by their ids or `all`.

    Raises:
        SystemExit: one of the ids is not a troubled job's.
    """
    there = [row["id"] for row in await connection.fetch(TROUBLED)]
    if unknown := [it for it in wanted if it != "all" and int(it) not in there]:
        sys.exit(f"No job that failed has the id {', '.join(unknown)}.")
    chosen = [JobId(it) for it in there if "all" in wanted or str(it) in wanted]
    await Queries(AsyncpgDriver(connection)).requeue_jobs(chosen)
    await connection.execute(HURRY, chosen)


async def describe(connection: Connection) -> str:
    """What is in the queue, for people."""
    sizes = {row["status"]: row["count"] for row in await connection.fetch(SIZES)}
    waiting, running, failed = (sizes.get(it, 0) for it in ("queued", "picked", "failed"))
    troubled = await connection.fetch(TROUBLED)
    retried = sum(not row["is_held"] for row in troubled)
    summary = f"{waiting} waiting ({retried} after a failure), {running} running, {failed} failed"
    if not troubled:
        return summary
    lines = [_line(row) for row in troubled[:SHOWN]]
    more = [f"… and {len(troubled) - SHOWN} more"] if len(troubled) > SHOWN else []
    return "\n".join([summary, "", *lines, *more, "", "Try one again: make jobs RETRY=ID (or all)"])


def _line(row: "asyncpg.Record") -> str:
    attempts = row["attempts"] + bool(row["is_held"])
    state = "held" if row["is_held"] else f"next at {row['execute_after']:%H:%M:%S} UTC"
    times = "1 attempt" if attempts == 1 else f"{attempts} attempts"
    return f"{row['id']:>8}  {row['entrypoint']}: {times}, {state}\n{'':>10}{row['error']}"


if __name__ == "__main__":
    try:
        print(main())  # noqa: T201
    except DatabaseUnavailable as error:
        sys.exit(str(error))
