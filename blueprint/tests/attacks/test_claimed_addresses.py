"""Registering with somebody else's address: the owner hears of it, and the asker nothing."""

from typing import Any

import httpx2
import pytest

from src.database import Database
from tests.accounts import Account
from tests.attacks.doors import log_in, reset_password
from tests.attacks.traces import stored_rows
from tests.auth.routes import NEW_PASSWORD
from tests.clients import RunningApp
from tests.contract import assert_problem
from tests.factories import registration
from tests.fixtures import CreateAccount
from tests.outbox import Outbox
from tests.routes import call, make_things, routes
from tests.routing import Access, Key

OWNERS = "owner@example.com"
VARYING = {
    *("id", "username", "email", "created_at", "request_id", "secret", "uri", "token"),
    "as_of",  # [notifications]
}


@pytest.fixture
async def owner(create: CreateAccount) -> Account:
    return await create(username="the_owner", email=OWNERS)


async def registered(app: RunningApp, **fields: Any) -> httpx2.AsyncClient:
    """Somebody who has just registered, and logged in by name."""
    body = registration(first_name="Eve", birth_date="1990-12-10", **fields)
    response = await app.client().post("/auth/register", json=body)
    assert response.status_code == 201
    tokens = (await log_in(app.client(), body["username"])).json()
    return app.client(tokens["access_token"])


async def test_the_owner_of_a_claimed_address_hears_of_it_and_nobody_gets_a_link_to_verify(
    owner: Account, client: httpx2.AsyncClient, outbox: Outbox
) -> None:
    body = registration(username="attacker", email=OWNERS.upper())

    assert (await client.post("/auth/register", json=body)).status_code == 201

    letter = await outbox.letter(OWNERS)
    assert "You already have an account" in letter.subject
    assert owner.username in letter.text
    assert "attacker" not in f"{letter.headers}{letter.text}{letter.html}"
    assert "verify-email" not in letter.text


async def test_the_link_that_the_owner_gets_is_for_the_account_of_the_owner(
    owner: Account, client: httpx2.AsyncClient, outbox: Outbox, database: Database
) -> None:
    await client.post("/auth/register", json=registration(username="attacker", email=OWNERS))
    claimed = {row["username"]: row for row in (await stored_rows(database))["user_account"]}

    link = await outbox.token(OWNERS, "reset-password")
    assert (await reset_password(client, link)).status_code == 204

    after = {row["username"]: row for row in (await stored_rows(database))["user_account"]}
    assert after["attacker"] == claimed["attacker"]
    assert (await log_in(client, OWNERS, NEW_PASSWORD)).status_code == 200
    assert_problem(await log_in(client, "attacker", NEW_PASSWORD), 401, "invalid_credentials")
    assert (await log_in(client, "the_owner", NEW_PASSWORD)).status_code == 200


async def test_asking_for_the_link_again_tells_the_owner_again(
    owner: Account, client: httpx2.AsyncClient, outbox: Outbox
) -> None:
    await client.post("/auth/register", json=registration(username="attacker", email=OWNERS))
    await client.post("/auth/verify-email/resend", json={"email": OWNERS})

    letters = await outbox.letters(OWNERS)

    assert len(letters) == 2
    assert all("You already have an account" in letter.subject for letter in letters)
    assert owner.user.email_verified_at is not None


def told(value: Any) -> Any:
    """JSON without what differs between any two accounts."""
    match value:
        case dict():
            return {key: told(it) for key, it in value.items() if key not in VARYING}
        case list():
            return [told(it) for it in value]
        case _:
            return None if isinstance(value, str) and value[:4].isdigit() else value


def is_stream(answer: httpx2.Response) -> bool:
    return answer.headers["content-type"].startswith("text/event-stream")


@pytest.mark.usefixtures("owner")
@pytest.mark.parametrize("key", routes(Access.USER, Access.OWNER), ids=" ".join)
async def test_an_account_with_a_claimed_address_behaves_like_any_that_is_not_verified(
    app: RunningApp, author: Account, key: Key
) -> None:
    things = await make_things(author, key)
    claimed = await registered(app, username="eve_1", email=OWNERS)
    other = await registered(app, username="eve_2", email="free@example.com")

    answers = [await call(client, key, things) for client in (claimed, other)]

    bodies = [
        told(answer.json()) if answer.content and not is_stream(answer) else None
        for answer in answers
    ]
    assert bodies[0] == bodies[1]
    assert answers[0].status_code == answers[1].status_code


async def test_a_name_that_came_with_a_claimed_address_is_taken_like_any_other(
    app: RunningApp, client: httpx2.AsyncClient, author: Account, owner: Account
) -> None:
    await registered(app, username="eve_1", email=OWNERS)

    again = await client.post("/auth/register", json=registration(username="EVE_1"))
    renamed = await author.client.patch("/users/me", json={"username": "eve_1"})

    assert_problem(again, 409, "account_exists")
    assert_problem(renamed, 409, "account_exists")
    assert (await owner.client.get("/users/me")).json()["username"] == "the_owner"


async def test_claiming_an_address_neither_locks_its_owner_out_nor_changes_anything_of_theirs(
    owner: Account, client: httpx2.AsyncClient, database: Database
) -> None:
    def own(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [row for row in rows if row["id"] == owner.id]

    before = own((await stored_rows(database))["user_account"])
    for _ in range(3):
        await client.post("/auth/register", json=registration(email=OWNERS))

    assert own((await stored_rows(database))["user_account"]) == before
    assert (await log_in(client, OWNERS)).status_code == 200


async def test_an_address_that_was_only_claimed_opens_nothing(
    client: httpx2.AsyncClient, outbox: Outbox
) -> None:
    claimed = registration(email="victim@example.com")
    await client.post("/auth/register", json=claimed)

    assert_problem(await log_in(client, "victim@example.com"), 401, "invalid_credentials")
    await client.post("/auth/forgot-password", json={"email": "victim@example.com"})
    (letter,) = await outbox.letters("victim@example.com")
    assert "verify-email#" in letter.text, "no reset link for an account that is not theirs"
