"""An attacker who has been in an account once, and wants to stay or to come back."""

import httpx2
import pytest

from tests.accounts import Account
from tests.accounts import log_in as open_session
from tests.attacks.authenticator import set_up_authenticator
from tests.attacks.doors import (
    complete_login,
    confirm_email_change,
    log_in,
    refresh,
    reset_password,
    show_bearer,
    verify_email,
)
from tests.attacks.loot import (
    another_challenge,
    approve_link,
    email_change_links,
    personal_access_token,
    reset_link,
)
from tests.auth.routes import NEW_PASSWORD
from tests.clients import RunningApp
from tests.contract import assert_problem
from tests.factories import PASSWORD, registration
from tests.fixtures import CreateAccount
from tests.outbox import Outbox

ATTACKERS = "attacker@example.org"


async def delete_account(owner: Account) -> None:
    assert (await owner.client.delete("/users/me")).status_code == 204


async def test_a_half_login_is_not_completed_after_the_password_was_reset(
    author: Account, client: httpx2.AsyncClient, outbox: Outbox
) -> None:
    authenticator = await set_up_authenticator(author)
    challenge = await another_challenge(author)
    assert (await reset_password(client, await reset_link(author, outbox))).status_code == 204

    response = await complete_login(client, challenge, authenticator.code())

    assert_problem(response, 401, "invalid_challenge")


async def test_a_half_login_is_not_completed_after_the_password_was_changed(
    author: Account, client: httpx2.AsyncClient
) -> None:
    authenticator = await set_up_authenticator(author)
    challenge = await another_challenge(author)
    stepped_up = await author.client.post("/auth/step-up", json={"code": authenticator.code()})
    assert stepped_up.status_code == 204
    change = {"current_password": PASSWORD, "password": NEW_PASSWORD}
    assert (await author.client.post("/users/me/password", json=change)).status_code == 204

    response = await complete_login(client, challenge, authenticator.code(1))

    assert_problem(response, 401, "invalid_challenge")


async def test_a_half_login_is_not_completed_after_the_account_was_deleted(
    author: Account, client: httpx2.AsyncClient
) -> None:
    authenticator = await set_up_authenticator(author)
    challenge = await another_challenge(author)
    await author.client.post("/auth/step-up", json={"code": authenticator.code()})
    await delete_account(author)

    response = await complete_login(client, challenge, authenticator.code(1))

    assert_problem(response, 401, "invalid_challenge")


async def test_a_reset_ends_every_login_and_access_token(
    author: Account, client: httpx2.AsyncClient, outbox: Outbox
) -> None:
    thief = await open_session(author.app, author.user)
    token = await personal_access_token(thief, outbox)
    assert (await reset_password(client, await reset_link(author, outbox))).status_code == 204

    assert_problem(await thief.client.get("/users/me"), 401, "session_ended")
    assert_problem(await refresh(client, thief.refresh_token), 401, "session_ended")
    assert_problem(await show_bearer(client, token), 401, "invalid_token")
    assert_problem(await log_in(client, author.username), 401, "invalid_credentials")


async def test_a_deleted_access_token_is_refused_at_once(
    author: Account, client: httpx2.AsyncClient, outbox: Outbox
) -> None:
    token = await personal_access_token(author, outbox)
    assert (await show_bearer(client, token)).status_code == 200
    (listed,) = (await author.client.get("/users/me/access-tokens")).json()
    await author.client.delete(f"/users/me/access-tokens/{listed['id']}")

    assert_problem(await show_bearer(client, token), 401, "invalid_token")


