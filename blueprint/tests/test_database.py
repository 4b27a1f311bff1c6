"""Transactions, and the two ways to PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from fastapi import APIRouter, FastAPI, HTTPException, Response
from pydantic import BaseModel
from sqlalchemy import bindparam, func, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.types import Message, Receive, Scope, Send

from src.auth.models import User
from src.config import database_settings, settings
from src.database import (
    Database,
    DatabaseUnavailable,
    DbSession,
    Statement,
    around_commit,
    create_engine,
    is_outage,
    open_database,
    transaction,
)
from src.exceptions import Conflict
from src.middleware import add_middleware
from src.problems import add_problem_handlers
from tests.accounts import Account
from tests.clients import RunningApp
from tests.contract import assert_problem
from tests.factories import user_row
from tests.servers import Urls

USERS = Statement(select(func.count()).select_from(User))

router = APIRouter()


class Strict(BaseModel):
    number: int


@router.post("/users", status_code=201)
async def add_user(session: DbSession) -> None:
    session.add(user_row())


@router.post("/users/then/{what}")
async def add_user_then_fail(what: str, session: DbSession) -> None:
    session.add(user_row())
    await session.flush()
    match what:
        case "crash":
            raise RuntimeError("secret details")
        case "conflict":
            raise Conflict
        case _:
            raise HTTPException(404)


@router.post("/users/then-answer-nonsense", response_model=Strict)
async def add_user_then_answer_nonsense(session: DbSession) -> Any:
    session.add(user_row())
    await session.flush()
    return {"number": "none"}


@router.post("/users/deferred", status_code=201)
async def add_user_and_break_a_deferred_constraint(session: DbSession) -> None:
    session.add(user_row())
    connection = await session.connection()
    await connection.execute(
        text("CREATE TEMP TABLE one (id int UNIQUE DEFERRABLE INITIALLY DEFERRED) ON COMMIT DROP")
    )
    await connection.execute(text("INSERT INTO one VALUES (1), (1)"))


@router.get("/users/closed")
async def ask_the_driver_on_a_connection_that_has_ended(session: DbSession) -> None:
    raw = await (await session.connection()).get_raw_connection()
    assert raw.driver_connection
    await raw.driver_connection.close()
    await raw.driver_connection.fetch("SELECT 1")


@router.get("/response")
async def answer_a_response() -> Response:
    return Response(b"", 200)


@pytest.fixture
def trial(app: RunningApp) -> RunningApp:
    """The routes above, on the application's own ground."""
    trial = FastAPI()
    add_problem_handlers(trial)
    add_middleware(trial, settings)
    trial.include_router(router)
    return RunningApp(trial, app.state)


async def count_users(database: Database) -> int:
    row = await database.fetch_one(USERS)
    assert row
    count: int = row[0]
    return count


