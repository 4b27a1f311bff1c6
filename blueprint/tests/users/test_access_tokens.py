"""Personal access tokens: made, shown once, used, deleted."""

from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from sqlmodel import col, select, update

from src.auth.constants import TOKENS_MAX, Scope
from src.auth.models import AccessToken
from src.database import Database, Statement, transaction
from src.models import utc_now
from tests.accounts import Account
from tests.contract import assert_problem, refused_fields
from tests.factories import insert
from tests.fixtures import CreateAccount
from tests.outbox import Outbox

STORED = Statement(select(AccessToken.digest))


async def make(account: Account, *scopes: str, **fields: object) -> httpx2.Response:
    body = {"name": "Backup", "scopes": list(scopes) or ["account:read"], **fields}
    return await account.client.post("/users/me/access-tokens", json=body)


async def program_of(account: Account, *scopes: str) -> httpx2.AsyncClient:
    """A client with an access token of the account."""
    return account.app.client((await make(account, *scopes)).json()["token"])


async def test_a_token_is_shown_once_and_stored_as_a_digest(
    author: Account, database: Database
) -> None:
    made = await make(author, expires_in_days=7)
    assert made.status_code == 201
    token = made.json()["token"]

    (listed,) = (await author.client.get("/users/me/access-tokens")).json()

    assert "token" not in listed
    assert listed["id"] == made.json()["id"]
    assert listed["scopes"] == ["account:read"]
    lifetime = datetime.fromisoformat(listed["expires_at"]) - datetime.now(UTC)
    assert timedelta(days=6, hours=23) < lifetime < timedelta(days=7, hours=1)
    row = await database.fetch_one(STORED)
    assert row
    assert row["digest"] not in token
    assert token not in row["digest"]


async def test_its_use_is_noted(author: Account) -> None:
    program = await program_of(author, Scope.ACCOUNT_READ)
    (listed,) = (await author.client.get("/users/me/access-tokens")).json()
    assert listed["last_used_at"] is None

    await program.get("/users/me")

    (listed,) = (await author.client.get("/users/me/access-tokens")).json()
    assert listed["last_used_at"]


async def test_a_deleted_token_is_refused(author: Account) -> None:
    program = await program_of(author, Scope.ACCOUNT_READ)
    (listed,) = (await author.client.get("/users/me/access-tokens")).json()

    response = await author.client.delete(f"/users/me/access-tokens/{listed['id']}")

    assert response.status_code == 204
    assert_problem(await program.get("/users/me"), 401, "invalid_token")


async def test_an_expired_token_is_refused(author: Account, database: Database) -> None:
    program = await program_of(author, Scope.ACCOUNT_READ)
    async with transaction(database) as session:
        earlier = utc_now() - timedelta(seconds=1)
        await session.exec(update(AccessToken).values({col(AccessToken.expires_at): earlier}))

    assert_problem(await program.get("/users/me"), 401, "invalid_token")


async def test_a_token_of_somebody_else_cannot_be_deleted(author: Account, reader: Account) -> None:
    made = (await make(author)).json()

    response = await reader.client.delete(f"/users/me/access-tokens/{made['id']}")

    assert_problem(response, 404, "access_token_not_found")
    assert len((await author.client.get("/users/me/access-tokens")).json()) == 1


async def test_an_account_needs_a_verified_address_for_it(create: CreateAccount) -> None:
    newcomer = await create(email_verified_at=None)

    assert_problem(await make(newcomer), 403, "email_not_verified")


async def test_logging_out_everywhere_leaves_tokens_alone(author: Account) -> None:
    program = await program_of(author, Scope.ACCOUNT_READ)

    await author.client.post("/auth/logout-everywhere")

    assert (await program.get("/users/me")).status_code == 200


async def test_the_owner_is_told_of_a_new_token(author: Account, outbox: Outbox) -> None:
    await make(author)

    assert "access token was made" in (await outbox.letter(author.user.email)).subject


async def test_an_account_has_so_many_tokens_and_no_more(
    author: Account, database: Database
) -> None:
    rows = (
        AccessToken(
            user_id=author.id, name="Old", digest=str(number), scopes=[], expires_at=utc_now()
        )
        for number in range(TOKENS_MAX)
    )
    await insert(database, *rows)

    assert_problem(await make(author), 409, "too_many_access_tokens")


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"name": ""}, "/body/name"),
        ({"name": "x" * 101}, "/body/name"),
        ({"scopes": []}, "/body/scopes"),
        ({"scopes": ["admin"]}, "/body/scopes/0"),
        ({"expires_in_days": 0}, "/body/expires_in_days"),
        ({"expires_in_days": 366}, "/body/expires_in_days"),
    ],
)
async def test_an_impossible_token_is_refused(
    author: Account, fields: dict[str, object], pointer: str
) -> None:
    assert refused_fields(await make(author, **fields)) == {pointer}
