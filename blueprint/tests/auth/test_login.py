"""`POST /auth/token`."""

import asyncio
from typing import Any

import bcrypt
import httpx2
import jwt
import pytest
from limits import parse
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from redis.asyncio import Redis
from sqlmodel import select

from src.auth import passwords
from src.auth.config import auth_settings
from src.auth.models import User
from src.database import Database, Statement
from tests.accounts import Account
from tests.contract import assert_problem, refused_fields
from tests.factories import PASSWORD, insert, user_row
from tests.fixtures import ChangeSettings, CreateAccount

STORED_HASH = Statement(select(User.hashed_password))


async def log_in(
    client: httpx2.AsyncClient, username: str, password: str = PASSWORD
) -> httpx2.Response:
    return await client.post("/auth/token", data={"username": username, "password": password})


@pytest.fixture
async def ada(create: CreateAccount) -> Account:
    return await create(username="ada_l", email="ada@example.com")


@pytest.mark.parametrize("login", ["ada_l", "ADA_L", "ada@example.com", "Ada@Example.COM"])
async def test_one_logs_in_by_name_or_address_in_any_case(
    client: httpx2.AsyncClient, ada: Account, login: str
) -> None:
    response = await log_in(client, login)

    assert response.status_code == 200
    assert response.json()["token_type"] == "bearer"
    assert response.headers["cache-control"] == "no-store"
    me = await ada.app.client(response.json()["access_token"]).get("/users/me")
    assert me.json()["id"] == ada.id


async def test_an_access_token_holds_the_registered_claims(
    client: httpx2.AsyncClient, ada: Account
) -> None:
    body = (await log_in(client, "ada_l")).json()

    decoded = jwt.decode_complete(
        body["access_token"],
        auth_settings.jwt_secret.get_secret_value(),
        algorithms=["HS256"],
        audience=auth_settings.jwt_audience,
        issuer=auth_settings.jwt_issuer,
    )
    claims = decoded["payload"]
    assert set(claims) == {"sub", "sid", "iat", "exp", "jti", "iss", "aud"}
    assert claims["sub"] == str(ada.id)
    assert claims["exp"] - claims["iat"] == body["expires_in"] == 30 * 60
    assert decoded["header"] == {"alg": "HS256", "typ": "at+jwt"}


async def test_each_login_is_a_session_of_its_own(client: httpx2.AsyncClient, ada: Account) -> None:
    first, second = [(await log_in(client, "ada_l")).json() for _ in range(2)]

    logout = await ada.app.client(first["access_token"]).post("/auth/logout")

    assert logout.status_code == 204
    me = await ada.app.client(second["access_token"]).get("/users/me")
    assert me.status_code == 200


async def test_an_unknown_user_and_a_wrong_password_look_the_same(
    client: httpx2.AsyncClient, ada: Account
) -> None:
    unknown = assert_problem(await log_in(client, "nobody"), 401, "invalid_credentials")
    response = await log_in(client, "ada_l", "Wrong-Horse-7-Battery")
    wrong = assert_problem(response, 401, "invalid_credentials")

    del unknown["request_id"], wrong["request_id"]
    assert unknown == wrong
    assert response.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("login", ["ada_l", "nobody", "\x00", "n" * 1000])
async def test_a_refused_login_takes_one_hash_whatever_the_reason(
    client: httpx2.AsyncClient, ada: Account, monkeypatch: pytest.MonkeyPatch, login: str
) -> None:
    passwords._hash_of_nothing()
    hashed: list[str] = []
    verify = passwords.HASHER.verify_and_update

    def note(password: str, stored: str) -> Any:
        hashed.append(stored)
        return verify(password, stored)

    monkeypatch.setattr(passwords.HASHER, "verify_and_update", note)

    response = await log_in(client, login, "Wrong-Horse-7-Battery")

    assert_problem(response, 401, "invalid_credentials")
    assert len(hashed) == 1
    parameters = {tuple(it.split("$")[:4]) for it in (*hashed, ada.user.hashed_password)}
    assert len(parameters) == 1, "the hash of nobody must cost as much as a real one"


@pytest.mark.parametrize("login", ["\x00", "ada\x00l", "a" * 10_000, "'; --", "ädå", "%", "\ufffe"])
async def test_an_odd_user_name_is_just_unknown(
    client: httpx2.AsyncClient, ada: Account, login: str
) -> None:
    assert_problem(await log_in(client, login), 401, "invalid_credentials")


