"""Rate limits: exact when many come at once, and never shared by accident."""

import asyncio

import pytest
from limits import parse
from redis.asyncio import Redis

from src.auth.config import auth_settings
from src.exceptions import TooManyRequests
from src.limits import RateLimits
from tests.clients import RunningApp
from tests.contract import assert_problem
from tests.factories import registration
from tests.fixtures import ChangeSettings

THREE = parse("3/minute")


async def is_allowed(limits: RateLimits, *who: str) -> bool:
    try:
        await limits.spend(THREE, *who)
    except TooManyRequests:
        return False
    return True


async def test_as_many_as_the_limit_get_through_however_many_come_at_once(redis: Redis) -> None:
    limits = RateLimits(redis)

    allowed = await asyncio.gather(*(is_allowed(limits, "login", "ada") for _ in range(30)))

    assert sum(allowed) == 3


async def test_processes_share_their_limits(redis: Redis) -> None:
    allowed = [await is_allowed(RateLimits(redis), "login", "ada") for _ in range(5)]

    assert allowed == [True, True, True, False, False]


@pytest.mark.parametrize("other", [("login", "ben"), ("register", "ada"), ("login/ada", "")])
async def test_limits_of_others_are_their_own(redis: Redis, other: tuple[str, str]) -> None:
    limits = RateLimits(redis)
    for _ in range(4):
        await is_allowed(limits, "login", "ada")

    assert await is_allowed(limits, *other)


async def test_nothing_stays_in_redis_forever(redis: Redis) -> None:
    await is_allowed(RateLimits(redis), "login", "ada")

    keys = await redis.keys("*limit*")

    assert keys
    for key in keys:
        assert 0 < await redis.ttl(key) <= 120


async def test_registrations_from_one_address_are_limited(
    app: RunningApp, change: ChangeSettings
) -> None:
    change(auth_settings, register_address_limit=parse("2/minute"))
    client = app.client(address="198.51.100.7")
    for _ in range(2):
        response = await client.post("/auth/register", json=registration())
        assert response.status_code == 201

    response = await client.post("/auth/register", json=registration())

    assert_problem(response, 429, "too_many_requests")
    assert 1 <= int(response.headers["retry-after"]) <= 60
    elsewhere = app.client(address="203.0.113.9")
    assert (await elsewhere.post("/auth/register", json=registration())).status_code == 201
