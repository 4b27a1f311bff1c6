"""Sessions: listed with where they are, ended one by one or all together."""

import time
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from redis.asyncio import Redis

from tests.accounts import Account, log_in
from tests.contract import assert_problem
from tests.factories import PASSWORD


async def log_in_from(account: Account, device: str, address: str) -> httpx2.AsyncClient:
    client = account.app.client(headers={"User-Agent": device}, address=address)
    form = {"username": account.username, "password": PASSWORD}
    tokens = (await client.post("/auth/token", data=form)).json()
    client.headers["Authorization"] = f"Bearer {tokens['access_token']}"
    return client


async def test_a_session_shows_its_device_address_and_times(author: Account) -> None:
    phone = await log_in_from(author, "Phone/1.0", "198.51.100.7")

    listed = (await phone.get("/auth/sessions")).json()

    assert len(listed) == 2
    (current,) = [session for session in listed if session["is_current"]]
    assert (current["device"], current["address"]) == ("Phone/1.0", "198.51.100.7")
    for moment in (current["created_at"], current["last_seen_at"]):
        assert datetime.now(UTC) - datetime.fromisoformat(moment) < timedelta(minutes=1)


async def test_the_session_that_was_used_last_comes_first(author: Account, redis: Redis) -> None:
    elsewhere = await log_in(author.app, author.user)
    key = f"session:{{{author.id}}}:{author.claims.session_id}"
    await redis.hset(key, "seen_at", str(int(time.time()) - 3600))

    listed = (await elsewhere.client.get("/auth/sessions")).json()

    assert [session["is_current"] for session in listed] == [True, False]


async def test_using_a_session_is_noted_to_the_minute(author: Account, redis: Redis) -> None:
    key = f"session:{{{author.id}}}:{author.claims.session_id}"
    await redis.hset(key, "seen_at", str(int(time.time()) - 61))

    await author.client.get("/users/me")

    assert int(await redis.hget(key, "seen_at") or 0) >= time.time() - 30


async def test_one_session_is_ended(author: Account) -> None:
    elsewhere = await log_in(author.app, author.user)

    response = await author.client.delete(f"/auth/sessions/{elsewhere.claims.session_id}")

    assert response.status_code == 204
    assert_problem(await elsewhere.client.get("/users/me"), 401, "session_ended")
    assert len((await author.client.get("/auth/sessions")).json()) == 1


async def test_a_session_of_somebody_else_is_not_there(author: Account, reader: Account) -> None:
    response = await reader.client.delete(f"/auth/sessions/{author.claims.session_id}")

    assert_problem(response, 404, "session_not_found")
    assert (await author.client.get("/users/me")).status_code == 200


async def test_logging_out_everywhere_ends_every_session(
    author: Account, reader: Account, redis: Redis
) -> None:
    elsewhere = await log_in(author.app, author.user)

    assert (await author.client.post("/auth/logout-everywhere")).status_code == 204

    for session in (author, elsewhere):
        assert_problem(await session.client.get("/users/me"), 401, "session_ended")
    assert (await reader.client.get("/users/me")).status_code == 200
    assert await redis.keys(f"*{{{author.id}}}*") == []


@pytest.mark.parametrize("device", ["", "\x07bell\x1b[31m", "x" * 10_000])
async def test_an_odd_device_is_shown_as_far_as_it_can_be(author: Account, device: str) -> None:
    client = await log_in_from(author, device, "198.51.100.7")

    (session,) = [it for it in (await client.get("/auth/sessions")).json() if it["is_current"]]

    assert session["device"].isprintable()
    assert 0 < len(session["device"]) <= 200
