"""The password, the address and the end of one's own account."""

import httpx2
import pytest

from tests.accounts import Account, log_in
from tests.contract import assert_problem, refused_fields
from tests.factories import PASSWORD
from tests.fixtures import CreateAccount
from tests.outbox import Outbox

NEW_PASSWORD = "Another-Horse-8-Battery"
OLD, NEW = "ada@example.com", "lovelace@example.com"


@pytest.fixture
async def ada(create: CreateAccount) -> Account:
    return await create(username="ada_l", email=OLD)


async def change_password(
    account: Account, password: str = NEW_PASSWORD, current: str = PASSWORD
) -> httpx2.Response:
    body = {"current_password": current, "password": password}
    return await account.client.post("/users/me/password", json=body)


async def change_email(
    account: Account, email: str = NEW, current: str = PASSWORD
) -> httpx2.Response:
    body = {"current_password": current, "email": email}
    return await account.client.post("/users/me/email", json=body)


async def confirm(client: httpx2.AsyncClient, token: str) -> httpx2.Response:
    return await client.post("/auth/change-email/confirm", json={"token": token})


async def test_a_new_password_ends_all_other_sessions(ada: Account, outbox: Outbox) -> None:
    elsewhere = await log_in(ada.app, ada.user)

    assert (await change_password(ada)).status_code == 204

    assert (await ada.client.get("/users/me")).status_code == 200
    assert_problem(await elsewhere.client.get("/users/me"), 401, "session_ended")
    form = {"username": "ada_l", "password": NEW_PASSWORD}
    assert (await ada.app.client().post("/auth/token", data=form)).status_code == 200
    assert "password was changed" in (await outbox.letter(OLD)).subject


async def test_the_old_password_is_asked_for(ada: Account) -> None:
    response = await change_password(ada, current="Wrong-Horse-7-Battery")

    assert_problem(response, 403, "wrong_password")


@pytest.mark.parametrize("password", ["weak", "Ada_L-is-my-name-1"])
async def test_a_weak_or_personal_password_is_refused(ada: Account, password: str) -> None:
    assert refused_fields(await change_password(ada, password)) == {"/body/password"}


@pytest.mark.parametrize("first", [OLD, NEW])
async def test_an_address_changes_when_both_have_agreed_in_either_order(
    client: httpx2.AsyncClient, ada: Account, outbox: Outbox, first: str
) -> None:
    assert (await change_email(ada)).status_code == 202
    tokens = {email: await outbox.token(email, "change-email") for email in (OLD, NEW)}

    waiting = await confirm(client, tokens.pop(first))
    assert waiting.json() == {"status": "waiting_for_other_address"}
    assert (await ada.client.get("/users/me")).json()["email"] == OLD

    (last,) = tokens.values()
    assert (await confirm(client, last)).json() == {"status": "changed"}
    assert (await ada.client.get("/users/me")).json()["email"] == NEW
    for email in (OLD, NEW):
        subjects = [letter.subject for letter in await outbox.letters(email)]
        assert any("address was changed" in subject for subject in subjects)


async def test_a_second_request_makes_the_first_ones_links_worthless(
    client: httpx2.AsyncClient, ada: Account, outbox: Outbox
) -> None:
    await change_email(ada)
    first = await outbox.token(NEW, "change-email")
    await change_email(ada, "other@example.com")

    assert_problem(await confirm(client, first), 400, "invalid_link")


async def test_a_taken_address_looks_like_any_other_to_the_asker(
    ada: Account, create: CreateAccount, outbox: Outbox
) -> None:
    await create(username="owner", email=NEW)

    assert (await change_email(ada)).status_code == 202

    letter = await outbox.letter(NEW)
    assert "owner" in letter.text
    assert not any("token" in link for link in letter.links)


async def test_an_address_that_was_taken_meanwhile_is_a_conflict(
    client: httpx2.AsyncClient, ada: Account, create: CreateAccount, outbox: Outbox
) -> None:
    await change_email(ada)
    tokens = [await outbox.token(email, "change-email") for email in (OLD, NEW)]
    await create(email=NEW)
    await confirm(client, tokens[0])

    assert_problem(await confirm(client, tokens[1]), 409, "email_taken")
    assert (await ada.client.get("/users/me")).json()["email"] == OLD


async def test_an_unverified_address_has_no_say(
    client: httpx2.AsyncClient, create: CreateAccount, outbox: Outbox
) -> None:
    mistyped = await create(email="typo@example.com", email_verified_at=None)

    await change_email(mistyped)

    assert await outbox.letters("typo@example.com") == []
    assert (await confirm(client, await outbox.token(NEW, "change-email"))).json() == {
        "status": "changed"
    }
    account = (await mistyped.client.get("/users/me")).json()
    assert account["email"] == NEW
    assert account["email_verified_at"]


async def test_changing_the_address_takes_the_password(ada: Account) -> None:
    assert_problem(await change_email(ada, current="Wrong-1"), 403, "wrong_password")


async def test_an_account_is_switched_off_until_its_owner_logs_in_again(
    client: httpx2.AsyncClient, ada: Account, outbox: Outbox
) -> None:
    assert (await ada.client.post("/users/me/deactivate")).status_code == 204
    assert_problem(await ada.client.get("/users/me"), 401, "session_ended")
    assert "switched off" in (await outbox.letter(OLD)).subject

    form = {"username": "ada_l", "password": PASSWORD}
    tokens = (await client.post("/auth/token", data=form)).json()

    again = ada.app.client(tokens["access_token"])
    assert (await again.get("/users/me")).status_code == 200


async def test_an_account_that_was_blocked_stays_blocked(
    client: httpx2.AsyncClient, create: CreateAccount
) -> None:
    blocked = await create(is_active=False)

    form = {"username": blocked.username, "password": PASSWORD}
    tokens = (await client.post("/auth/token", data=form)).json()

    me = await blocked.app.client(tokens["access_token"]).get("/users/me")
    assert_problem(me, 403, "inactive_user")


async def test_the_end_of_an_account_is_told_to_its_owner(ada: Account, outbox: Outbox) -> None:
    await ada.client.delete("/users/me")

    assert "deleted" in (await outbox.letter(OLD)).subject
