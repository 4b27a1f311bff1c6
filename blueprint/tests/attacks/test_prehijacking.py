"""Pre-hijacking: an attacker has an account with the victim's address before it is verified.

The attacks are those of Sudhodanan and Paverd, "Pre-hijacked accounts" (USENIX Security 2022).
"""

import httpx2
import pytest

from src.auth import mails
from src.database import Database
from src.emails.mailbox import Letter
from tests.accounts import Account
from tests.attacks.authenticator import Authenticator
from tests.attacks.doors import log_in, show_bearer, verify_email
from tests.attacks.traces import stored_rows
from tests.contract import assert_problem
from tests.factories import insert, registration, user_row
from tests.fixtures import CreateAccount
from tests.outbox import Outbox
from tests.routes import call
from tests.routing import Key
from tests.users.routes import NEW_TOKEN

VICTIMS = "victim@example.com"
TOTP = ("POST", "/users/me/second-factor/totp")
CONFIRM = ("POST", "/users/me/second-factor/totp/confirm")
BINDING = [TOTP, CONFIRM, ("POST", "/users/me/access-tokens")]
LEFT_BEHIND = ("user_totp", "user_recovery_code", "user_access_token")


async def send_again(client: httpx2.AsyncClient, outbox: Outbox) -> list[Letter]:
    """The letters with which "Send the verification again" is answered."""
    seen = {letter.key for letter in await outbox.letters(VICTIMS)}
    asked = await client.post("/auth/verify-email/resend", json={"email": VICTIMS})
    assert asked.status_code == 202
    return [letter for letter in await outbox.letters(VICTIMS) if letter.key not in seen]


def letter_for(username: str, letters: list[Letter]) -> Letter:
    (letter,) = [letter for letter in letters if username in letter.text]
    return letter


async def test_a_victim_verifies_the_own_account_although_an_attacker_registered_the_address_later(
    client: httpx2.AsyncClient, outbox: Outbox
) -> None:
    for username in ("the_victim", "mallory"):
        body = registration(username=username, email=VICTIMS)
        assert (await client.post("/auth/register", json=body)).status_code == 201

    letters = await send_again(client, outbox)

    assert len(letters) == 2, "one for each account"
    theirs = letter_for("the_victim", letters)
    assert "mallory" not in theirs.text + theirs.html
    assert "the_victim" not in letter_for("mallory", letters).text
    link = theirs.links[0].partition("token=")[2]
    assert (await verify_email(client, link)).status_code == 204
    opened = (await log_in(client, VICTIMS)).json()["access_token"]
    assert (await show_bearer(client, opened)).json()["username"] == "the_victim"


async def test_an_address_is_asked_about_the_newest_accounts_and_the_oldest_that_claim_it(
    client: httpx2.AsyncClient, database: Database, outbox: Outbox
) -> None:
    names = [f"claimant_{number}" for number in range(mails.CLAIMS + 2)]
    for name in names:
        await insert(database, user_row(username=name, email=VICTIMS, email_verified_at=None))

    letters = await send_again(client, outbox)

    assert len(letters) == mails.CLAIMS == 3
    for name in (names[0], *names[-2:]):
        assert letter_for(name, letters)


@pytest.mark.parametrize("key", BINDING, ids=" ".join)
async def test_an_account_that_is_not_verified_is_bound_to_no_device_and_no_program(
    create: CreateAccount, database: Database, key: Key
) -> None:
    attacker = await create(email=VICTIMS, email_verified_at=None)

    assert_problem(await call(attacker.client, key), 403, "email_not_verified")

    rows = await stored_rows(database)
    assert not any(rows[table] for table in LEFT_BEHIND)


async def test_an_authenticator_that_was_begun_is_not_confirmed_for_an_account_not_verified(
    author: Account, database: Database
) -> None:
    begun = (await call(author.client, TOTP)).json()
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql("UPDATE user_account SET email_verified_at = NULL")

    code = {"code": Authenticator(begun["secret"], []).code()}

    assert_problem(await author.client.post(CONFIRM[1], json=code), 403, "email_not_verified")
    (totp,) = (await stored_rows(database))["user_totp"]
    assert totp["confirmed_at"] is None


async def test_once_verified_an_account_is_bound_to_programs(create: CreateAccount) -> None:
    verified = await create(email=VICTIMS)

    response = await verified.client.post("/users/me/access-tokens", json=NEW_TOKEN)

    assert response.status_code == 201
