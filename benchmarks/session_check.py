"""What it costs to check whose token a request carries, taken apart: run inside a project.

Prints JSON: for each part the microseconds of time and of this process's CPU that it takes. The
parts follow one another as in a request: repeated by itself, each would find all caches warm.
"""

import argparse
import json
import os
import time
from itertools import pairwise
from statistics import median

import uvloop
from redis.asyncio import Redis
from src.auth import logins, sessions, tokens
from src.auth.clients import Client
from src.config import database_settings, redis_settings
from src.database import Database, open_database
from src.main import tune_garbage_collector
from src.redis import open_redis
from src.services import open_services

WARM_UP = 200  # calls
PARTS = (
    "the token's signature and claims",
    "the session, in Redis",
    "the account, in PostgreSQL",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=2000)
    parser.add_argument("--core", type=int, help="to run on")
    options = parser.parse_args()
    if options.core is not None:
        os.sched_setaffinity(0, {options.core})
    print(json.dumps(uvloop.run(_measure(options.calls))))


async def _measure(calls: int) -> dict[str, dict[str, float]]:
    async with (
        open_services() as services,
        open_database(services.database_url, database_settings) as database,
        open_redis(services.redis_url, redis_settings) as redis,
    ):
        user_id = await database.reads.fetchval("SELECT min(id) FROM user_account")
        client = Client("127.0.0.1", "somebody")
        claims, _ = await sessions.open_session(redis, user_id=user_id, client=client)
        token = tokens.create_access_token(claims)
        tune_garbage_collector()
        for _ in range(WARM_UP):
            await _check(database, redis, token)
        checks = [await _check(database, redis, token) for _ in range(calls)]
    parts = dict(zip(PARTS, zip(*checks, strict=True), strict=True))
    costs = {
        name: {"time": median(took for took, _ in part), "cpu": median(cpu for _, cpu in part)}
        for name, part in parts.items()
    }
    whole = {kind: sum(cost[kind] for cost in costs.values()) for kind in ("time", "cpu")}
    return {**costs, "all of it": whole}


async def _check(database: Database, redis: Redis, token: str) -> list[tuple[float, float]]:
    """What `get_optional_user` does about a login's token; microseconds of time and CPU by part."""
    moments = [_now()]
    claims = tokens.read_access_token(token)
    moments.append(_now())
    is_alive = await sessions.is_alive(redis, claims)
    moments.append(_now())
    user = await logins.get_authenticated(database, claims=claims)
    moments.append(_now())
    if not is_alive or user is None:
        raise PermissionError
    return [
        (1e6 * (after[0] - before[0]), 1e6 * (after[1] - before[1]))
        for before, after in pairwise(moments)
    ]


def _now() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


if __name__ == "__main__":
    main()
