"""Shows what waits in the queue and what has failed for good: `python -m src.held_jobs`.

`--retry` with ids, or with `all`, lets failed jobs begin again; `make jobs RETRY=all` does it too.
"""

import argparse
import asyncio
import sys
from collections import Counter
from typing import Any

from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.types import JobId

from src.config import database_settings
from src.database import Connection, DatabaseUnavailable, connect
from src.jobs import names
from src.services import using_services

SHOWN = 50
SIZES = f"SELECT status::text, entrypoint, count(*) FROM {names.queue_table} GROUP BY 1, 2"  # noqa: S608
FAILED_IDS = f"SELECT id FROM {names.queue_table} WHERE status = 'failed'"  # noqa: S608
# With the error of the last attempt.
FAILED = f"""
SELECT id, entrypoint, created, attempts, error FROM {names.queue_table} AS job
LEFT JOIN LATERAL (
    SELECT traceback ->> 'exception_type' || ': ' || (traceback ->> 'exception_message') AS error
    FROM {names.queue_table_log} WHERE job_id = job.id ORDER BY id DESC LIMIT 1
) AS log ON true
WHERE status = 'failed' ORDER BY id LIMIT {SHOWN}
"""  # noqa: S608  (names and numbers of our own)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--retry", nargs="+", metavar="ID", help="ids of failed jobs, or all")
    options = parser.parse_args()
    if options.retry and options.retry != ["all"] and not all(map(str.isdecimal, options.retry)):
        parser.error("--retry takes ids, or all")
    with using_services() as services:
        print(asyncio.run(_run(services.database_url, options.retry or [])))  # noqa: T201


async def _run(database_url: str, wanted: list[str]) -> str:
    connection = await connect(database_url, database_settings)
    try:
        again = f"{await retry(connection, wanted)}\n" if wanted else ""
        return again + await describe(connection)
    finally:
        await connection.close()


async def retry(connection: Connection, wanted: list[str]) -> str:
    """Let failed jobs begin again, by their ids or `all`; says how many did."""
    failed = [row["id"] for row in await connection.fetch(FAILED_IDS)]
    chosen = [JobId(it) for it in failed if wanted == ["all"] or str(it) in wanted]
    await Queries(AsyncpgDriver(connection)).requeue_jobs(chosen)
    return f"{len(chosen)} of {len(failed)} failed jobs begin again."


async def describe(connection: Connection) -> str:
    """What is in the queue, for people."""
    sizes: Counter[str] = Counter()
    for row in await connection.fetch(SIZES):
        sizes[row["status"]] += row["count"]
    summary = f"{sizes['queued']} waiting, {sizes['picked']} running, {sizes['failed']} failed"
    failed = [_line(row) for row in await connection.fetch(FAILED)]
    if not failed:
        return summary
    return "\n".join([summary, "", *failed, "", "Try one again: make jobs RETRY=ID (or all)"])


def _line(row: Any) -> str:
    return (
        f"{row['id']:>8}  {row['entrypoint']}, asked for {row['created']:%Y-%m-%d %H:%M} UTC, "
        f"{row['attempts'] + 1} attempts\n{'':>10}{row['error']}"
    )


if __name__ == "__main__":
    try:
        main()
    except DatabaseUnavailable as error:
        sys.exit(str(error))
