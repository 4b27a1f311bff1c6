"""Finding out who has an account: nothing that anybody can ask may tell."""

import json
from collections.abc import Awaitable, Callable

import httpx2
import pytest

from src.auth import passwords
from src.database import Database
from tests.accounts import Account
from tests.attacks.authenticator import set_up_authenticator
from tests.attacks.costs import Costs, counted
from tests.attacks.doors import log_in
from tests.contract import assert_problem
from tests.factories import PASSWORD, insert, registration, user_row
from tests.fixtures import CreateAccount
from tests.outbox import Outbox

KNOWN, UNKNOWN = "known@example.com", "nobody@example.com"
WRONG = "Wrong-Horse-7-Battery"
OF_A_REQUEST = {"x-request-id", "content-length"}
OF_AN_ACCOUNT = {"request_id", "id", "created_at", "email", "username"}

Ask = Callable[[httpx2.AsyncClient, str], Awaitable[httpx2.Response]]


async def resend(client: httpx2.AsyncClient, email: str) -> httpx2.Response:
    return await client.post("/auth/verify-email/resend", json={"email": email})


async def forgot_password(client: httpx2.AsyncClient, email: str) -> httpx2.Response:
    return await client.post("/auth/forgot-password", json={"email": email})


async def register(client: httpx2.AsyncClient, email: str) -> httpx2.Response:
    name = email.partition("@")[0]
    body = registration(
        username=f"new_{name}", email=email, first_name="Ada", birth_date="1990-12-10"
    )
    return await client.post("/auth/register", json=body)


async def log_in_wrongly(client: httpx2.AsyncClient, email: str) -> httpx2.Response:
    return await log_in(client, email, WRONG)


ASKING: dict[str, Ask] = {
    "resend": resend,
    "forgot-password": forgot_password,
    "register": register,
    "login": log_in_wrongly,
}


def told(response: httpx2.Response) -> tuple[object, ...]:
    """A response without what differs between any two requests."""
    headers = {name: value for name, value in response.headers.items() if name not in OF_A_REQUEST}
    body = response.text
    said = (response.json() if body else None) or {}
    for name in said.keys() & OF_AN_ACCOUNT:
        body = body.replace(f'"{name}":{json.dumps(said[name])}', name)
    return response.status_code, headers, body


@pytest.fixture
async def known(create: CreateAccount) -> Account:
    return await create(username="known_one", email=KNOWN)


async def asked(
    client: httpx2.AsyncClient, database: Database, ask: Ask, email: str
) -> tuple[tuple[object, ...], Costs]:
    with counted(database) as costs:
        response = await ask(client, email)
    return told(response), costs


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("asking", ASKING)
async def test_a_known_address_is_answered_like_an_unknown_one_and_costs_the_same(
    client: httpx2.AsyncClient, database: Database, asking: str
) -> None:
    passwords._hash_of_nothing()
    ask = ASKING[asking]
    await ask(client, "warm-up@example.com")

    known = await asked(client, database, ask, KNOWN)
    unknown = await asked(client, database, ask, UNKNOWN)
    in_capitals = await asked(client, database, ask, KNOWN.upper())

    assert known == unknown
    if asking != "register":  # that name is taken now
        assert known == in_capitals
    assert known[1].statements, "the costs are really counted"


async def test_addresses_are_answered_alike_whatever_the_account_is_like(
    create: CreateAccount, client: httpx2.AsyncClient, database: Database
) -> None:
    passwords._hash_of_nothing()
    accounts = [
        await create(username="plain_one"),
        await create(username="never_verified", email_verified_at=None),
        await create(username="switched_off", is_active=False),
        await create(username="with_an_app"),
        await create(username="no_password", hashed_password="!"),
    ]
    await set_up_authenticator(accounts[3])
    await resend(client, UNKNOWN)

    for ask in (resend, forgot_password, log_in_wrongly):
        answers = [
            (await asked(client, database, ask, email))[0]
            for email in (UNKNOWN, *(account.user.email for account in accounts))
        ]
        assert answers == answers[:1] * 6


@pytest.mark.usefixtures("known")
async def test_a_wrong_password_for_a_known_name_is_answered_like_an_unknown_name(
    client: httpx2.AsyncClient, database: Database
) -> None:
    passwords._hash_of_nothing()

    known = await asked(client, database, log_in_wrongly, "known_one")
    unknown = await asked(client, database, log_in_wrongly, "unknown_1")

    assert known == unknown
    assert known[1].hashes == ["verify"]


async def test_the_right_password_for_an_address_that_is_not_verified_is_a_wrong_one(
    client: httpx2.AsyncClient, database: Database
) -> None:
    await insert(database, user_row(email=KNOWN, email_verified_at=None))

    right = told(await log_in(client, KNOWN, PASSWORD))

    assert right == told(await log_in(client, KNOWN, WRONG))
    assert right == told(await log_in(client, UNKNOWN, PASSWORD))


@pytest.mark.usefixtures("known")
async def test_a_refused_registration_says_nothing_of_the_address(
    client: httpx2.AsyncClient,
) -> None:
    taken = registration(username="known_one")

    known = await client.post("/auth/register", json={**taken, "email": KNOWN})
    unknown = await client.post("/auth/register", json={**taken, "email": UNKNOWN})

    assert_problem(known, 409, "account_exists")
    assert told(known) == told(unknown)


async def test_moving_to_a_taken_address_is_answered_like_moving_to_a_free_one(
    known: Account, author: Account, database: Database, outbox: Outbox
) -> None:
    async def move(client: httpx2.AsyncClient, email: str) -> httpx2.Response:
        body = {"email": email, "current_password": PASSWORD}
        return await client.post("/users/me/email", json=body)

    await move(author.client, "warm-up@example.com")
    taken = await asked(author.client, database, move, KNOWN)
    before = (await author.client.get("/users/me")).json()
    letters = await outbox.letters(KNOWN)
    free = await asked(author.client, database, move, UNKNOWN)

    assert taken == free
    assert taken[0][0] == 202
    assert [letter.links for letter in letters] == [[]], "the owner is told, and nobody gets a link"
    assert known.username in letters[0].text
    assert author.username not in letters[0].text
    assert before == (await author.client.get("/users/me")).json()


async def test_an_address_in_a_change_of_the_account_is_passed_over(
    known: Account, author: Account
) -> None:
    attempts = [
        await author.client.patch("/users/me", json={"email": email}) for email in (KNOWN, UNKNOWN)
    ]

    assert [response.status_code for response in attempts] == [200, 200]
    assert told(attempts[0]) == told(attempts[1])
    assert (await author.client.get("/users/me")).json()["email"] == author.user.email
    assert (await known.client.get("/users/me")).json()["email"] == KNOWN
