"""A thief's request that waits while the owner resets the password: its session is over by then."""

from typing import Any

import pytest

from src.database import Database
from tests.accounts import Account, log_in
from tests.attacks.authenticator import Authenticator
from tests.attacks.doors import reset_password
from tests.attacks.holding import Request, held_accounts
from tests.attacks.loot import reset_link
from tests.attacks.traces import stored_rows
from tests.contract import assert_problem
from tests.outbox import Outbox
from tests.routes import ROUTES, call
from tests.routing import Key
from tests.servers import Urls

BEGIN = ("POST", "/users/me/second-factor/totp")
LASTING = [
    ("POST", "/users/me/access-tokens"),
    ("POST", "/users/me/email"),
    BEGIN,
    ("POST", "/users/me/deactivate"),
]
LEFT_BEHIND = ("user_access_token", "user_email_change", "user_totp", "user_recovery_code")


@pytest.fixture
async def thief(author: Account) -> Account:
    """Somebody who has come into the author's account, and knows the password."""
    return await log_in(author.app, author.user)


async def things(database: Database) -> dict[str, Any]:
    rows = await stored_rows(database)
    (account,) = rows["user_account"]
    return {name: rows[name] for name in LEFT_BEHIND} | {"is_active": account["is_active"]}


async def assert_refused_after_a_reset(
    request: Request, owner: Account, outbox: Outbox, urls: Urls
) -> None:
    link, database = await reset_link(owner, outbox), owner.app.state["database"]
    letters, before = len(await outbox.letters()), await things(database)
    async with held_accounts(urls) as held:
        reset = await held.queue(reset_password(owner.app.client(), link))
        waiting = await held.queue(request)

    assert (await reset).status_code == 204
    assert_problem(await waiting, 401, "session_ended")
    assert await things(database) == before
    last, *earlier = await outbox.letters()
    assert "password was reset" in last.subject, "the owner hears of nothing else"
    assert len(earlier) == letters


@pytest.mark.parametrize("key", LASTING, ids=" ".join)
async def test_what_would_outlive_the_session_is_refused_after_a_reset(
    thief: Account, author: Account, outbox: Outbox, urls: Urls, key: Key
) -> None:
    await assert_refused_after_a_reset(call(thief.client, key), author, outbox, urls)


async def test_an_authenticator_that_was_begun_is_not_confirmed_after_a_reset(
    thief: Account, author: Account, outbox: Outbox, urls: Urls
) -> None:
    begun = (await call(thief.client, BEGIN)).json()
    code = {"code": Authenticator(begun["secret"], []).code()}
    confirm = thief.client.post("/users/me/second-factor/totp/confirm", json=code)

    await assert_refused_after_a_reset(confirm, author, outbox, urls)


@pytest.mark.parametrize("key", LASTING, ids=" ".join)
async def test_what_waits_for_another_change_than_of_the_password_is_done(
    author: Account, urls: Urls, key: Key
) -> None:
    async with held_accounts(urls) as held:
        waiting = await held.queue(call(author.client, key))

    assert (await waiting).status_code == ROUTES[key].status