@pytest.mark.parametrize("password", ["\x00", "p" * 100_000, "ä", " "])
async def test_an_odd_password_is_just_wrong(
    client: httpx2.AsyncClient, ada: Account, password: str
) -> None:
    assert_problem(await log_in(client, "ada_l", password), 401, "invalid_credentials")


async def test_a_password_is_not_trimmed(client: httpx2.AsyncClient, ada: Account) -> None:
    assert_problem(await log_in(client, "ada_l", f"{PASSWORD} "), 401, "invalid_credentials")


async def test_an_incomplete_form_is_refused(client: httpx2.AsyncClient) -> None:
    response = await client.post("/auth/token", data={"grant_type": "magic"})

    assert refused_fields(response) == {"/body/grant_type", "/body/username", "/body/password"}


async def test_a_weaker_hash_is_renewed_at_login(
    client: httpx2.AsyncClient, database: Database
) -> None:
    weaker = PasswordHash([Argon2Hasher(memory_cost=64, time_cost=1, parallelism=1)])
    user = user_row(username="ada_l", hashed_password=weaker.hash(PASSWORD))
    await insert(database, user)

    assert (await log_in(client, "ada_l")).status_code == 200

    row = await database.fetch_one(STORED_HASH)
    assert row
    assert row["hashed_password"] != user.hashed_password
    assert passwords.HASHER.verify_and_update(PASSWORD, row["hashed_password"]) == (True, None)
    assert (await log_in(client, "ada_l")).status_code == 200


async def test_guessing_at_one_account_is_limited(
    client: httpx2.AsyncClient, ada: Account, change: ChangeSettings
) -> None:
    change(auth_settings, login_limit=parse("3/minute"))
    for name in ("ada_l", "ADA_L", "Ada_L"):
        await log_in(client, name, "Wrong-Horse-7-Battery")

    response = await log_in(client, "ada_l")

    assert_problem(response, 429, "too_many_requests")
    assert 1 <= int(response.headers["retry-after"]) <= 60
    assert (await log_in(client, "somebody_else")).status_code == 401


async def test_guessing_from_one_address_is_limited(ada: Account, change: ChangeSettings) -> None:
    change(auth_settings, login_address_limit=parse("3/minute"))
    guesser = ada.app.client(address="198.51.100.7")
    for name in ("ann", "ben", "cid"):
        assert (await log_in(guesser, name)).status_code == 401

    assert_problem(await log_in(guesser, "dan"), 429, "too_many_requests")
    assert (await log_in(ada.app.client(address="203.0.113.9"), "ada_l")).status_code == 200


async def test_a_limit_ends_when_its_time_is_over(
    client: httpx2.AsyncClient, ada: Account, change: ChangeSettings
) -> None:
    change(auth_settings, login_limit=parse("1/second"))
    await log_in(client, "ada_l")

    async with asyncio.timeout(10):
        while (await log_in(client, "ada_l")).status_code == 429:  # noqa: ASYNC110  (the clock)
            await asyncio.sleep(0.2)


async def test_a_session_ends_by_itself_in_redis(
    client: httpx2.AsyncClient, ada: Account, redis: Redis
) -> None:
    await log_in(client, "ada_l")

    keys = [key async for key in redis.scan_iter("*session*")]

    assert len(keys) == 3, "two sessions, and the list of them"
    week = 7 * 24 * 60 * 60
    for key in keys:
        assert week - 60 < await redis.ttl(key) <= week


@pytest.mark.parametrize("password", [PASSWORD, "long-" * 20 + "Horse-7"])
@pytest.mark.parametrize("prefix", [b"2a", b"2b"])
async def test_a_bcrypt_hash_is_accepted_and_replaced(
    client: httpx2.AsyncClient, database: Database, password: str, prefix: bytes
) -> None:
    hashed = bcrypt.hashpw(password.encode()[:72], bcrypt.gensalt(4, prefix)).decode()
    await insert(database, user_row(username="ada_l", hashed_password=hashed))
    wrong = "Wrong-Horse-7-Battery"
    assert_problem(await log_in(client, "ada_l", wrong), 401, "invalid_credentials")

    assert (await log_in(client, "ada_l", password)).status_code == 200

    row = await database.fetch_one(STORED_HASH)
    assert row
    assert row["hashed_password"].startswith("$argon2id$")
    assert (await log_in(client, "ada_l", password)).status_code == 200
    assert_problem(await log_in(client, "ada_l", password[:72] + "!"), 401, "invalid_credentials")
