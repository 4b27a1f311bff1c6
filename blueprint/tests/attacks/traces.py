"""What is stored, to be compared before an attack and after it."""

from typing import Any

from redis.asyncio import Redis
from sqlalchemy import select

from src.database import Database
from src.models import metadata

Traces = dict[str, list[dict[str, Any]]]


async def stored_rows(database: Database) -> Traces:
    """Every row of every table of the application."""
    async with database.engine.connect() as connection:
        return {
            table.name: sorted(
                (dict(row) for row in (await connection.execute(select(table))).mappings()),
                key=repr,
            )
            for table in metadata.sorted_tables
        }


async def stored_sessions(redis: Redis) -> dict[str, Any]:
    """Every session there is."""
    keys = sorted([str(key) async for key in redis.scan_iter("session:*")])
    return {key: await redis.hgetall(key) for key in keys}
