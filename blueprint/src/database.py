"""The two ways to PostgreSQL: a session for writes, compiled statements for hot reads.

A request has one session, in one transaction. It is committed after the route has returned and
*before* the response is sent, so a client never hears of a write that did not happen; any error
rolls it back. Services never commit.

A `Statement` is built and compiled once. It runs on a connection of its own pool outside any
transaction and gives plain rows, which costs about a tenth of an ORM query.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Annotated, Any, TypeAlias

import asyncpg
from fastapi import Depends, Request
from sqlalchemy import Executable
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.sql.compiler import SQLCompiler
from sqlmodel.ext.asyncio.session import AsyncSession

from src.config import DatabaseConfig
from src.exceptions import ServiceUnavailable, raises

CLOSE_TIMEOUT = 5.0  # seconds
AROUND_COMMIT = "around_commit"  # in a session's `info`
DIALECT = asyncpg_dialect()  # type: ignore[no-untyped-call]

DRIVER_ERRORS = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
)

# SQLSTATE classes and codes of a server that is away, starting, stopping or full, and of work that
# met other work: a deadlock, a serialization failure, a lock or a statement that took too long.
# https://www.postgresql.org/docs/current/errcodes-appendix.html
OUTAGE_STATES = ("08", "57P01", "57P02", "57P03", "53300", "40P01", "40001", "55P03", "57014")

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Connect = Callable[..., Awaitable[Connection]]


class DatabaseUnavailable(ServiceUnavailable):
    code = "database_unavailable"
    detail = "The database is not available for a moment. Try again."


class Statement:
    """A statement that is compiled to asyncpg's SQL once, when its module is imported.

    Parameters are SQLAlchemy's `bindparam("name")`; values that the statement was built with
    need not be given again.
    """

    def __init__(self, statement: Executable) -> None:
        self.source = statement
        compiled = statement.compile(dialect=DIALECT)  # type: ignore[attr-defined]
        assert isinstance(compiled, SQLCompiler)  # noqa: S101  (DDL has no rows)
        self.sql = str(compiled)
        self._names = tuple(compiled.positiontup or ())
        self._built_in = {
            name: value
            for name, value in compiled.params.items()
            if not compiled.binds[name].required
        }
        self._required = compiled.params.keys() - self._built_in.keys()

    def arguments(self, values: dict[str, object]) -> list[object]:
        """The values in the order of the SQL's `$1`, `$2`, …

        Raises:
            TypeError: a parameter is missing, or there is none of that name.
        """
        if values.keys() != self._required:
            raise TypeError(f"The statement takes {sorted(self._required)}, not {sorted(values)}")
        every = {**self._built_in, **values}
        return [every[name] for name in self._names]


class Database:
    """The open pools of one process."""

    def __init__(
        self, engine: AsyncEngine, reads: "asyncpg.Pool[asyncpg.Record]", config: DatabaseConfig
    ) -> None:
        self.engine = engine
        self.reads = reads
        self._patience = config.pool_timeout
        self._connections = config.read_pool_size
        self._reading = 0

    async def fetch(self, statement: Statement, /, **values: object) -> list[asyncpg.Record]:
        """All rows of a hot read.

        Raises:
            DatabaseUnavailable: the server is away, also at a second attempt.
        """
        rows: list[asyncpg.Record] = await self._read("fetch", statement, values)
        return rows

    async def fetch_one(self, statement: Statement, /, **values: object) -> asyncpg.Record | None:
        """The first row of a hot read, or None.

        Raises:
            DatabaseUnavailable: the server is away, also at a second attempt.
        """
        return await self._read("fetchrow", statement, values)

    async def _read(self, method: str, statement: Statement, values: dict[str, object]) -> Any:
        arguments = statement.arguments(values)
        self._reading += 1
        try:
            return await self._run(method, statement.sql, arguments)
        except TimeoutError as error:
            raise DatabaseUnavailable from error
        except DRIVER_ERRORS as error:
            if not is_outage(error):
                raise
        finally:
            self._reading -= 1
        try:  # a connection that died while idle shows only now; reading twice harms nobody
            return await self._run(method, statement.sql, arguments)
        except DRIVER_ERRORS as error:
            if is_outage(error):
                raise DatabaseUnavailable from error
            raise

    async def _run(self, method: str, sql: str, arguments: list[object]) -> Any:
        # Only who may have to wait pays for a deadline: it makes asyncpg start a task.
        patience = self._patience if self._reading > self._connections else None
        async with self.reads.acquire(timeout=patience) as connection:
            return await getattr(connection, method)(sql, *arguments)


@asynccontextmanager
async def open_database(url: str, config: DatabaseConfig) -> AsyncIterator[Database]:
    """Open both pools. No connection is made yet: a database that is away stops no start."""
    engine = create_engine(
        url,
        config,
        statement_timeout=config.statement_timeout,
        pool_pre_ping=True,
        pool_size=config.pool_size,
        max_overflow=config.max_overflow,
        pool_timeout=config.pool_timeout,
    )
    reads = asyncpg.create_pool(
        connect=_connector(url, config, config.statement_timeout),
        min_size=0,
        max_size=config.read_pool_size,
        reset=_keep,
    )
    await reads
    try:
        yield Database(engine, reads, config)
    finally:
        try:
            await asyncio.wait_for(reads.close(), CLOSE_TIMEOUT)
        except TimeoutError:  # something still reads: this process is ending all the same
            reads.terminate()
        await engine.dispose()


def create_engine(
    url: str, config: DatabaseConfig, *, statement_timeout: float | None = None, **options: Any
) -> AsyncEngine:
    """An engine on any PostgreSQL URL; its query is asyncpg's own (`sslmode` and all).

    Without a `statement_timeout` (seconds) a statement may take its time, as in a migration.
    """
    connect = _connector(url, config, statement_timeout)
    # What is written belongs into no log, not even beside an error.
    options["hide_parameters"] = True
    return create_async_engine("postgresql+asyncpg://", async_creator=connect, **options)


async def connect(url: str, config: DatabaseConfig) -> Connection:
    """A connection of one's own, outside of both pools.

    Raises:
        DatabaseUnavailable: the server is away.
    """
    return await _connector(url, config, config.statement_timeout)()


@asynccontextmanager
async def transaction(database: Database) -> AsyncIterator[AsyncSession]:
    """A session that is committed when the block ends, for work outside of a request's own.

    Raises:
        DatabaseUnavailable: the server is away.
    """
    try:
        async with AsyncSession(database.engine, expire_on_commit=False) as session:
            yield session
            await _commit(session)
    except (DBAPIError, PoolTimeoutError, *DRIVER_ERRORS) as error:
        if isinstance(error, PoolTimeoutError) or is_outage(error):
            raise DatabaseUnavailable from error
        raise


def around_commit(session: AsyncSession, context: AbstractAsyncContextManager[None]) -> None:
    """Have the session committed inside of a context, which may still write before.

    It ends before the response is sent. An error of the commit passes through it.
    """
    session.info.setdefault(AROUND_COMMIT, []).append(context)


async def fetch_one_in(
    session: AsyncSession, statement: Statement, /, **values: object
) -> dict[str, Any] | None:
    """The first row of a statement inside the session's transaction, or None."""
    result = await (await session.connection()).execute(statement.source, values)
    row = result.mappings().first()
    return dict(row) if row else None