async def test_nothing_of_a_deleted_account_opens_anything(
    author: Account, client: httpx2.AsyncClient, outbox: Outbox
) -> None:
    token = await personal_access_token(author, outbox)
    reset = await reset_link(author, outbox)
    approve = await approve_link(author, outbox)
    await delete_account(author)

    assert_problem(await show_bearer(client, token), 401, "invalid_token")
    assert_problem(await show_bearer(client, author.access_token), 401, "session_ended")
    assert_problem(await refresh(client, author.refresh_token), 401, "session_ended")
    assert_problem(await reset_password(client, reset), 400, "invalid_link")
    assert_problem(await confirm_email_change(client, approve), 400, "invalid_link")
    assert_problem(await log_in(client, author.username), 401, "invalid_credentials")


async def test_links_of_a_deleted_account_do_nothing_to_the_next_one_of_that_name_and_address(
    author: Account, client: httpx2.AsyncClient, outbox: Outbox
) -> None:
    link = await reset_link(author, outbox)
    await delete_account(author)
    again = registration(username=author.username, email=author.user.email)
    assert (await client.post("/auth/register", json=again)).status_code == 201

    assert_problem(await reset_password(client, link), 400, "invalid_link")
    assert (await log_in(client, author.username)).status_code == 200


@pytest.mark.parametrize("has_agreed", [False, True])
async def test_a_change_of_address_that_a_thief_has_asked_for_ends_with_a_reset(
    author: Account, client: httpx2.AsyncClient, outbox: Outbox, has_agreed: bool
) -> None:
    old, new = await email_change_links(author, outbox, ATTACKERS)
    await confirm_email_change(client, old if has_agreed else new)
    assert (await reset_password(client, await reset_link(author, outbox))).status_code == 204

    last = await confirm_email_change(client, new if has_agreed else old)

    assert_problem(last, 400, "invalid_link")
    owner = await log_in(client, author.user.email, NEW_PASSWORD)
    assert owner.status_code == 200, "the account is still at its owner's address"


async def test_a_change_of_address_that_a_thief_has_asked_for_ends_with_a_change_of_password(
    author: Account, client: httpx2.AsyncClient, outbox: Outbox
) -> None:
    old, new = await email_change_links(author, outbox, ATTACKERS)
    await confirm_email_change(client, old)
    body = {"current_password": PASSWORD, "password": NEW_PASSWORD}
    assert (await author.client.post("/users/me/password", json=body)).status_code == 204

    assert_problem(await confirm_email_change(client, new), 400, "invalid_link")


async def test_a_change_of_address_from_before_the_address_was_verified_needs_its_owner_still(
    app: RunningApp, client: httpx2.AsyncClient, outbox: Outbox
) -> None:
    """Pre-hijacking: an "unexpired e-mail change" (Sudhodanan and Paverd, 2022)."""
    planted = registration(email="victim@example.com")
    await client.post("/auth/register", json=planted)
    tokens = (await log_in(client, planted["username"])).json()
    attacker = app.client(tokens["access_token"])
    change = {"email": ATTACKERS, "current_password": PASSWORD}
    assert (await attacker.post("/users/me/email", json=change)).status_code == 202
    kept = await outbox.token(ATTACKERS, "change-email")

    verify = await outbox.token("victim@example.com", "verify-email")
    assert (await verify_email(client, verify)).status_code == 204
    await client.post("/auth/forgot-password", json={"email": "victim@example.com"})
    reset = await outbox.token("victim@example.com", "reset-password")
    assert (await reset_password(client, reset)).status_code == 204

    response = await confirm_email_change(client, kept)

    assert response.json().get("status") != "changed", "the attacker has the account"
    assert (await log_in(client, "victim@example.com", NEW_PASSWORD)).status_code == 200


async def test_an_account_that_others_have_switched_off_is_not_switched_on_by_its_owner(
    create: CreateAccount, client: httpx2.AsyncClient, outbox: Outbox
) -> None:
    banned = await create(is_active=False)
    await log_in(client, banned.username)
    await reset_password(client, await reset_link(banned, outbox))
    tokens = (await log_in(client, banned.username, NEW_PASSWORD)).json()

    response = await show_bearer(client, tokens["access_token"])

    assert_problem(response, 403, "inactive_user")
