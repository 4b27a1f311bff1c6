"""`POST /auth/refresh`: rotation, and what happens to a token that was copied."""

import httpx2
import pytest
from redis.asyncio import Redis

from src.auth.config import auth_settings
from tests.accounts import Account, log_in
from tests.contract import assert_problem, refused_fields
from tests.fixtures import ChangeSettings
from tests.outbox import Outbox


def key_of(account: Account) -> str:
    return f"session:{{{account.id}}}:{account.claims.session_id}"


async def refresh(client: httpx2.AsyncClient, token: str) -> httpx2.Response:
    return await client.post("/auth/refresh", json={"refresh_token": token})


async def test_a_refresh_token_gives_new_tokens_of_the_same_session(
    client: httpx2.AsyncClient, author: Account
) -> None:
    response = await refresh(client, author.refresh_token)

    assert response.status_code == 200
    tokens = response.json()
    assert tokens["refresh_token"] != author.refresh_token
    assert tokens["access_token"] != author.access_token
    me = await author.app.client(tokens["access_token"]).get("/users/me")
    assert me.json()["id"] == author.id
    assert (await author.client.get("/users/me")).status_code == 200, "the older one still holds"


async def test_refreshing_goes_on_and_on(client: httpx2.AsyncClient, author: Account) -> None:
    token = author.refresh_token
    for _ in range(5):
        response = await refresh(client, token)
        assert response.status_code == 200
        token = response.json()["refresh_token"]


async def test_a_request_that_is_sent_twice_gets_the_same_next_token(
    client: httpx2.AsyncClient, author: Account
) -> None:
    first, second = [(await refresh(client, author.refresh_token)).json() for _ in range(2)]

    assert first["refresh_token"] == second["refresh_token"]
    for tokens in (first, second):
        me = await author.app.client(tokens["access_token"]).get("/users/me")
        assert me.status_code == 200
    assert (await refresh(client, first["refresh_token"])).status_code == 200


@pytest.mark.parametrize("times", [1, 2])
async def test_a_refresh_token_that_comes_back_later_ends_the_whole_session(
    client: httpx2.AsyncClient, author: Account, change: ChangeSettings, times: int
) -> None:
    elsewhere = await log_in(author.app, author.user)
    newest = {"refresh_token": author.refresh_token}
    for _ in range(times):
        newest = (await refresh(client, newest["refresh_token"])).json()
    change(auth_settings, refresh_grace=-1 if times == 1 else 10)

    reused = await refresh(client, author.refresh_token)

    assert_problem(reused, 401, "session_ended")
    thief = author.app.client(newest["access_token"])
    assert_problem(await thief.get("/users/me"), 401, "session_ended")
    assert_problem(await author.client.get("/users/me"), 401, "session_ended")
    assert_problem(await refresh(client, newest["refresh_token"]), 401, "session_ended")
    assert (await elsewhere.client.get("/users/me")).status_code == 200


async def test_a_reused_token_is_told_to_the_owner_although_the_answer_is_an_error(
    client: httpx2.AsyncClient, author: Account, outbox: Outbox
) -> None:
    token = author.refresh_token
    for _ in range(2):
        token = (await refresh(client, token)).json()["refresh_token"]

    assert_problem(await refresh(client, author.refresh_token), 401, "session_ended")

    letter = await outbox.letter(author.user.email)
    assert "login was ended" in letter.subject


async def test_a_session_that_redis_has_forgotten_a_step_of_goes_on(
    client: httpx2.AsyncClient, author: Account, redis: Redis
) -> None:
    """As after a crash of a Redis that does not write each command to disk."""
    token = (await refresh(client, author.refresh_token)).json()["refresh_token"]
    await redis.hset(key_of(author), "generation", "1")

    assert (await refresh(client, token)).status_code == 200


@pytest.mark.parametrize("token", [".", "a", "a.b", "\x00", "ä.ö", "x" * 256, "session:*.x"])
async def test_a_made_up_refresh_token_is_refused(client: httpx2.AsyncClient, token: str) -> None:
    assert_problem(await refresh(client, token), 401, "session_ended")


@pytest.mark.parametrize("token", ["", "x" * 257])
async def test_a_refresh_token_has_a_length(client: httpx2.AsyncClient, token: str) -> None:
    assert refused_fields(await refresh(client, token)) == {"/body/refresh_token"}


async def test_an_access_token_refreshes_nothing(
    client: httpx2.AsyncClient, author: Account
) -> None:
    token = author.access_token[:256]

    assert_problem(await refresh(client, token), 401, "session_ended")


async def test_a_session_in_use_does_not_run_out(
    client: httpx2.AsyncClient, author: Account, redis: Redis
) -> None:
    keys = key_of(author), f"user-sessions:{{{author.id}}}"
    for key in keys:
        await redis.expire(key, 60)

    await refresh(client, author.refresh_token)

    for key in keys:
        assert await redis.ttl(key) > 6 * 24 * 60 * 60


async def test_nothing_stored_makes_a_refresh_token(author: Account, redis: Redis) -> None:
    signature = author.refresh_token.rpartition(".")[2]

    stored = await redis.hgetall(key_of(author))

    assert stored
    assert signature not in str(stored)
