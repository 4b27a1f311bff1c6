"""`POST /auth/refresh`: rotation, and what happens to a token that was copied."""

import asyncio
from collections import Counter

import httpx2
import pytest
from redis.asyncio import Redis

from tests.accounts import Account, log_in
from tests.contract import assert_problem, refused_fields


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


async def test_a_used_refresh_token_ends_the_whole_session(
    client: httpx2.AsyncClient, author: Account
) -> None:
    elsewhere = await log_in(author.app, author.user)
    newest = (await refresh(client, author.refresh_token)).json()

    reused = await refresh(client, author.refresh_token)

    assert_problem(reused, 401, "session_ended")
    thief = author.app.client(newest["access_token"])
    assert_problem(await thief.get("/users/me"), 401, "session_ended")
    assert_problem(await author.client.get("/users/me"), 401, "session_ended")
    assert_problem(await refresh(client, newest["refresh_token"]), 401, "session_ended")
    assert (await elsewhere.client.get("/users/me")).status_code == 200


async def test_of_parallel_refreshes_of_one_token_one_succeeds(
    client: httpx2.AsyncClient, author: Account
) -> None:
    responses = await asyncio.gather(*(refresh(client, author.refresh_token) for _ in range(10)))

    assert Counter(response.status_code for response in responses) == {200: 1, 401: 9}
    assert_problem(await author.client.get("/users/me"), 401, "session_ended")


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
    keys = f"session:{author.claims.session_id}", f"user-sessions:{author.id}"
    for key in keys:
        await redis.expire(key, 60)

    await refresh(client, author.refresh_token)

    for key in keys:
        assert await redis.ttl(key) > 6 * 24 * 60 * 60


async def test_only_a_digest_of_the_refresh_token_is_stored(author: Account, redis: Redis) -> None:
    secret = author.refresh_token.partition(".")[2]

    stored = await redis.hgetall(f"session:{author.claims.session_id}")

    assert secret not in str(stored)
