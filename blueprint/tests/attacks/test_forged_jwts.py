"""Access tokens and half logins (JWTs) that somebody else than the application has made."""

import time
from collections.abc import Callable
from typing import Any

import httpx2
import jwt
import pytest
from redis.asyncio import Redis

from src.database import Database
from tests.accounts import Account
from tests.attacks.doors import DOORS, show_bearer
from tests.attacks.forging import (
    FORGERS_KEY,
    payload_of,
    signed,
    signed_by_a_key_of_its_own,
    signed_with_a_public_key,
    unsigned,
)
from tests.attacks.loot import LOOT
from tests.attacks.traces import stored_rows, stored_sessions
from tests.contract import assert_problem
from tests.outbox import Outbox

Forge = Callable[[str], str]

FORGERIES: dict[str, Forge] = {
    "algorithm none": lambda token: unsigned(token, "none"),
    "algorithm None": lambda token: unsigned(token, "None"),
    "algorithm NONE": lambda token: unsigned(token, "NONE"),
    "no algorithm": lambda token: unsigned(token, ""),
    "HS256 without a signature": lambda token: unsigned(token, "HS256"),
    "HS384": lambda token: signed(token, headers={"alg": "HS384"}),
    "HS512": lambda token: signed(token, headers={"alg": "HS512"}),
    "RS256 by a key of its own": signed_by_a_key_of_its_own,
    "a public key as the secret": signed_with_a_public_key,
    "the forger's key": lambda token: signed(token, key=FORGERS_KEY),
    "kid of an empty file": lambda token: signed(
        token, key=FORGERS_KEY, headers={"kid": "../../../dev/null"}
    ),
    "kid with SQL": lambda token: signed(
        token, key=FORGERS_KEY, headers={"kid": f"x' UNION SELECT '{FORGERS_KEY}' --"}
    ),
    "jku": lambda token: signed(
        token, key=FORGERS_KEY, headers={"jku": "https://evil.example/keys"}
    ),
    "x5u": lambda token: signed(
        token, key=FORGERS_KEY, headers={"x5u": "https://evil.example/certificate"}
    ),
    "crit that nobody knows": lambda token: signed(
        token, headers={"crit": ["unknown"], "unknown": 1}
    ),
    "crit under the forger's key": lambda token: signed(
        token, key=FORGERS_KEY, headers={"crit": ["exp"], "exp": 1}
    ),
    "another audience": lambda token: signed(token, aud="another"),
    "another issuer": lambda token: signed(token, iss="another"),
    "another type": lambda token: signed(token, headers={"typ": "JWT"}),
    "the type of a nested token": lambda token: signed(token, headers={"cty": "JWT", "typ": ""}),
    "expired": lambda token: signed(token, exp=int(time.time()) - 1),
    "not yet": lambda token: signed(token, nbf=int(time.time()) + 3600),
    "nobody": lambda token: signed(token, sub="0"),
    "less than nobody": lambda token: signed(token, sub="-1"),
    "two parts": lambda token: token.rpartition(".")[0],
    "four parts": lambda token: f"{token}.{token}",
    "a letter more": lambda token: f"{token}A",
    "cut": lambda token: token[:-4],
    "in capitals": str.upper,
}
KINDS = {"access token": "bearer", "challenge": "second-factor"}


@pytest.mark.parametrize("forgery", FORGERIES)
@pytest.mark.parametrize("kind", KINDS)
async def test_a_forged_jwt_opens_nothing(
    author: Account,
    client: httpx2.AsyncClient,
    outbox: Outbox,
    database: Database,
    redis: Redis,
    kind: str,
    forgery: str,
) -> None:
    forged = FORGERIES[forgery](await LOOT[kind][0](author, outbox))
    before = await stored_rows(database), await stored_sessions(redis)

    await DOORS[KINDS[kind]].assert_refuses(client, forged)

    assert (await stored_rows(database), await stored_sessions(redis)) == before
    assert (await author.client.get("/users/me")).status_code == 200


async def test_a_jwt_made_here_under_the_right_key_is_a_good_one(
    author: Account, client: httpx2.AsyncClient
) -> None:
    assert (await show_bearer(client, signed(author.access_token))).status_code == 200


async def test_a_half_login_under_the_type_of_an_access_token_is_none(
    author: Account, client: httpx2.AsyncClient, outbox: Outbox
) -> None:
    half = await LOOT["challenge"][0](author, outbox)
    whole = signed(half, headers={"typ": "at+jwt"})

    assert_problem(await show_bearer(client, whole), 401, "invalid_token")


@pytest.mark.parametrize("swap", ["session", "user"])
async def test_a_session_speaks_for_nobody_but_its_user(
    author: Account, reader: Account, client: httpx2.AsyncClient, swap: str
) -> None:
    ours, theirs = payload_of(author.access_token), payload_of(reader.access_token)
    changes: dict[str, Any] = (
        {"sid": theirs["sid"]} if swap == "session" else {"sub": theirs["sub"]}
    )

    mixed = await show_bearer(client, signed(author.access_token, **changes))

    assert_problem(mixed, 401, "session_ended")
    assert ours["sid"] != theirs["sid"]
    for account in (author, reader):
        assert (await account.client.get("/users/me")).status_code == 200


@pytest.mark.parametrize("sid", ["", "*", "x:y", "{1}", "\x00", "a" * 10_000, 7, None, ["x"], {}])
async def test_an_odd_session_is_just_not_there(
    author: Account, client: httpx2.AsyncClient, sid: Any
) -> None:
    response = await show_bearer(client, signed(author.access_token, sid=sid))

    assert response.status_code == 401


@pytest.mark.parametrize("sub", ["", " ", "1.0", "0x1", "1e3", "9" * 5_000, "\u0661"])
async def test_an_odd_user_is_nobody(author: Account, client: httpx2.AsyncClient, sub: str) -> None:
    response = await show_bearer(client, signed(author.access_token, sub=sub))

    assert response.status_code == 401


async def test_the_payload_of_one_token_under_the_signature_of_another_is_refused(
    author: Account, reader: Account, client: httpx2.AsyncClient
) -> None:
    header, payload, signature = author.access_token.split(".")
    other = reader.access_token.split(".")

    for parts in ((header, other[1], signature), (header, payload, other[2])):
        assert_problem(await show_bearer(client, ".".join(parts)), 401, "invalid_token")


async def test_an_access_token_names_no_secret(author: Account) -> None:
    payload = payload_of(author.access_token)

    assert set(payload) == {"sub", "sid", "iat", "exp", "jti", "iss", "aud"}
    assert set(jwt.get_unverified_header(author.access_token)) == {"alg", "typ"}
