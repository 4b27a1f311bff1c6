"""Bodies with more in them than is asked for, or with something else."""

import json
from typing import Any

import httpx2
import jsonschema_rs
import pytest
from sqlalchemy import Enum, Integer

from src.auth.constants import Scope
from src.database import Database
from src.main import app
from src.models import metadata
from tests.accounts import Account
from tests.attacks.loot import LINKS, LOOT
from tests.attacks.traces import Traces, stored_rows
from tests.auth.routes import NEW_PASSWORD
from tests.contract import body_schema
from tests.outbox import Outbox
from tests.routes import ROUTES, body_of, make_things, url_of
from tests.routing import Ids, Key

LONG_AGO = "2001-01-01T00:00:00Z"
COLUMNS = [column for table in metadata.sorted_tables for column in table.columns]
HOSTILE: dict[str, Any] = {
    **{column.name: "hostile" for column in COLUMNS},
    **{column.name: 987_654_321 for column in COLUMNS if isinstance(column.type, Integer)},
    **{column.name: column.type.enums[0] for column in COLUMNS if isinstance(column.type, Enum)},
    "role": "admin",
    "is_active": False,
    "purpose": "approve_email_change",
    "hashed_password": "$argon2id$hostile",
    "digest": "0" * 64,
    "birth_date": "1901-01-01",
    "scopes": list(Scope),
    **{column.name: LONG_AGO for column in COLUMNS if column.name.endswith("_at")},
    "is_verified": True,
    "is_admin": True,
    "session_id": "hostile",
    "__class__": "User",
}
BODIES = [key for key, route in ROUTES.items() if route.body]
WRONG_TYPES: list[Any] = [
    *(None, [], ["x"], [["x"]], {}, {"$ne": None}, {"__class__": "User"}, [{}], [None]),
    *({"value": "x", "id": 1}, {"password": {"secret_value": "x"}}),
]


def fields_of(key: Key) -> dict[str, Any]:
    """The fields of a route's body with their schemas, as OpenAPI has them."""
    fields: dict[str, Any] = body_schema(*key)["properties"]
    return fields


def wrong_for(schema: dict[str, Any]) -> list[Any]:
    """What a field cannot be, going by its own schema."""
    document = {**schema, "components": app.openapi()["components"]}
    is_right = jsonschema_rs.validator_for(document).is_valid
    return [it for it in WRONG_TYPES if not is_right(it)]


def hostile_for(key: Key) -> dict[str, Any]:
    route = ROUTES[key]
    asked_for = fields_of(key).keys() & {*(route.body or ()), *route.writable}
    return {name: value for name, value in HOSTILE.items() if name not in asked_for}


def assigned(before: Traces, after: Traces, hostile: dict[str, Any]) -> list[str]:
    """The columns of new and changed rows that took a value of the attacker's."""
    return [
        f"{table}.{column}"
        for table, stored in after.items()
        for row in stored
        if row not in before[table]
        for column, value in row.items()
        if column in hostile and _is_same(value, hostile[column])
    ]


def _is_same(stored: Any, sent: Any) -> bool:
    if sent == LONG_AGO:
        return stored is not None and stored.year == 2001
    if isinstance(sent, list):
        return bool(stored == sent)
    return str(getattr(stored, "value", stored)) == str(sent)


async def send(client: httpx2.AsyncClient, key: Key, ids: Ids, body: Any) -> httpx2.Response:
    return await client.request(key[0], url_of(key[1], ids), json=body)


def test_the_columns_that_matter_are_tried() -> None:
    assert {"role", "is_active", "email_verified_at", "hashed_password", "digest"} <= HOSTILE.keys()
    assert {"user_id", "scopes", "used_at", "confirmed_at"} <= HOSTILE.keys()


@pytest.mark.parametrize("key", BODIES, ids=" ".join)
async def test_no_column_that_a_body_does_not_ask_for_can_be_set_by_it(
    author: Account, database: Database, key: Key
) -> None:
    things = await make_things(author, key)
    hostile, before = hostile_for(key), await stored_rows(database)

    response = await send(author.client, key, things, {**hostile, **(body_of(key, things) or {})})

    assert response.status_code == ROUTES[key].status, response.text
    assert assigned(before, await stored_rows(database), hostile) == []


@pytest.mark.parametrize("key", BODIES, ids=" ".join)
async def test_nothing_hostile_in_a_body_is_shown_again(author: Account, key: Key) -> None:
    things = await make_things(author, key)
    hostile = hostile_for(key)

    response = await send(author.client, key, things, {**hostile, **(body_of(key, things) or {})})

    assert "hostile" not in response.text
    assert "987654321" not in response.text


@pytest.mark.parametrize("kind", LINKS)
async def test_no_column_can_be_set_along_with_a_link(
    author: Account, client: httpx2.AsyncClient, outbox: Outbox, database: Database, kind: str
) -> None:
    steal, door = LOOT[kind]
    path = {"change-email": "change-email/confirm"}.get(door, door)
    body = {**HOSTILE, "token": await steal(author, outbox), "password": NEW_PASSWORD}
    before = await stored_rows(database)

    response = await client.post(f"/auth/{path}", json=body)

    assert response.status_code < 300, response.text
    assert assigned(before, await stored_rows(database), HOSTILE) == []


@pytest.mark.parametrize("key", BODIES, ids=" ".join)
async def test_a_field_of_another_type_is_refused_and_changes_nothing(
    author: Account, database: Database, key: Key
) -> None:
    things = await make_things(author, key)
    before = await stored_rows(database)

    for field, schema in fields_of(key).items():
        for value in wrong_for(schema):
            body = {**(body_of(key, things) or {}), field: value}
            response = await send(author.client, key, things, body)
            assert response.status_code == 422, f"{field}: {json.dumps(value)}"

    assert await stored_rows(database) == before


DEMANDING = [key for key in BODIES if key[0] == "PATCH" or "required" in body_schema(*key)]


@pytest.mark.parametrize("wrap", [lambda it: [it], lambda it: {"json": it}, lambda it: {"": it}])
@pytest.mark.parametrize("key", DEMANDING, ids=" ".join)
async def test_a_body_inside_of_another_sets_nothing(
    author: Account, database: Database, key: Key, wrap: Any
) -> None:
    things = await make_things(author, key)
    before = await stored_rows(database)

    response = await send(author.client, key, things, wrap({**HOSTILE, "title": "hostile"}))

    assert response.status_code in ((200, 422) if key[0] == "PATCH" else (422,))
    for rows in (before, after := await stored_rows(database)):
        for row in (row for stored in rows.values() for row in stored):
            row.pop("updated_at", None)
    assert after == before


@pytest.mark.parametrize("scopes", [[], ["admin"], ["*"], ["account:read account:write"], [None]])
async def test_no_scope_can_be_made_up(author: Account, database: Database, scopes: Any) -> None:
    body = {"name": "Everything", "scopes": scopes}

    response = await author.client.post("/users/me/access-tokens", json=body)

    assert response.status_code == 422
    assert (await stored_rows(database))["user_access_token"] == []


async def test_scopes_that_are_given_many_times_are_kept_once(author: Account) -> None:
    body = {"name": "Everything", "scopes": ["account:read"] * 20}

    made = (await author.client.post("/users/me/access-tokens", json=body)).json()

    assert made["scopes"] == ["account:read"]
