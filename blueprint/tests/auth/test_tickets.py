"""A job that runs again issues its ticket again: the same one, as if it were the first time."""

import httpx2
import pytest
from sqlalchemy import text

from src.auth import tickets
from src.auth.constants import TicketPurpose
from src.database import Database, transaction
from tests.accounts import Account
from tests.attacks.doors import log_in, reset_password
from tests.attacks.traces import stored_rows
from tests.auth.routes import NEW_PASSWORD
from tests.contract import assert_problem
from tests.factories import PASSWORD

KEY = "0123456789abcdef" * 2
VERIFY, RESET = TicketPurpose.VERIFY_EMAIL, TicketPurpose.RESET_PASSWORD
OVER = text("UPDATE user_ticket SET expires_at = now() - interval '1 second'")


async def issue(owner: Account, purpose: TicketPurpose = RESET) -> str:
    async with transaction(owner.app.state["database"]) as session:
        return await tickets.issue(session, key=KEY, user=owner.user, purpose=purpose)


async def test_a_ticket_that_is_issued_again_is_good_from_then_on(
    author: Account, client: httpx2.AsyncClient, database: Database
) -> None:
    first = await issue(author)
    async with database.engine.begin() as connection:
        await connection.execute(OVER)

    assert await issue(author) == first

    assert (await reset_password(client, first)).status_code == 204
    assert (await log_in(client, author.username, NEW_PASSWORD)).status_code == 200


async def test_a_ticket_that_is_issued_again_is_for_the_address_that_the_account_has_by_then(
    author: Account, client: httpx2.AsyncClient, database: Database
) -> None:
    token = await issue(author)
    moved = text("UPDATE user_account SET email = 'moved@example.com'")
    async with database.engine.begin() as connection:
        await connection.execute(moved)
    assert_problem(await reset_password(client, token), 400, "invalid_link")
    author.user.email = "moved@example.com"

    assert await issue(author) == token

    assert (await reset_password(client, token)).status_code == 204


async def test_a_ticket_that_is_issued_again_is_for_what_it_is_issued_for_then(
    author: Account, client: httpx2.AsyncClient, database: Database
) -> None:
    await issue(author, VERIFY)

    token = await issue(author, RESET)

    assert (await reset_password(client, token)).status_code == 204
    (row,) = (await stored_rows(database))["user_ticket"]
    assert row["purpose"] == RESET


@pytest.mark.parametrize("is_over", [False, True])
async def test_a_ticket_that_was_used_is_not_good_again(
    author: Account, client: httpx2.AsyncClient, database: Database, is_over: bool
) -> None:
    token = await issue(author)
    assert (await reset_password(client, token)).status_code == 204
    if is_over:
        async with database.engine.begin() as connection:
            await connection.execute(OVER)
    before = await stored_rows(database)

    assert await issue(author) == token

    assert await stored_rows(database) == before
    assert_problem(await reset_password(client, token, PASSWORD), 400, "invalid_link")
    assert (await log_in(client, author.username, NEW_PASSWORD)).status_code == 200
