"""`POST /auth/logout`."""

import httpx2
from redis.asyncio import Redis

from tests.accounts import Account, log_in
from tests.contract import assert_problem


async def test_after_logout_the_access_token_is_refused_at_once(author: Account) -> None:
    response = await author.client.post("/auth/logout")

    assert response.status_code == 204
    assert response.content == b""
    assert_problem(await author.client.get("/users/me"), 401, "session_ended")
    assert_problem(await author.client.post("/auth/logout"), 401, "session_ended")


async def test_after_logout_the_refresh_token_is_refused(
    client: httpx2.AsyncClient, author: Account
) -> None:
    await author.client.post("/auth/logout")

    response = await client.post("/auth/refresh", json={"refresh_token": author.refresh_token})

    assert_problem(response, 401, "session_ended")


async def test_logout_ends_no_other_session(author: Account, reader: Account) -> None:
    elsewhere = await log_in(author.app, author.user)

    await author.client.post("/auth/logout")

    assert (await elsewhere.client.get("/users/me")).status_code == 200
    assert (await reader.client.get("/users/me")).status_code == 200


async def test_logout_leaves_nothing_in_redis(author: Account, redis: Redis) -> None:
    await author.client.post("/auth/logout")

    assert await redis.keys("*session*") == []
