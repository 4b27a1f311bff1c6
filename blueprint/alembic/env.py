"""Runs revisions against the application's database, one process at a time."""

import asyncio
import sys

from alembic import context
from sqlalchemy import Connection, pool, text
from sqlalchemy.exc import DBAPIError

from src.auth import models as auth_models  # noqa: F401  (tables register on import)
from src.cache import generations as cache_generations  # noqa: F401  # [cache]
from src.comments import models as comments_models  # noqa: F401  # [comments]
from src.config import database_settings
from src.database import DatabaseUnavailable, create_engine
from src.media import models as media_models  # noqa: F401  # [media]
from src.models import metadata
from src.notifications import models as notifications_models  # noqa: F401  # [notifications]
from src.posts import models as posts_models  # noqa: F401  # [posts]
from src.profiles import models as profiles_models  # noqa: F401  # [profiles]
from src.services import using_services

# Two replicas that start together must not both migrate: the second waits, then finds it done.
MIGRATION_LOCK = 7_283_190_147
# A revision that cannot get its table lock gives up rather than queue all requests behind it.
LOCK_TIMEOUT = "10s"
REFUSED = ("28", "3D")  # SQLSTATE classes: no such user, password or database


def is_ours(name: str | None, kind: str, _: object) -> bool:
    """Leave the queue's tables to PgQueuer when revisions are compared with the models."""
    return kind != "table" or not (name or "").startswith("pgqueuer")


def run_migrations(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_type=True,
        include_name=is_ours,
    )
    with context.begin_transaction():
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
        context.run_migrations()


async def run_migrations_online(database_url: str) -> None:
    engine = create_engine(database_url, database_settings, poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(run_migrations)
        await connection.commit()
    await engine.dispose()


def reason_of(error: DatabaseUnavailable | DBAPIError) -> str | None:
    """In words, if it is the server or the URL rather than a revision that is at fault."""
    if isinstance(error, DatabaseUnavailable):
        return str(error.__cause__ or error)
    refusal = error.orig.__cause__ if error.orig else None
    state = getattr(refusal, "sqlstate", None) or ""
    return str(refusal) if state.startswith(REFUSED) else None


def print_migrations() -> None:
    """`alembic upgrade head --sql`: the SQL for whoever may not run it."""
    context.configure(dialect_name="postgresql", target_metadata=metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    print_migrations()
else:
    with using_services() as services:
        try:
            asyncio.run(run_migrations_online(services.database_url))
        except (DatabaseUnavailable, DBAPIError) as error:
            if reason := reason_of(error):
                sys.exit(f"The database of DATABASE_URL cannot be used: {reason}")
            raise
