"""The things of others, asked for by their ids (insecure direct object references)."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest

from src.database import Database
from tests.accounts import Account
from tests.attacks.loot import email_change_links, reset_link
from tests.attacks.traces import Traces, stored_rows
from tests.contract import assert_problem
from tests.outbox import Outbox
from tests.routes import PAGES, ROUTES, body_of, make_things
from tests.routing import Ids, Key
from tests.users.routes import NEW_TOKEN

OWNING = ("owner_id", "user_id", "author_id")
BY_ID = [key for key in ROUTES if "{" in key[1] and not key[1].startswith(PAGES)]
REFUSED = [key for key in BY_ID if ROUTES[key].foreign]


@pytest.fixture
async def ids(author: Account) -> Ids:
    """Of one thing of each kind, all of them the author's."""
    return await make_things(author)


async def ask(client: httpx2.AsyncClient, key: Key, ids: Ids, **extra: Any) -> httpx2.Response:
    body = body_of(key, ids)
    return await client.request(key[0], key[1].format(**ids), json=body, **extra)


def refusal_of(key: Key) -> tuple[int, str]:
    refusal = ROUTES[key].foreign
    assert refusal
    return refusal


async def of(owner: Account, database: Database) -> Traces:
    """Every row that is somebody's own doing."""
    return {
        table: [row for row in rows if owner.id in (row.get(name) for name in OWNING)]
        if table != "user_account"
        else [row for row in rows if row["id"] == owner.id]
        for table, rows in (await stored_rows(database)).items()
        if table != "notification"  # [notifications]
    }


@pytest.mark.parametrize("key", BY_ID, ids=" ".join)
async def test_the_things_of_somebody_else_stay_as_they_are(
    author: Account, reader: Account, database: Database, ids: Ids, key: Key
) -> None:
    before = await of(author, database)

    response = await ask(reader.client, key, ids)

    if ROUTES[key].foreign:
        assert_problem(response, *refusal_of(key))
    else:  # it is for everybody
        assert response.status_code == ROUTES[key].status

    assert await of(author, database) == before
    assert (await author.client.get("/users/me")).status_code == 200


@pytest.mark.parametrize("key", REFUSED, ids=" ".join)
async def test_nobody_is_believed_to_be_somebody_else_by_query_header_or_method(
    author: Account, reader: Account, database: Database, ids: Ids, key: Key
) -> None:
    before = await of(author, database)
    pretended = {
        "X-User-Id": str(author.id),
        "X-Forwarded-User": author.username,
        "X-Original-URL": "/users/me",
        "X-HTTP-Method-Override": "DELETE",
    }
    query = {"user_id": author.id, "author_id": author.id, "id": author.id}

    response = await ask(reader.client, key, ids, headers=pretended, params=query)

    assert_problem(response, *refusal_of(key))
    assert await of(author, database) == before


async def rename_other(reader: Account, author: Account) -> httpx2.Response:
    body = {"id": author.id, "user_id": author.id, "first_name": "Overwritten"}
    return await reader.client.patch("/users/me", json=body)


async def make_token_for(reader: Account, author: Account) -> httpx2.Response:
    body = {**NEW_TOKEN, "user_id": author.id, "id": 1}
    return await reader.client.post("/users/me/access-tokens", json=body)


FOREIGN_IDS: dict[str, Callable[[Account, Account], Awaitable[httpx2.Response]]] = {
    "rename": rename_other,
    "make a token": make_token_for,
}


@pytest.mark.parametrize("attack", FOREIGN_IDS)
async def test_the_id_of_somebody_else_in_a_body_is_passed_over(
    author: Account, reader: Account, database: Database, attack: str
) -> None:
    before = await of(author, database)

    response = await FOREIGN_IDS[attack](reader, author)

    assert response.status_code in (200, 201)
    assert await of(author, database) == before


async def test_lists_of_ones_own_hold_nothing_of_others(
    author: Account, reader: Account, ids: Ids
) -> None:
    query = {"user_id": author.id}

    assert (await reader.client.get("/users/me/access-tokens", params=query)).json() == []
    listed = (await reader.client.get("/auth/sessions", params=query)).json()
    assert [session["id"] for session in listed] == [reader.claims.session_id]


async def test_somebody_logged_in_gets_nowhere_with_the_ids_behind_the_links_of_another(
    author: Account, reader: Account, database: Database, outbox: Outbox
) -> None:
    links = [*await email_change_links(author, outbox), await reset_link(author, outbox)]
    before = await of(author, database)

    for link in links:
        for path in ("verify-email", "reset-password", "change-email/confirm"):
            body = {"token": link.partition(".")[0], "password": "Another-Horse-8-Battery"}
            response = await reader.client.post(f"/auth/{path}", json=body)
            assert_problem(response, 400, "invalid_link")

    assert await of(author, database) == before
