"""Requests that are made at the same time, to get between a check and what follows it."""

import asyncio
from collections import Counter

import httpx2
import pytest

from src.auth.constants import TOKENS_MAX
from src.database import Database
from tests.accounts import Account
from tests.attacks.doors import log_in, refresh, reset_password, show_bearer
from tests.attacks.loot import reset_link
from tests.attacks.traces import stored_rows
from tests.auth.routes import NEW_PASSWORD
from tests.contract import assert_problem
from tests.factories import PASSWORD, registration
from tests.fixtures import CreateAccount
from tests.outbox import Outbox
from tests.users.routes import NEW_TOKEN

AT_ONCE = 50


def statuses(responses: list[httpx2.Response]) -> Counter[int]:
    return Counter(response.status_code for response in responses)


async def test_of_many_who_register_one_name_at_a_time_one_has_it(
    client: httpx2.AsyncClient, database: Database, outbox: Outbox
) -> None:
    bodies = [registration(username="the_name") for _ in range(AT_ONCE)]

    responses = await asyncio.gather(*(client.post("/auth/register", json=body) for body in bodies))

    assert statuses(responses) == {201: 1, 409: AT_ONCE - 1}
    for response in responses:
        if response.status_code != 201:
            assert_problem(response, 409, "account_exists")
    assert len((await stored_rows(database))["user_account"]) == 1
    assert len(await outbox.letters()) == 1


async def test_of_many_who_rename_themselves_at_a_time_one_has_the_name(
    create: CreateAccount, database: Database
) -> None:
    accounts = [await create() for _ in range(10)]

    responses = await asyncio.gather(
        *(it.client.patch("/users/me", json={"username": "the_name"}) for it in accounts)
    )

    assert statuses(responses) == {200: 1, 409: 9}
    names = [row["username"] for row in (await stored_rows(database))["user_account"]]
    assert names.count("the_name") == 1


@pytest.mark.parametrize("attempt", range(4))
async def test_a_login_by_the_old_password_does_not_outlive_a_reset(
    author: Account, client: httpx2.AsyncClient, outbox: Outbox, attempt: int
) -> None:
    link = await reset_link(author, outbox)
    old = [log_in(client, author.username) for _ in range(8)]

    *logins, reset = await asyncio.gather(
        *old[: attempt * 2], *old[attempt * 2 :], reset_password(client, link)
    )

    assert reset.status_code == 204
    for login in logins:
        if login.status_code == 200:
            tokens = login.json()
            assert (await show_bearer(client, tokens["access_token"])).status_code == 401
            assert (await refresh(client, tokens["refresh_token"])).status_code == 401
        else:
            assert_problem(login, 401, "invalid_credentials")


@pytest.mark.parametrize("attempt", range(4))
async def test_a_login_by_the_old_password_does_not_outlive_a_change_of_it(
    author: Account, client: httpx2.AsyncClient, attempt: int
) -> None:
    body = {"current_password": PASSWORD, "password": NEW_PASSWORD}
    logins = [log_in(client, author.username) for _ in range(2 * attempt)]

    *before, changed, last = await asyncio.gather(
        *logins,
        author.client.post("/users/me/password", json=body),
        log_in(client, author.username),
    )

    assert changed.status_code == 204
    for login in (*before, last):
        if login.status_code == 200:
            token = login.json()["access_token"]
            assert (await show_bearer(client, token)).status_code == 401
    assert (await author.client.get("/users/me")).status_code == 200, "the one that asked stays"


async def test_nobody_has_more_access_tokens_than_allowed(
    author: Account, database: Database
) -> None:
    requests = TOKENS_MAX + 10

    responses = await asyncio.gather(
        *(author.client.post("/users/me/access-tokens", json=NEW_TOKEN) for _ in range(requests))
    )

    assert statuses(responses) == {201: TOKENS_MAX, 409: 10}
    assert len((await stored_rows(database))["user_access_token"]) == TOKENS_MAX
