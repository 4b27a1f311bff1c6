"""A token of one kind, given where another is expected."""

import httpx2
import pytest
from redis.asyncio import Redis

from src.auth.access_tokens import PREFIX
from src.database import Database
from tests.accounts import Account
from tests.attacks.doors import DOORS, show_bearer
from tests.attacks.loot import LOOT, personal_access_token
from tests.attacks.traces import stored_rows, stored_sessions
from tests.contract import assert_problem
from tests.fixtures import CreateAccount
from tests.outbox import Outbox

WRONG_PAIRS = [(kind, door) for kind, (_, right) in LOOT.items() for door in DOORS if door != right]
OPENED = {
    **dict.fromkeys(LOOT, 200),
    **dict.fromkeys(["verify link", "reset link"], 204),
    "challenge": 403,  # it is one, but the code is wrong
}


@pytest.mark.parametrize(("kind", "door"), WRONG_PAIRS)
async def test_a_token_opens_no_door_of_another_kind(
    author: Account,
    client: httpx2.AsyncClient,
    outbox: Outbox,
    database: Database,
    redis: Redis,
    kind: str,
    door: str,
) -> None:
    token = await LOOT[kind][0](author, outbox)
    before = await stored_rows(database), await stored_sessions(redis)

    await DOORS[door].assert_refuses(client, token)

    assert (await stored_rows(database), await stored_sessions(redis)) == before


@pytest.mark.parametrize("kind", LOOT)
async def test_a_token_opens_its_own_door(
    author: Account, client: httpx2.AsyncClient, outbox: Outbox, kind: str
) -> None:
    steal, door = LOOT[kind]

    response = await DOORS[door].enter(client, await steal(author, outbox))

    assert response.status_code == OPENED[kind], response.text


@pytest.mark.parametrize("kind", [kind for kind, (_, door) in LOOT.items() if door != "bearer"])
async def test_no_link_or_half_login_speaks_for_somebody_who_shows_it_anywhere(
    author: Account, outbox: Outbox, kind: str
) -> None:
    token = await LOOT[kind][0](author, outbox)

    for path in ("/auth/sessions", "/users/me", "/users/me/access-tokens"):
        response = await author.app.client(token).get(path)
        assert_problem(response, 401, "invalid_token")


async def test_a_token_in_the_query_or_a_cookie_or_another_scheme_is_not_looked_at(
    author: Account, client: httpx2.AsyncClient
) -> None:
    token = author.access_token
    attempts = [
        await client.get("/users/me", params={"access_token": token, "token": token}),
        await client.get("/users/me", headers={"Cookie": f"access_token={token}"}),
        await client.get("/users/me", headers={"Authorization": token}),
        await client.get("/users/me", headers={"Authorization": f"Token {token}"}),
        await client.get("/users/me", headers={"X-Access-Token": token}),
    ]

    for response in attempts:
        assert_problem(response, 401, "not_authenticated")


@pytest.mark.parametrize("change", [str.upper, str.lower, str.swapcase, lambda token: token[:-1]])
async def test_a_personal_access_token_is_good_only_as_it_was_shown(
    author: Account, client: httpx2.AsyncClient, outbox: Outbox, change: "type[str]"
) -> None:
    token = await personal_access_token(author, outbox)

    assert_problem(await show_bearer(client, change(token)), 401, "invalid_token")


async def test_what_the_database_holds_of_a_personal_access_token_is_no_token(
    author: Account, client: httpx2.AsyncClient, outbox: Outbox, database: Database
) -> None:
    token = await personal_access_token(author, outbox)
    (row,) = (await stored_rows(database))["user_access_token"]
    prefix = token.removesuffix(token.rpartition("_")[2])

    for stolen in (row["digest"], f"{prefix}{row['digest']}", f"{PREFIX}{row['digest']}"):
        assert_problem(await show_bearer(client, stolen), 401, "invalid_token")


@pytest.mark.parametrize("tail", ["", "\x01", "ä", "x" * 5_000, "%", "' OR 1=1 --"])
async def test_a_made_up_personal_access_token_is_refused(
    client: httpx2.AsyncClient, create: CreateAccount, outbox: Outbox, tail: str
) -> None:
    await personal_access_token(await create(), outbox)

    assert_problem(await show_bearer(client, f"{PREFIX}{tail}"), 401, "invalid_token")
