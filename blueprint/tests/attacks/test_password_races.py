"""A password that is set while others are busy with the one before it: the new one stays."""

import asyncio

import bcrypt
import httpx2
import pytest

from tests.accounts import Account
from tests.attacks.doors import log_in, reset_password
from tests.attacks.holding import held_accounts
from tests.attacks.loot import reset_link
from tests.auth.routes import NEW_PASSWORD
from tests.contract import assert_problem
from tests.factories import PASSWORD
from tests.fixtures import CreateAccount
from tests.outbox import Outbox
from tests.servers import Urls

OLD_HASH = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
OTHER_PASSWORD = "Third-Horse-9-Battery"


async def change_password(owner: Account, password: str = OTHER_PASSWORD) -> httpx2.Response:
    body = {"current_password": PASSWORD, "password": password}
    return await owner.client.post("/users/me/password", json=body)


async def assert_opened_by(owner: Account, password: str, *others: str) -> None:
    client = owner.app.client()
    assert (await log_in(client, owner.username, password)).status_code == 200
    for other in others:
        refused = await log_in(client, owner.username, other)
        assert_problem(refused, 401, "invalid_credentials")


@pytest.fixture
async def newcomer(create: CreateAccount) -> Account:
    """Somebody whose password hash came from another application."""
    return await create(hashed_password=OLD_HASH)


async def test_an_old_hash_that_is_replaced_at_a_login_does_not_undo_a_reset(
    newcomer: Account, client: httpx2.AsyncClient, outbox: Outbox, urls: Urls
) -> None:
    link = await reset_link(newcomer, outbox)
    async with held_accounts(urls) as held:
        reset = await held.queue(reset_password(client, link))
        login = await held.queue(log_in(client, newcomer.username))

    assert (await reset).status_code == 204
    assert_problem(await login, 401, "invalid_credentials")
    await assert_opened_by(newcomer, NEW_PASSWORD, PASSWORD)


async def test_an_old_hash_that_is_replaced_at_a_login_does_not_undo_a_change_of_the_password(
    newcomer: Account, client: httpx2.AsyncClient, urls: Urls
) -> None:
    async with held_accounts(urls) as held:
        changed = await held.queue(change_password(newcomer))
        login = await held.queue(log_in(client, newcomer.username))

    assert (await changed).status_code == 204
    assert_problem(await login, 401, "invalid_credentials")
    await assert_opened_by(newcomer, OTHER_PASSWORD, PASSWORD)


async def test_logins_that_replace_an_old_hash_at_once_leave_one_that_opens_the_account(
    newcomer: Account, client: httpx2.AsyncClient, urls: Urls
) -> None:
    async with held_accounts(urls) as held:
        logins = [await held.queue(log_in(client, newcomer.username)) for _ in range(2)]
    first, second = await asyncio.gather(*logins)

    assert first.status_code == 200
    assert second.status_code in {200, 401}, "whoever compared with the old hash may have to repeat"
    await assert_opened_by(newcomer, PASSWORD)


async def test_a_change_of_the_password_that_waits_for_a_reset_does_not_undo_it(
    author: Account, client: httpx2.AsyncClient, outbox: Outbox, urls: Urls
) -> None:
    link = await reset_link(author, outbox)
    async with held_accounts(urls) as held:
        reset = await held.queue(reset_password(client, link))
        changed = await held.queue(change_password(author))

    assert (await reset).status_code == 204
    assert_problem(await changed, 401, "session_ended")
    await assert_opened_by(author, NEW_PASSWORD, OTHER_PASSWORD, PASSWORD)


async def test_of_two_changes_of_the_password_by_one_session_at_once_the_first_stays(
    author: Account, urls: Urls
) -> None:
    async with held_accounts(urls) as held:
        first = await held.queue(change_password(author, NEW_PASSWORD))
        second = await held.queue(change_password(author, OTHER_PASSWORD))

    assert (await first).status_code == 204
    assert_problem(await second, 403, "wrong_password")
    await assert_opened_by(author, NEW_PASSWORD, OTHER_PASSWORD, PASSWORD)
