"""Requests that want the same rows take the account first: none runs into another (deadlock)."""

import asyncio

import httpx2
import pytest
from redis.asyncio import Redis

from tests.accounts import Account
from tests.attacks.doors import DOORS, confirm_email_change, log_in, reset_password, show_bearer
from tests.attacks.holding import held_accounts
from tests.attacks.loot import LINKS, LOOT, email_change_links, reset_link
from tests.attacks.traces import stored_sessions
from tests.auth.routes import NEW_PASSWORD
from tests.contract import assert_problem
from tests.factories import PASSWORD
from tests.outbox import Outbox
from tests.routes import call
from tests.servers import Urls

CHANGE = ("POST", "/users/me/password")
DEACTIVATE = ("POST", "/users/me/deactivate")


async def test_of_two_reset_links_that_are_used_at_once_one_is_good(
    author: Account, client: httpx2.AsyncClient, outbox: Outbox, urls: Urls
) -> None:
    links = [await reset_link(author, outbox) for _ in range(2)]
    assert len(set(links)) == 2
    async with held_accounts(urls) as held:
        first, second = [await held.queue(reset_password(client, link)) for link in links]

    assert (await first).status_code == 204
    assert_problem(await second, 400, "invalid_link")
    assert (await log_in(client, author.username, NEW_PASSWORD)).status_code == 200


async def test_a_reset_that_waits_for_a_change_of_the_password_has_no_link_any_more(
    author: Account, client: httpx2.AsyncClient, outbox: Outbox, urls: Urls
) -> None:
    link = await reset_link(author, outbox)
    async with held_accounts(urls) as held:
        changed = await held.queue(call(author.client, CHANGE))
        reset = await held.queue(reset_password(client, link, "Third-Horse-9-Battery"))

    assert (await changed).status_code == 204
    assert_problem(await reset, 400, "invalid_link")
    assert (await log_in(client, author.username, NEW_PASSWORD)).status_code == 200


async def test_two_logins_that_both_switch_an_account_on_again_both_succeed(
    author: Account, client: httpx2.AsyncClient, redis: Redis, urls: Urls
) -> None:
    assert (await call(author.client, DEACTIVATE)).status_code == 204
    async with held_accounts(urls) as held:
        logins = [await held.queue(log_in(client, author.username)) for _ in range(2)]
    responses = await asyncio.gather(*logins)

    assert [response.status_code for response in responses] == [200, 200]
    for response in responses:
        assert (await show_bearer(client, response.json()["access_token"])).status_code == 200
    assert len(await stored_sessions(redis)) == 2
    assert await redis.zcard(f"user-sessions:{{{author.id}}}") == 2


@pytest.mark.parametrize("kind", LINKS)
async def test_a_link_of_an_account_that_is_deleted_while_it_is_used_is_good_for_nothing(
    author: Account, client: httpx2.AsyncClient, outbox: Outbox, urls: Urls, kind: str
) -> None:
    steal, door = LOOT[kind]
    link = await steal(author, outbox)
    async with held_accounts(urls) as held:
        used = await held.queue(DOORS[door].enter(client, link))
        await held.delete()

    assert_problem(await used, 400, "invalid_link")


async def test_the_last_consent_of_an_account_that_is_deleted_meanwhile_changes_nothing(
    author: Account, client: httpx2.AsyncClient, outbox: Outbox, urls: Urls
) -> None:
    old, new = await email_change_links(author, outbox)
    assert (await confirm_email_change(client, old)).status_code == 200
    async with held_accounts(urls) as held:
        last = await held.queue(confirm_email_change(client, new))
        await held.delete()

    assert_problem(await last, 400, "invalid_link")


async def test_a_login_of_an_account_that_is_deleted_meanwhile_leaves_no_session(
    author: Account, client: httpx2.AsyncClient, redis: Redis, urls: Urls
) -> None:
    await author.client.post("/auth/logout")
    async with held_accounts(urls) as held:
        login = await held.queue(log_in(client, author.username, PASSWORD))
        await held.delete()

    assert_problem(await login, 401, "invalid_credentials")
    assert await stored_sessions(redis) == {}
