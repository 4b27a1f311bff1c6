"""Ways around the second factor, for somebody who has all the rest."""

import asyncio

import httpx2
import pytest

from src.database import Database
from tests.accounts import Account
from tests.attacks.authenticator import Authenticator, set_up_authenticator
from tests.attacks.doors import complete_login, log_in, reset_password
from tests.attacks.loot import another_challenge, personal_access_token, reset_link
from tests.attacks.traces import stored_rows
from tests.auth.routes import NEW_PASSWORD
from tests.contract import assert_problem
from tests.fixtures import CreateAccount
from tests.outbox import Outbox
from tests.routes import call
from tests.routing import Key

HARD_TO_UNDO: list[Key] = [
    ("DELETE", "/users/me"),
    ("POST", "/users/me/deactivate"),
    ("POST", "/users/me/password"),
    ("POST", "/users/me/email"),
    ("DELETE", "/users/me/second-factor/totp"),
    ("POST", "/users/me/second-factor/recovery-codes"),
    ("POST", "/users/me/access-tokens"),
]


@pytest.fixture
async def authenticator(author: Account) -> Authenticator:
    return await set_up_authenticator(author)


async def step_up(account: Account, code: str) -> httpx2.Response:
    return await account.client.post("/auth/step-up", json={"code": code})


@pytest.mark.usefixtures("authenticator")
@pytest.mark.parametrize("key", HARD_TO_UNDO, ids=" ".join)
async def test_a_stolen_session_does_nothing_that_is_hard_to_undo(
    author: Account, database: Database, key: Key
) -> None:
    before = await stored_rows(database)

    assert_problem(await call(author.client, key), 403, "second_factor_needed")

    assert await stored_rows(database) == before


@pytest.mark.usefixtures("authenticator")
@pytest.mark.parametrize("key", HARD_TO_UNDO, ids=" ".join)
async def test_a_code_opens_the_session_that_it_was_given_in_and_no_other(
    author: Account, client: httpx2.AsyncClient, authenticator: Authenticator, key: Key
) -> None:
    challenge = await another_challenge(author)
    elsewhere = await complete_login(client, challenge, authenticator.code())
    assert elsewhere.status_code == 200

    assert_problem(await call(author.client, key), 403, "second_factor_needed")


async def test_a_wrong_code_opens_nothing(author: Account, authenticator: Authenticator) -> None:
    wrong = [str((int(authenticator.code()) + off) % 10**6).zfill(6) for off in range(500, 505)]
    for code in (*wrong, "000000000000", "abcd-efgh-ijkl-mnop", "      "):
        response = await step_up(author, code)
        assert response.status_code in (403, 422)

    response = await call(author.client, ("POST", "/users/me/deactivate"))
    assert_problem(response, 403, "second_factor_needed")


@pytest.mark.usefixtures("authenticator")
async def test_another_app_cannot_be_set_up_over_the_one_there_is(
    author: Account, database: Database
) -> None:
    before = await stored_rows(database)

    begun = await call(author.client, ("POST", "/users/me/second-factor/totp"))
    confirmed = await call(author.client, ("POST", "/users/me/second-factor/totp/confirm"))

    assert_problem(begun, 409, "totp_already_on")
    assert_problem(confirmed, 409, "totp_not_begun")
    assert await stored_rows(database) == before


@pytest.mark.usefixtures("authenticator")
async def test_a_reset_of_the_password_does_not_turn_the_second_factor_off(
    author: Account, client: httpx2.AsyncClient, outbox: Outbox
) -> None:
    assert (await reset_password(client, await reset_link(author, outbox))).status_code == 204

    half = await log_in(client, author.username, NEW_PASSWORD)

    assert half.status_code == 202
    assert set(half.json()) == {"challenge", "expires_in"}


@pytest.mark.parametrize("is_recovery_code", [False, True])
async def test_the_code_of_somebody_else_completes_no_login(
    author: Account,
    reader: Account,
    client: httpx2.AsyncClient,
    authenticator: Authenticator,
    is_recovery_code: bool,
) -> None:
    theirs = await set_up_authenticator(reader)
    challenge = await another_challenge(author)
    code = theirs.recovery_codes[0] if is_recovery_code else theirs.code()
    assert authenticator.code() != code

    assert_problem(await complete_login(client, challenge, code), 403, "invalid_code")


async def test_what_the_database_holds_of_a_recovery_code_is_no_code(
    author: Account, authenticator: Authenticator, database: Database
) -> None:
    rows = (await stored_rows(database))["user_recovery_code"]

    assert len(rows) == len(authenticator.recovery_codes)
    for row in rows:
        assert (await step_up(author, row["digest"][:32])).status_code == 403
        assert (await step_up(author, row["digest"])).status_code == 422


async def test_an_app_that_was_only_begun_gives_no_second_factor(
    author: Account, client: httpx2.AsyncClient
) -> None:
    begun = await call(author.client, ("POST", "/users/me/second-factor/totp"))
    code = Authenticator(begun.json()["secret"], []).code()

    assert_problem(await step_up(author, code), 403, "password_needed")
    assert (await log_in(client, author.username)).status_code == 200


async def test_guessing_many_codes_at_once_uses_no_recovery_code_up(
    author: Account, authenticator: Authenticator
) -> None:
    guesses = [f"{number:06}" for number in range(20) if f"{number:06}" != authenticator.code()]
    await asyncio.gather(*(step_up(author, guess) for guess in guesses))

    status = (await author.client.get("/users/me/second-factor")).json()

    assert status == {"is_on": True, "recovery_codes_left": 10}


async def test_an_access_token_never_stands_in_for_a_login(
    create: CreateAccount, outbox: Outbox
) -> None:
    owner = await create()
    program = owner.app.client(await personal_access_token(owner, outbox))
    authenticator = await set_up_authenticator(owner)

    stepped_up = await program.post("/auth/step-up", json={"code": authenticator.code()})

    assert_problem(stepped_up, 403, "insufficient_scope")
    for key in HARD_TO_UNDO:
        assert_problem(await call(program, key), 403, "insufficient_scope")
    assert (await step_up(owner, authenticator.code())).status_code == 204, "the code is unspent"