async def test_a_write_is_committed_before_its_response_is_sent(
    trial: RunningApp, database: Database
) -> None:
    seen: list[int] = []

    async def look(scope: Scope, receive: Receive, send: Send) -> None:
        async def look_first(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.append(await count_users(database))
            await send(message)

        await trial.app(scope, receive, look_first)

    watched = RunningApp(look, trial.state)  # type: ignore[arg-type]

    assert (await watched.client().post("/users")).status_code == 201
    assert seen == [1]


@pytest.mark.parametrize(
    ("what", "status", "code"),
    [
        ("crash", 500, "internal_error"),
        ("conflict", 409, "conflict"),
        ("not-found", 404, "not_found"),
    ],
)
async def test_any_error_rolls_back(
    trial: RunningApp, database: Database, what: str, status: int, code: str
) -> None:
    response = await trial.client().post(f"/users/then/{what}")

    assert_problem(response, status, code)
    assert "secret" not in response.text
    assert await count_users(database) == 0


async def test_a_response_that_is_not_valid_rolls_back(
    trial: RunningApp, database: Database
) -> None:
    response = await trial.client().post("/users/then-answer-nonsense")

    assert_problem(response, 500, "internal_error")
    assert await count_users(database) == 0


async def test_a_commit_that_fails_is_never_a_success(
    trial: RunningApp, database: Database
) -> None:
    response = await trial.client().post("/users/deferred")

    assert_problem(response, 500, "internal_error")
    assert await count_users(database) == 0


async def test_an_outage_that_the_driver_tells_itself_is_one(trial: RunningApp) -> None:
    response = await trial.client().get("/users/closed")

    assert_problem(response, 503, "database_unavailable")


async def test_a_failed_request_leaves_its_connection_usable(trial: RunningApp) -> None:
    client = trial.client()
    await asyncio.gather(*(client.post("/users/then/crash") for _ in range(30)))

    responses = await asyncio.gather(*(client.post("/users") for _ in range(30)))

    assert {response.status_code for response in responses} == {201}


async def test_a_cancelled_request_rolls_back_and_gives_its_connection_back(
    trial: RunningApp, database: Database
) -> None:
    for _ in range(20):
        request = asyncio.create_task(trial.client().post("/users/then/conflict"))
        await asyncio.sleep(0.002)
        request.cancel()
        await asyncio.gather(request, return_exceptions=True)

    assert await count_users(database) == 0
    assert (await trial.client().post("/users")).status_code == 201


async def test_rows_have_aware_datetimes(author: Account) -> None:
    user = author.user

    assert user.email_verified_at
    assert user.email_verified_at.utcoffset() == timedelta(0)
    assert user.created_at.utcoffset() == timedelta(0)


async def test_sessions_speak_utc_and_have_a_time_limit(database: Database) -> None:
    row = await database.fetch_one(
        Statement(
            select(
                func.current_setting("timezone").label("timezone"),
                func.current_setting("statement_timeout").label("statement_timeout"),
            )
        )
    )

    assert row
    assert row["timezone"] == "UTC"
    assert row["statement_timeout"] == "1min"


def test_a_statement_is_compiled_to_numbered_parameters() -> None:
    statement = Statement(
        select(User.id).where(col(User.id) > bindparam("least"), col(User.username) == "ada")
    )

    assert "$1" in statement.sql
    assert "$2" in statement.sql
    assert statement.arguments({"least": 7}) == [7, "ada"]


@pytest.mark.parametrize("values", [{}, {"most": 7}, {"least": 7, "most": 9}])
def test_a_missing_or_misspelt_parameter_is_an_error(values: dict[str, object]) -> None:
    statement = Statement(select(User.id).where(col(User.id) > bindparam("least")))

    with pytest.raises(TypeError, match="least"):
        statement.arguments(values)


async def test_a_read_waits_for_a_connection_no_longer_than_the_settings_say(urls: Urls) -> None:
    config = database_settings.model_copy(update={"read_pool_size": 1, "pool_timeout": 0.1})
    slow = Statement(text("SELECT pg_sleep(1)"))
    async with open_database(urls.database, config) as database:
        busy = asyncio.create_task(database.fetch(slow))
        await asyncio.sleep(0)
        with pytest.raises(DatabaseUnavailable):
            await database.fetch(USERS)
        await busy
        assert await count_users(database) == 0


@pytest.mark.parametrize("seconds", [None, 0.1], ids=["a migration", "a request"])
async def test_only_requests_are_held_to_the_statement_timeout(
    urls: Urls, seconds: float | None
) -> None:
    engine = create_engine(urls.database, database_settings, statement_timeout=seconds)
    async with engine.connect() as connection:
        sleep = connection.execute(text("SELECT pg_sleep(0.3)"))
        if seconds is None:
            await sleep
        else:
            with pytest.raises(DBAPIError, match="statement timeout"):
                await sleep
    await engine.dispose()


async def test_a_wrong_argument_is_an_error_and_no_outage(database: Database) -> None:
    statement = Statement(select(User.id).where(col(User.id) == bindparam("id")))

    with pytest.raises(asyncpg.DataError):
        await database.fetch_one(statement, id="seven")


async def test_a_wrong_statement_is_an_error_and_no_outage(database: Database) -> None:
    with pytest.raises(asyncpg.UndefinedTableError):
        await database.fetch(Statement(text("SELECT 1 FROM nowhere")))


async def test_a_server_that_ends_a_connection_is_asked_again(database: Database) -> None:
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    await asyncio.gather(*(count_users(database) for _ in range(5)))

    await database.fetch(Statement(text(f"{others} AND datname = current_database()")))

    assert await count_users(database) == 0


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (ConnectionRefusedError(), True),
        (FileNotFoundError(), True),
        (asyncpg.AdminShutdownError(), True),
        (asyncpg.CannotConnectNowError(), True),
        (asyncpg.TooManyConnectionsError(), True),
        (asyncpg.ConnectionDoesNotExistError(), True),
        (asyncpg.UniqueViolationError(), False),
        (asyncpg.UndefinedTableError(), False),
        (asyncpg.DataError("invalid input"), False),
        (OperationalError("", None, asyncpg.CrashShutdownError()), True),
        (DBAPIError("", None, asyncpg.UniqueViolationError()), False),
        (ValueError(), False),
    ],
)
def test_an_outage_is_told_from_a_mistake(error: Exception, outage: bool) -> None:
    assert is_outage(error) is outage


def test_an_unavailable_database_asks_to_come_back() -> None:
    assert DatabaseUnavailable().headers["Retry-After"] == "1"


@pytest.mark.parametrize("error", [None, LookupError])
async def test_what_stands_around_a_commit_may_still_write_and_knows_when_it_is_done(
    database: Database, error: type[Exception] | None
) -> None:
    seen = []

    @asynccontextmanager
    async def watching(session: AsyncSession) -> AsyncIterator[None]:
        session.add(user_row())
        seen.append((await database.fetch(USERS))[0][0])
        yield
        seen.append((await database.fetch(USERS))[0][0])

    with suppress(LookupError):
        async with transaction(database) as session:
            around_commit(session, watching(session))
            session.add(user_row())
            if error:
                raise error

    assert seen == ([] if error else [0, 2])