def is_outage(error: BaseException) -> bool:
    """Whether the database is away for a moment, rather than the statement being wrong."""
    if isinstance(error, DBAPIError):
        if error.connection_invalidated:
            return True
        original = error.orig
        error = (original.__cause__ or original) if original is not None else error
    if isinstance(error, OSError):  # also a time-out
        return True
    if isinstance(error, asyncpg.InterfaceError):
        return "closed" in str(error)
    if isinstance(error, asyncpg.InternalClientError):
        # A dying server has spoken on an idle connection that does not yet count as closed.
        return "another operation" in str(error)
    state = getattr(error, "sqlstate", None)
    return isinstance(state, str) and state.startswith(OUTAGE_STATES)


@raises(DatabaseUnavailable)
async def get_database(request: Request) -> Database:
    database: Database = request.state.database
    return database


DbReads = Annotated[Database, Depends(get_database)]


async def get_session(database: DbReads) -> AsyncIterator[AsyncSession]:
    """One session for the request; committed before its response is sent."""
    async with AsyncSession(database.engine, expire_on_commit=False) as session:
        yield session
        await _commit(session)


# With this scope the commit comes before the response; the default would come after it.
# https://fastapi.tiangolo.com/advanced/advanced-dependencies/
DbSession = Annotated[AsyncSession, Depends(get_session, scope="function")]


async def _commit(session: AsyncSession) -> None:
    async with AsyncExitStack() as stack:
        for context in session.info.pop(AROUND_COMMIT, ()):
            await stack.enter_async_context(context)
        await session.commit()


async def _keep(_: object) -> None:
    """Asyncpg's own reset asks the server once per release; hot reads leave nothing to reset."""


def _connector(url: str, config: DatabaseConfig, statement_timeout: float | None) -> Connect:
    dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)

    async def connect(*_: object, **options: Any) -> Connection:
        try:
            return await asyncpg.connect(
                dsn,
                timeout=config.connect_timeout,
                # The server ends a slow statement; this ends one whose server has vanished.
                command_timeout=statement_timeout and statement_timeout + 1,
                server_settings={
                    "application_name": "app",
                    "timezone": "UTC",
                    "statement_timeout": f"{statement_timeout or 0}s",
                    "idle_in_transaction_session_timeout": "60s",
                },
                **options,
            )
        except DRIVER_ERRORS as error:
            if is_outage(error):
                raise DatabaseUnavailable from error
            raise

    return connect
