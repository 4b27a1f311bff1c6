"""Whether the cache is open, which PostgreSQL knows: a write has to be able to close it alone.

While its one row is there the cache is open, and every entry bears the row's name. Who opens it
again gives it another name, so that nobody finds an entry from before.
"""

from secrets import token_hex

from sqlalchemy import CheckConstraint, SmallInteger, delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col
from sqlmodel.ext.asyncio.session import AsyncSession

from src.database import Database, DatabaseUnavailable, Statement, transaction


class CacheGeneration(SQLModel, table=True):
    """There is one, or none."""

    __tablename__ = "cache_generation"
    __table_args__ = (CheckConstraint("id = 1", "one"),)

    id: int = Field(
        default=1,
        primary_key=True,
        sa_type=SmallInteger,
        sa_column_kwargs={"autoincrement": False},
    )
    name: str = Field(max_length=32)


GENERATION = Statement(select(col(CacheGeneration.name)))

# The DELETE of a running write holds a lock that conflicts with this one, also if there is no row.
# https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES
LOCK = text("LOCK TABLE cache_generation IN SHARE ROW EXCLUSIVE MODE NOWAIT")


async def close_generation(session: AsyncSession) -> None:
    """Close the cache with the session's commit; nobody opens it before."""
    await (await session.connection()).execute(delete(CacheGeneration))


async def find_or_open_generation(database: Database) -> str | None:
    """The name that entries bear now; None while somebody else closes or opens the cache.

    Raises:
        DatabaseUnavailable: the server is away.
    """
    row = await database.fetch_one(GENERATION)
    return str(row["name"]) if row else await _open(database)


async def _open(database: Database) -> str | None:
    opening = (
        insert(CacheGeneration)
        .values(id=1, name=token_hex(16))
        .on_conflict_do_nothing()
        .returning(col(CacheGeneration.name))
    )
    try:
        async with transaction(database) as session:
            connection = await session.connection()
            await connection.execute(LOCK)
            name = (await connection.execute(opening)).scalar_one_or_none()
    except DatabaseUnavailable:
        return None
    return name
