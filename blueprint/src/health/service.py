"""The checks behind readiness. Each has a deadline: a probe must never hang."""

import asyncio
from functools import cache

import asyncpg
from redis.asyncio import Redis
from sqlalchemy import text

from src.config import ROOT
from src.database import Database, DatabaseUnavailable, Statement
from src.health.exceptions import NotReady
from src.health.schemas import Readiness
from src.redis import OUTAGES

DEADLINE = 2.0  # seconds for each check

CURRENT_REVISION = Statement(text("SELECT version_num FROM alembic_version"))


async def check_readiness(database: Database, redis: Redis) -> Readiness:
    """What can be served.

    Raises:
        NotReady: the database is away, or its schema is not the one this code was written for.
    """
    _, redis_is_there = await asyncio.gather(_check_database(database), _ping(redis))
    return Readiness(
        status="ready" if redis_is_there else "degraded",
        redis="ok" if redis_is_there else "away",
    )


@cache
def earlier_revisions() -> frozenset[str]:
    """All revisions of this code's migrations but the newest.

    A revision that is not known here is a newer version's: it is on its way, and until it has
    taken over this one goes on serving.
    """
    # Imported at the first probe: an application starts a tenth sooner without it.
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    scripts = ScriptDirectory.from_config(Config(ROOT / "alembic.ini"))
    known = {script.revision for script in scripts.walk_revisions()}
    return frozenset(known - set(scripts.get_heads()))


async def _check_database(database: Database) -> None:
    asked = asyncio.ensure_future(database.fetch_one(CURRENT_REVISION))
    try:
        # A cancelled query goes on until the driver has given up too; `wait` leaves it behind.
        answered, _ = await asyncio.wait({asked}, timeout=DEADLINE)
    finally:
        asked.cancel()
    if not answered:
        raise NotReady("The database is not available.")
    try:
        row = asked.result()
    except DatabaseUnavailable as error:
        raise NotReady("The database is not available.") from error
    except asyncpg.UndefinedTableError as error:
        raise NotReady("The database has no tables yet: run `make migrate`.") from error
    if row is None or row["version_num"] in earlier_revisions():
        raise NotReady("The database schema is older than this version: run `make migrate`.")


async def _ping(redis: Redis) -> bool:
    try:
        async with asyncio.timeout(DEADLINE):
            return bool(await redis.ping())
    except (TimeoutError, *OUTAGES):
        return False
