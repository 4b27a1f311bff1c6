"""Two accounts that want one address: one has it, and the other is told so."""

import asyncio
from collections import Counter

import httpx2

from src.database import Database
from tests.accounts import Account
from tests.attacks.doors import confirm_email_change, log_in, verify_email
from tests.attacks.loot import email_change_links
from tests.attacks.traces import stored_rows
from tests.contract import assert_problem
from tests.factories import insert, registration, user_row
from tests.fixtures import CreateAccount
from tests.outbox import Outbox

WANTED = "wanted@example.com"


async def owners_of_it(database: Database) -> list[str]:
    return [
        row["username"]
        for row in (await stored_rows(database))["user_account"]
        if row["email"] == WANTED and row["email_verified_at"]
    ]


async def register_with_it(client: httpx2.AsyncClient, database: Database, outbox: Outbox) -> str:
    """Claim the address; the link with which it is verified."""
    seen = {letter.key for letter in await outbox.letters(WANTED)}
    await client.post("/auth/register", json=registration(email=WANTED))
    new = [letter for letter in await outbox.letters(WANTED) if letter.key not in seen]
    return new[0].links[0].partition("token=")[2]


async def test_of_two_accounts_that_move_to_one_address_one_has_it(
    create: CreateAccount, client: httpx2.AsyncClient, database: Database, outbox: Outbox
) -> None:
    first, second = [await email_change_links(await create(), outbox, WANTED) for _ in range(2)]
    for link in (first[0], second[0], first[1]):
        assert (await confirm_email_change(client, link)).status_code == 200
    before = await stored_rows(database)

    assert_problem(await confirm_email_change(client, second[1]), 409, "email_taken")

    assert await stored_rows(database) == before
    assert len(await owners_of_it(database)) == 1


async def test_of_two_accounts_that_move_to_one_address_at_a_time_one_has_it(
    create: CreateAccount, client: httpx2.AsyncClient, database: Database, outbox: Outbox
) -> None:
    links = []
    for _ in range(2):
        old, new = await email_change_links(await create(), outbox, WANTED)
        assert (await confirm_email_change(client, old)).status_code == 200
        links.append(new)

    responses = await asyncio.gather(*(confirm_email_change(client, link) for link in links * 5))

    assert [response.status_code for response in responses].count(200) == 1
    refused = [response for response in responses if response.status_code != 200]
    assert {response.json()["code"] for response in refused} == {"email_taken", "invalid_link"}
    assert len(await owners_of_it(database)) == 1


async def test_both_addresses_that_agree_at_a_time_complete_the_change(
    author: Account, client: httpx2.AsyncClient, outbox: Outbox
) -> None:
    links = await email_change_links(author, outbox)

    responses = await asyncio.gather(*(confirm_email_change(client, link) for link in links))

    said = sorted(response.json()["status"] for response in responses)
    assert said == ["changed", "waiting_for_other_address"]


async def test_of_many_who_claim_an_address_the_first_who_verifies_has_it(
    client: httpx2.AsyncClient, database: Database, outbox: Outbox
) -> None:
    links = [await register_with_it(client, database, outbox) for _ in range(5)]

    responses = await asyncio.gather(*(verify_email(client, link) for link in links))

    assert Counter(response.status_code for response in responses) == {204: 1, 409: 4}
    for response in responses:
        if response.status_code != 204:
            assert_problem(response, 409, "email_taken")
    assert len(await owners_of_it(database)) == 1


async def test_an_address_that_was_verified_meanwhile_is_not_moved_to(
    author: Account, client: httpx2.AsyncClient, database: Database, outbox: Outbox
) -> None:
    old, new = await email_change_links(author, outbox, WANTED)
    assert (await confirm_email_change(client, old)).status_code == 200
    await insert(database, user_row(username="the_owner", email=WANTED.upper()))

    assert_problem(await confirm_email_change(client, new), 409, "email_taken")

    assert (await author.client.get("/users/me")).json()["email"] == author.user.email
    assert (await log_in(client, WANTED)).status_code == 200, "the owner is who it was"
