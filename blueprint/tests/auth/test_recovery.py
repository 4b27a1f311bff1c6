"""A forgotten password is set anew by a link, which ends whatever the old one had opened."""

from datetime import timedelta

import httpx2
import pytest
from sqlmodel import col, update

from src.auth.models import Ticket
from src.database import Database, transaction
from src.models import utc_now
from tests.accounts import Account, log_in
from tests.contract import assert_problem, refused_fields
from tests.factories import PASSWORD
from tests.fixtures import CreateAccount
from tests.outbox import Outbox

NEW_PASSWORD = "Another-Horse-8-Battery"


@pytest.fixture
async def ada(create: CreateAccount) -> Account:
    return await create(username="ada_l", email="ada@example.com", first_name="Ada")


async def ask(client: httpx2.AsyncClient, email: str = "ada@example.com") -> None:
    response = await client.post("/auth/forgot-password", json={"email": email})
    assert (response.status_code, response.content) == (202, b"")


async def reset(
    client: httpx2.AsyncClient, token: str, password: str = NEW_PASSWORD
) -> httpx2.Response:
    body = {"token": token, "password": password}
    return await client.post("/auth/reset-password", json=body)


async def log_in_with(client: httpx2.AsyncClient, password: str) -> httpx2.Response:
    return await client.post("/auth/token", data={"username": "ada_l", "password": password})


async def test_a_link_sets_a_new_password(
    client: httpx2.AsyncClient, ada: Account, outbox: Outbox
) -> None:
    await ask(client, "ADA@example.com")

    response = await reset(client, await outbox.token("ada@example.com", "reset-password"))

    assert response.status_code == 204
    assert (await log_in_with(client, NEW_PASSWORD)).status_code == 200
    assert_problem(await log_in_with(client, PASSWORD), 401, "invalid_credentials")


async def test_it_ends_all_sessions_and_access_tokens(
    client: httpx2.AsyncClient, ada: Account, outbox: Outbox
) -> None:
    elsewhere = await log_in(ada.app, ada.user)
    new = {"name": "Backup", "scopes": ["account:read"]}
    made = await ada.client.post("/users/me/access-tokens", json=new)
    program = ada.app.client(made.json()["token"])
    assert (await program.get("/users/me")).status_code == 200
    await ask(client)

    await reset(client, await outbox.token("ada@example.com", "reset-password"))

    for session in (ada, elsewhere):
        assert_problem(await session.client.get("/users/me"), 401, "session_ended")
    assert_problem(await program.get("/users/me"), 401, "invalid_token")


async def test_the_owner_is_told(client: httpx2.AsyncClient, ada: Account, outbox: Outbox) -> None:
    await ask(client)
    await reset(client, await outbox.token("ada@example.com", "reset-password"))

    subjects = [letter.subject for letter in await outbox.letters("ada@example.com")]

    assert any("password was reset" in subject for subject in subjects)


async def test_nobody_is_written_to_who_has_no_account(
    client: httpx2.AsyncClient, create: CreateAccount, outbox: Outbox
) -> None:
    await create(email="claimed@example.com", email_verified_at=None)

    await ask(client, "nobody@example.com")
    await ask(client, "claimed@example.com")

    assert await outbox.letters() == []


async def test_one_reset_makes_all_other_links_worthless(
    client: httpx2.AsyncClient, ada: Account, outbox: Outbox
) -> None:
    await ask(client)
    first = await outbox.token("ada@example.com", "reset-password")
    await ask(client)
    second = await outbox.token("ada@example.com", "reset-password")
    assert (await reset(client, second)).status_code == 204

    for token in (first, second):
        assert_problem(await reset(client, token), 400, "invalid_link")


async def test_a_link_expires(
    client: httpx2.AsyncClient, ada: Account, outbox: Outbox, database: Database
) -> None:
    await ask(client)
    token = await outbox.token("ada@example.com", "reset-password")
    async with transaction(database) as session:
        earlier = utc_now() - timedelta(seconds=1)
        await session.exec(update(Ticket).values({col(Ticket.expires_at): earlier}))

    assert_problem(await reset(client, token), 400, "invalid_link")


@pytest.mark.parametrize(
    ("password", "pointer"),
    [("weak", "/body/password"), ("ada_l-And-1-Horse", "/body/password")],
)
async def test_a_weak_or_personal_password_leaves_the_link_good(
    client: httpx2.AsyncClient, ada: Account, outbox: Outbox, password: str, pointer: str
) -> None:
    await ask(client)
    token = await outbox.token("ada@example.com", "reset-password")

    assert refused_fields(await reset(client, token, password)) == {pointer}

    assert (await reset(client, token)).status_code == 204
