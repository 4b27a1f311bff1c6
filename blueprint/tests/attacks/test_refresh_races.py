"""Refresh tokens that were copied: used at the same time, and used later."""

import asyncio
import logging
from collections.abc import Iterator

import httpx2
import pytest
from redis.asyncio import Redis
from sqlalchemy import event

from src.auth.config import auth_settings
from src.database import Database
from tests.accounts import Account, log_in
from tests.attacks.doors import refresh, show_bearer
from tests.attacks.traces import stored_sessions
from tests.contract import assert_problem
from tests.fixtures import ChangeSettings
from tests.outbox import Outbox

AT_ONCE = 50
NOTICE = "A login was ended for safety"


async def next_token(client: httpx2.AsyncClient, token: str) -> str:
    response = await refresh(client, token)
    assert response.status_code == 200, response.text
    following: str = response.json()["refresh_token"]
    return following


async def assert_ended(account: Account, newest: str) -> None:
    client = account.app.client()
    assert_problem(await account.client.get("/users/me"), 401, "session_ended")
    assert_problem(await refresh(client, newest), 401, "session_ended")


async def test_refreshes_at_the_same_time_all_get_the_same_next_token(
    author: Account, client: httpx2.AsyncClient, redis: Redis, outbox: Outbox
) -> None:
    responses = await asyncio.gather(
        *(refresh(client, author.refresh_token) for _ in range(AT_ONCE))
    )

    assert {response.status_code for response in responses} == {200}
    assert len({response.json()["refresh_token"] for response in responses}) == 1
    assert len(await stored_sessions(redis)) == 1
    for response in responses[::10]:
        assert (await show_bearer(client, response.json()["access_token"])).status_code == 200
    assert (await refresh(client, responses[0].json()["refresh_token"])).status_code == 200
    assert await outbox.letters() == [], "nobody is warned of their own browser"


async def test_a_token_two_generations_old_ends_the_session_and_its_owner_is_told(
    author: Account, client: httpx2.AsyncClient, outbox: Outbox
) -> None:
    elsewhere = await log_in(author.app, author.user)
    newest = await next_token(client, await next_token(client, author.refresh_token))

    reused = await refresh(client, author.refresh_token)

    assert_problem(reused, 401, "session_ended")
    await assert_ended(author, newest)
    assert NOTICE in (await outbox.letter(author.user.email)).subject
    assert (await elsewhere.client.get("/users/me")).status_code == 200


async def test_a_reused_token_looks_like_one_of_a_session_that_is_over(
    author: Account, client: httpx2.AsyncClient
) -> None:
    await next_token(client, await next_token(client, author.refresh_token))

    reused = (await refresh(client, author.refresh_token)).json()
    ended = (await refresh(client, author.refresh_token)).json()

    del reused["request_id"], ended["request_id"]
    assert reused == ended


async def test_many_who_reuse_a_token_at_a_time_end_the_session_and_one_warning_is_sent(
    author: Account, client: httpx2.AsyncClient, outbox: Outbox
) -> None:
    newest = await next_token(client, await next_token(client, author.refresh_token))

    responses = await asyncio.gather(*(refresh(client, author.refresh_token) for _ in range(20)))

    for response in responses:
        assert_problem(response, 401, "session_ended")
    await assert_ended(author, newest)
    assert len(await outbox.letters(author.user.email)) == 1


async def test_a_thief_and_the_owner_who_refresh_in_turn_lose_the_session(
    author: Account, client: httpx2.AsyncClient, outbox: Outbox
) -> None:
    stolen = author.refresh_token
    newest = await next_token(client, stolen)
    for _ in range(3):
        newest = await next_token(client, newest)

    assert_problem(await refresh(client, stolen), 401, "session_ended")

    await assert_ended(author, newest)
    assert len(await outbox.letters(author.user.email)) == 1


@pytest.fixture
def no_commit(database: Database, author: Account) -> Iterator[None]:
    """The database goes away whenever a transaction is to be committed."""

    def fail(_: object) -> None:
        raise ConnectionResetError("The database is away")

    event.listen(database.engine.sync_engine, "commit", fail)
    yield
    event.remove(database.engine.sync_engine, "commit", fail)


@pytest.mark.usefixtures("no_commit")
async def test_a_reused_token_ends_the_session_even_when_nothing_can_be_committed(
    author: Account, client: httpx2.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    newest = await next_token(client, await next_token(client, author.refresh_token))

    with caplog.at_level(logging.WARNING):
        reused = await refresh(client, author.refresh_token)

    assert_problem(reused, 401, "session_ended")
    await assert_ended(author, newest)
    assert f"User {author.id} could not be told" in caplog.text


async def test_after_the_grace_the_token_before_the_newest_ends_the_session(
    author: Account,
    client: httpx2.AsyncClient,
    redis: Redis,
    outbox: Outbox,
) -> None:
    newest = await next_token(client, author.refresh_token)
    (key,) = await stored_sessions(redis)
    await redis.hincrby(key, "rotated_at", -auth_settings.refresh_grace - 1)

    assert_problem(await refresh(client, author.refresh_token), 401, "session_ended")

    await assert_ended(author, newest)
    assert NOTICE in (await outbox.letter(author.user.email)).subject


async def test_without_a_grace_the_token_before_the_newest_ends_the_session_at_once(
    author: Account, client: httpx2.AsyncClient, change: ChangeSettings
) -> None:
    change(auth_settings, refresh_grace=0)
    newest = await next_token(client, author.refresh_token)

    assert_problem(await refresh(client, author.refresh_token), 401, "session_ended")

    await assert_ended(author, newest)


async def test_a_logout_beats_refreshes_at_the_same_time(
    author: Account, client: httpx2.AsyncClient, redis: Redis
) -> None:
    responses = await asyncio.gather(
        *(refresh(client, author.refresh_token) for _ in range(10)),
        author.client.post("/auth/logout"),
        *(refresh(client, author.refresh_token) for _ in range(10)),
    )

    assert {response.status_code for response in responses} <= {200, 204, 401}
    assert await stored_sessions(redis) == {}, "no refresh brings a session back"
