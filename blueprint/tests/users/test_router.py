"""One's own account: read, changed, deleted."""

import asyncio
from typing import Any

import httpx2
import pytest
from redis.asyncio import Redis
from sqlmodel import delete

from src.auth import service as auth_service
from src.auth.models import User
from src.database import Statement
from tests.accounts import Account, log_in
from tests.contract import assert_problem, refused_fields
from tests.factories import PASSWORD

DELETE_ALL_USERS = Statement(delete(User))


async def test_an_account_is_shown_to_its_owner(author: Account) -> None:
    response = await author.client.get("/users/me")

    assert response.status_code == 200
    account = response.json()
    assert account["id"] == author.id
    assert account["email"] == author.user.email
    assert "hashed_password" not in account


@pytest.mark.parametrize(
    ("field", "value"),
    [("username", "new_name"), ("first_name", "Grace"), ("birth_date", "1906-12-09")],
)
async def test_a_field_is_changed_and_the_others_stay(
    author: Account, field: str, value: str
) -> None:
    before = (await author.client.get("/users/me")).json()

    response = await author.client.patch("/users/me", json={field: value})

    assert response.status_code == 200
    assert response.json() == {**before, field: value}
    assert (await author.client.get("/users/me")).json() == {**before, field: value}


async def test_changing_nothing_changes_nothing(author: Account) -> None:
    before = (await author.client.get("/users/me")).json()

    assert (await author.client.patch("/users/me", json={})).json() == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *((field, None) for field in ("username", "first_name", "birth_date")),
        *(("username", name) for name in ("ab", "two words", "")),
        *(("first_name", name) for name in ("", " ", "Ada\x00")),
        *(
            ("birth_date", day)
            for day in ("2999-01-01", "1899-12-31", "yesterday", 1e40, 0, "0", True)
        ),
    ],
)
async def test_an_impossible_value_is_refused(author: Account, field: str, value: Any) -> None:
    before = (await author.client.get("/users/me")).json()

    response = await author.client.patch("/users/me", json={field: value})

    assert refused_fields(response) == {f"/body/{field}"}
    assert (await author.client.get("/users/me")).json() == before


@pytest.mark.parametrize(
    "changes",
    [{"role": "admin"}, {"id": 1}, {"is_active": False}, {"hashed_password": "x"}],
)
async def test_nobody_changes_what_is_not_theirs_to_change(
    author: Account, changes: dict[str, Any]
) -> None:
    before = (await author.client.get("/users/me")).json()

    await author.client.patch("/users/me", json=changes)

    assert (await author.client.get("/users/me")).json() == before


async def test_a_taken_name_is_a_conflict_in_any_case(author: Account, reader: Account) -> None:
    response = await author.client.patch(
        "/users/me", json={"username": reader.username.upper(), "first_name": "Grace"}
    )

    assert_problem(response, 409, "account_exists")
    account = (await author.client.get("/users/me")).json()
    assert account["username"] == author.username
    assert account["first_name"] == author.user.first_name


async def test_the_case_of_ones_own_name_can_be_changed(author: Account) -> None:
    changed = author.username.upper()

    response = await author.client.patch("/users/me", json={"username": changed})

    assert response.json()["username"] == changed


async def test_a_new_name_is_good_at_login(client: httpx2.AsyncClient, author: Account) -> None:
    await author.client.patch("/users/me", json={"username": "new_name"})

    form = {"username": "new_name", "password": PASSWORD}
    assert (await client.post("/auth/token", data=form)).status_code == 200


async def test_parallel_changes_of_different_fields_lose_nothing(author: Account) -> None:
    changes = {"username": "new_name", "first_name": "Grace", "birth_date": "1906-12-09"}

    responses = await asyncio.gather(
        *(author.client.patch("/users/me", json={field: changes[field]}) for field in changes)
    )

    assert [response.status_code for response in responses] == [200, 200, 200]
    account = (await author.client.get("/users/me")).json()
    assert {field: account[field] for field in changes} == changes


async def test_a_deleted_account_is_logged_out_everywhere(
    client: httpx2.AsyncClient, author: Account, redis: Redis
) -> None:
    elsewhere = await log_in(author.app, author.user)

    await author.client.delete("/users/me")

    for account in (author, elsewhere):
        assert_problem(await account.client.get("/users/me"), 401, "session_ended")
        token = {"refresh_token": account.refresh_token}
        assert_problem(await client.post("/auth/refresh", json=token), 401, "session_ended")
    form = {"username": author.username, "password": PASSWORD}
    assert_problem(await client.post("/auth/token", data=form), 401, "invalid_credentials")
    assert await redis.keys("*session*") == []


async def test_of_parallel_deletions_none_fails(author: Account) -> None:
    responses = await asyncio.gather(*(author.client.delete("/users/me") for _ in range(5)))

    assert {response.status_code for response in responses} <= {204, 401}
    assert 204 in {response.status_code for response in responses}


@pytest.mark.parametrize(
    ("function", "method", "body"),
    [("update_user", "PATCH", {"first_name": "Grace"}), ("delete_user", "DELETE", None)],
)
async def test_an_account_that_vanishes_during_a_request_is_no_server_error(
    author: Account,
    monkeypatch: pytest.MonkeyPatch,
    function: str,
    method: str,
    body: dict[str, str] | None,
) -> None:
    go_on = getattr(auth_service, function)

    async def delete_first(*arguments: Any, **named: Any) -> Any:
        await author.app.state["database"].fetch(DELETE_ALL_USERS)
        return await go_on(*arguments, **named)

    monkeypatch.setattr(auth_service, function, delete_first)

    response = await author.client.request(method, "/users/me", json=body)

    assert response.status_code in {204, 401, 404}, response.text
