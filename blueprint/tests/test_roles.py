"""Roles that are given from outside of the application."""

from src.auth.constants import Role
from src.database import Database, transaction
from src.roles import give_role
from tests.accounts import Account


async def test_a_role_counts_from_the_next_request_on(author: Account, database: Database) -> None:
    assert (await author.client.get("/users/me")).json()["role"] == "member"

    async with transaction(database) as session:
        assert await give_role(session, username=author.username.upper(), role=Role.MODERATOR)

    assert (await author.client.get("/users/me")).json()["role"] == "moderator"


async def test_nobody_else_gets_it_and_a_missing_account_is_told(
    author: Account, reader: Account, database: Database
) -> None:
    async with transaction(database) as session:
        await give_role(session, username=author.username, role=Role.ADMIN)
        assert not await give_role(session, username="nobody_here", role=Role.ADMIN)

    assert (await reader.client.get("/users/me")).json()["role"] == "member"
