"""What the application does while PostgreSQL or Redis is away, and that it heals by itself."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from limits import parse

from src.auth.config import auth_settings
from src.cache.reading import Cache  # [cache]
from src.config import database_settings, redis_settings
from src.database import open_database
from src.emails.mailbox import find_letters
from src.limits import RateLimits
from src.main import State
from src.redis import open_redis
from src.worker import working
from tests.accounts import Account
from tests.clients import RunningApp
from tests.contract import assert_problem
from tests.factories import PASSWORD, registration
from tests.fixtures import ChangeSettings
from tests.outbox import Outbox
from tests.proxies import Proxy
from tests.routes import PAGES, ROUTES, call, make_things
from tests.routing import Key
from tests.servers import Urls

CHANGE = {"first_name": "Grace"}
WITHOUT_DATABASE = {
    ("GET", "/health/live"),
    ("POST", "/auth/logout"),
    ("GET", "/media/files/{file_token}"),  # [media]
}
# Such a token is refused by its signature, before anything is looked for.
MADE_UP = {key for key, route in ROUTES.items() if route.status in {400, 401}}
READING_THE_DATABASE = [
    key for key in ROUTES if key not in WITHOUT_DATABASE | MADE_UP and not key[1].startswith(PAGES)
]


@dataclass(frozen=True)
class FragileApp:
    """The application on servers that can be lost."""

    app: RunningApp
    postgres: Proxy
    redis: Proxy
    database_url: str

    def as_seen_by(self, account: Account) -> httpx2.AsyncClient:
        return self.app.client(account.access_token)


@pytest.fixture
def patience() -> dict[str, float]:
    """How long the application waits for its servers; a test may shorten it."""
    return {"pool_timeout": 60.0, "connect_timeout": 60.0, "statement_timeout": 60.0}


@pytest.fixture
async def fragile(
    app: RunningApp, urls: Urls, patience: dict[str, float]
) -> AsyncIterator[FragileApp]:
    folder = Path(tempfile.mkdtemp(prefix="t-"))
    (servers,) = parse_qs(urlsplit(urls.database).query)["host"]
    postgres = Proxy(folder / ".s.PGSQL.5432", f"{servers}/.s.PGSQL.5432")
    redis = Proxy(folder / "redis.sock", urlsplit(urls.redis).path)
    await postgres.mend()
    await redis.mend()
    database_url = urls.database.replace(f"host={servers}", f"host={folder}")
    redis_url = urls.redis.replace(urlsplit(urls.redis).path, str(redis.socket))
    async with (
        open_database(database_url, database_settings.model_copy(update=patience)) as database,
        open_redis(redis_url, redis_settings.model_copy(update={"timeout": 0.5})) as client,
    ):
        state: State = {
            **app.state,
            "database": database,
            "redis": client,
            "limits": RateLimits(client),
            "cache": Cache(client, database),  # [cache]
        }
        yield FragileApp(RunningApp(app.app, state), postgres, redis, database_url)
        await postgres.cut()
        await redis.cut()
    shutil.rmtree(folder)


@pytest.mark.parametrize("key", READING_THE_DATABASE, ids=" ".join)
async def test_without_a_database_requests_are_told_to_come_back(
    fragile: FragileApp, author: Account, key: Key
) -> None:
    things = await make_things(author, key)
    await fragile.postgres.cut()

    response = await call(fragile.as_seen_by(author), key, things)

    code = "not_ready" if key[1] == "/health/ready" else "database_unavailable"
    assert_problem(response, 503, code)
    assert int(response.headers["retry-after"]) >= 1


async def test_a_database_that_comes_back_is_used_at_once(
    fragile: FragileApp, author: Account
) -> None:
    client = fragile.as_seen_by(author)
    for number in range(2):
        assert (await client.get("/users/me")).status_code == 200
        change = {"first_name": f"Number {number}"}
        assert (await client.patch("/users/me", json=change)).status_code == 200

        await fragile.postgres.cut()
        assert (await client.get("/users/me")).status_code == 503
        assert (await client.patch("/users/me", json=CHANGE)).status_code == 503
        await fragile.postgres.mend()
        assert (await client.get("/users/me")).json()["first_name"] == f"Number {number}"

    assert (await client.patch("/users/me", json=CHANGE)).status_code == 200


async def test_connections_that_died_while_idle_are_not_noticed(
    fragile: FragileApp, author: Account
) -> None:
    client = fragile.as_seen_by(author)
    for _ in range(3):
        requests = [client.get("/users/me") for _ in range(4)]
        requests += [client.patch("/users/me", json=CHANGE) for _ in range(4)]
        assert {response.status_code for response in await asyncio.gather(*requests)} == {200}
        fragile.postgres.drop_connections()
        fragile.redis.drop_connections()
        await asyncio.sleep(0.05)  # idle: the event loop comes to see it


@pytest.mark.parametrize(
    "patience", [{"pool_timeout": 0.5, "connect_timeout": 0.5, "statement_timeout": 0.5}]
)
async def test_a_database_that_does_not_answer_holds_no_request_forever(
    fragile: FragileApp, author: Account
) -> None:
    client = fragile.as_seen_by(author)
    assert (await client.get("/users/me")).status_code == 200
    fragile.postgres.block()

    async with asyncio.timeout(20):
        responses = [
            await client.get("/users/me"),
            await client.patch("/users/me", json=CHANGE),
        ]

    for response in responses:
        assert_problem(response, 503, "database_unavailable")
    await fragile.postgres.mend()
    async with asyncio.timeout(20):
        while (await client.get("/users/me")).status_code != 200:  # noqa: ASYNC110  (heals alone)
            await asyncio.sleep(0.05)


async def test_a_full_pool_is_an_outage(app: RunningApp, urls: Urls, author: Account) -> None:
    one = {"pool_size": 1, "max_overflow": 0, "pool_timeout": 0.05}
    async with open_database(urls.database, database_settings.model_copy(update=one)) as database:
        busy = RunningApp(app.app, {**app.state, "database": database})
        client = busy.client(author.access_token)
        async with database.engine.connect():
            response = await client.patch("/users/me", json=CHANGE)
            assert response.status_code == 503
            assert response.headers["retry-after"]
        response = await client.patch("/users/me", json=CHANGE)
        assert response.status_code == 200


async def test_without_redis_a_valid_token_is_good_enough(
    fragile: FragileApp, author: Account
) -> None:
    await fragile.redis.cut()
    client = fragile.as_seen_by(author)

    assert (await client.get("/users/me")).json()["id"] == author.id
    assert (await client.patch("/users/me", json=CHANGE)).status_code == 200
    forged = fragile.app.client(author.access_token[:-8] + "forgery0")
    assert_problem(await forged.get("/users/me"), 401, "invalid_token")


async def test_without_redis_strict_revocation_refuses_every_token(
    fragile: FragileApp, author: Account, change: ChangeSettings
) -> None:
    change(auth_settings, strict_revocation=True)
    client = fragile.as_seen_by(author)
    assert (await client.get("/users/me")).status_code == 200
    await fragile.redis.cut()

    response = await client.get("/users/me")

    assert_problem(response, 503, "sessions_unavailable")
    assert int(response.headers["retry-after"]) >= 1
    await fragile.redis.mend()
    assert (await client.get("/users/me")).status_code == 200


async def test_without_redis_no_session_begins_is_refreshed_or_ends(
    fragile: FragileApp, author: Account
) -> None:
    await fragile.redis.cut()
    client = fragile.as_seen_by(author)
    form = {"username": author.username, "password": PASSWORD}

    for response in (
        await client.post("/auth/token", data=form),
        await client.post("/auth/refresh", json={"refresh_token": author.refresh_token}),
        await client.post("/auth/logout"),
    ):
        assert_problem(response, 503, "sessions_unavailable")
        assert int(response.headers["retry-after"]) >= 1

    await fragile.redis.mend()
    assert (await client.post("/auth/token", data=form)).status_code == 200


async def test_without_redis_an_account_can_be_deleted(
    fragile: FragileApp, author: Account
) -> None:
    await fragile.redis.cut()
    client = fragile.as_seen_by(author)

    assert (await client.delete("/users/me")).status_code == 204

    assert_problem(await client.get("/users/me"), 401, "session_ended")


async def test_without_redis_guessing_is_limited_all_the_same(
    fragile: FragileApp, author: Account, change: ChangeSettings
) -> None:
    change(auth_settings, login_limit=parse("2/minute"))
    await fragile.redis.cut()
    form = {"username": author.username, "password": "Wrong-Horse-7-Battery"}
    client = fragile.app.client()
    for _ in range(2):
        assert_problem(await client.post("/auth/token", data=form), 401, "invalid_credentials")

    response = await client.post("/auth/token", data=form)

    assert_problem(response, 429, "too_many_requests")
    assert int(response.headers["retry-after"]) >= 1


async def test_without_redis_readiness_says_degraded(fragile: FragileApp) -> None:
    await fragile.redis.cut()

    response = await fragile.app.client().get("/health/ready")

    assert response.status_code == 200
    assert response.json()["status"] == "degraded"
    assert response.json()["redis"] == "away"
    await fragile.redis.mend()
    assert (await fragile.app.client().get("/health/ready")).json()["status"] == "ready"


async def test_readiness_never_hangs(fragile: FragileApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("src.health.service.DEADLINE", 0.3)
    client = fragile.app.client()
    assert (await client.get("/health/ready")).status_code == 200

    async with asyncio.timeout(10):
        fragile.redis.block()
        assert (await client.get("/health/ready")).json()["redis"] == "away"
        fragile.postgres.block()
        assert_problem(await client.get("/health/ready"), 503, "not_ready")
    await fragile.redis.cut()
    await fragile.postgres.cut()
    assert_problem(await client.get("/health/ready"), 503, "not_ready")


async def test_a_process_without_any_server_is_alive(fragile: FragileApp) -> None:
    await fragile.postgres.cut()
    await fragile.redis.cut()

    assert (await fragile.app.client().get("/health/live")).status_code == 200


async def test_a_worker_goes_on_when_the_database_is_back(
    fragile: FragileApp, client: httpx2.AsyncClient, outbox: Outbox
) -> None:
    async with working(fragile.app.state["database"], fragile.database_url):
        for name in ("ada_l", "grace_h"):
            body = registration(username=name, email=f"{name}@example.com")
            assert (await client.post("/auth/register", json=body)).status_code == 201
            async with asyncio.timeout(20):
                while not await find_letters(body["email"]):  # noqa: ASYNC110  (a file)
                    await asyncio.sleep(0.05)
            await fragile.postgres.cut()
            await asyncio.sleep(0.1)
            await fragile.postgres.mend()
