"""E-mail addresses are verified by a link, and only then belong to an account."""

from datetime import timedelta

import httpx2
import pytest
from sqlmodel import col, update

from src.auth.models import Ticket
from src.database import Database, transaction
from src.models import utc_now
from tests.accounts import Account
from tests.contract import assert_problem
from tests.factories import PASSWORD, registration
from tests.fixtures import CreateAccount
from tests.outbox import Outbox

ADDRESS = "ada@example.com"


async def register(client: httpx2.AsyncClient, **fields: str) -> httpx2.Response:
    body = registration(**{"username": "ada_l", "email": ADDRESS, **fields})
    response = await client.post("/auth/register", json=body)
    assert response.status_code == 201
    return response


async def log_in(client: httpx2.AsyncClient, login: str = "ada_l") -> httpx2.Response:
    return await client.post("/auth/token", data={"username": login, "password": PASSWORD})


async def verify(client: httpx2.AsyncClient, token: str) -> httpx2.Response:
    return await client.post("/auth/verify-email", json={"token": token})


async def test_registering_sends_a_link_that_verifies_the_address(
    client: httpx2.AsyncClient, outbox: Outbox
) -> None:
    await register(client)
    token = await outbox.token(ADDRESS, "verify-email")

    assert (await verify(client, token)).status_code == 204

    access_token = (await log_in(client)).json()["access_token"]
    me = await client.get("/users/me", headers={"Authorization": f"Bearer {access_token}"})
    assert me.json()["email_verified_at"]


async def test_the_letter_greets_by_user_name_and_leads_to_the_public_url(
    client: httpx2.AsyncClient, outbox: Outbox
) -> None:
    await register(client, first_name="<b>Click http://evil.example.com</b>")

    letter = await outbox.letter(ADDRESS)

    assert "ada_l" in letter.text
    (link,) = letter.links
    assert link.startswith("https://www.example.com/account/verify-email#token=")
    assert "evil" not in letter.text + letter.html


async def test_before_it_one_can_look_but_let_no_program_in(create: CreateAccount) -> None:
    newcomer = await create(email_verified_at=None)
    token = {"name": "Backup", "scopes": ["account:read"]}

    assert (await newcomer.client.get("/users/me")).status_code == 200
    response = await newcomer.client.post("/users/me/access-tokens", json=token)
    assert_problem(response, 403, "email_not_verified")


async def test_an_address_opens_an_account_only_once_it_is_verified(
    client: httpx2.AsyncClient, outbox: Outbox
) -> None:
    await register(client)
    assert_problem(await log_in(client, ADDRESS), 401, "invalid_credentials")
    assert (await log_in(client, "ada_l")).status_code == 200

    await verify(client, await outbox.token(ADDRESS, "verify-email"))

    assert (await log_in(client, ADDRESS)).status_code == 200


async def test_a_link_is_good_once(client: httpx2.AsyncClient, outbox: Outbox) -> None:
    await register(client)
    token = await outbox.token(ADDRESS, "verify-email")
    await verify(client, token)

    assert_problem(await verify(client, token), 400, "invalid_link")


async def test_a_link_expires(
    client: httpx2.AsyncClient, outbox: Outbox, database: Database
) -> None:
    await register(client)
    token = await outbox.token(ADDRESS, "verify-email")
    async with transaction(database) as session:
        earlier = utc_now() - timedelta(seconds=1)
        await session.exec(update(Ticket).values({col(Ticket.expires_at): earlier}))

    assert_problem(await verify(client, token), 400, "invalid_link")


async def test_the_link_is_sent_again_on_request(
    client: httpx2.AsyncClient, outbox: Outbox
) -> None:
    await register(client)

    for email in (ADDRESS, ADDRESS.upper(), "nobody@example.com"):
        response = await client.post("/auth/verify-email/resend", json={"email": email})
        assert (response.status_code, response.content) == (202, b"")

    assert len(await outbox.letters(ADDRESS)) == 3
    assert await outbox.letters("nobody") == []
    assert (await verify(client, await outbox.token(ADDRESS, "verify-email"))).status_code == 204


async def test_once_verified_no_link_is_sent_again(
    client: httpx2.AsyncClient, author: Account, outbox: Outbox
) -> None:
    await client.post("/auth/verify-email/resend", json={"email": author.user.email})

    assert await outbox.letters() == []


async def test_the_owner_of_an_address_is_told_when_somebody_registers_it_again(
    client: httpx2.AsyncClient, create: CreateAccount, outbox: Outbox
) -> None:
    await create(username="owner", email=ADDRESS)

    await register(client, username="somebody", email="Ada@Example.com")

    letter = await outbox.letter(ADDRESS)
    assert "owner" in letter.text
    assert "somebody" not in letter.text
    assert "reset-password" in letter.links[0]


async def test_of_two_who_claim_an_address_the_first_to_verify_has_it(
    client: httpx2.AsyncClient, outbox: Outbox
) -> None:
    await register(client, username="early")
    early = await outbox.token(ADDRESS, "verify-email")
    await register(client, username="later")
    later = await outbox.token(ADDRESS, "verify-email")
    assert early != later

    assert (await verify(client, later)).status_code == 204

    assert_problem(await verify(client, early), 409, "email_taken")
    assert (await log_in(client, "early")).status_code == 200


@pytest.mark.parametrize("token", ["x", "0" * 32, f"{'0' * 32}.{'A' * 43}", "ä.ö", "\x00"])
async def test_a_made_up_link_verifies_nothing(client: httpx2.AsyncClient, token: str) -> None:
    assert_problem(await verify(client, token), 400, "invalid_link")
