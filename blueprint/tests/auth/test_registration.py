"""`POST /auth/register`."""

import asyncio
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import httpx2
import pytest
from sqlmodel import select

from src.auth.models import User
from src.database import Database, Statement
from tests.contract import assert_problem, refused_fields
from tests.factories import PASSWORD, registration

STORED_HASH = Statement(select(User.hashed_password))


def years_ago(years: int) -> date:
    today = datetime.now(UTC).date()
    try:
        return today.replace(year=today.year - years)
    except ValueError:  # born on 29 February
        return today.replace(year=today.year - years, month=3, day=1)


async def test_an_account_is_made_and_shown_without_its_password(
    client: httpx2.AsyncClient,
) -> None:
    body = registration(username="ada_lovelace", email="ada@example.com", first_name="Ada")

    response = await client.post("/auth/register", json=body)

    assert response.status_code == 201
    account = response.json()
    assert set(account) == {
        *("id", "username", "email", "email_verified_at", "first_name", "birth_date"),
        *("role", "created_at"),
    }
    assert account["username"] == "ada_lovelace"
    assert account["email"] == "ada@example.com"
    assert account["first_name"] == "Ada"
    assert account["birth_date"] == body["birth_date"]
    assert account["role"] == "member"
    assert account["email_verified_at"] is None
    assert datetime.fromisoformat(account["created_at"]).tzinfo is not None


async def test_the_password_is_stored_as_argon2id(
    client: httpx2.AsyncClient, database: Database
) -> None:
    body = registration()

    await client.post("/auth/register", json=body)

    row = await database.fetch_one(STORED_HASH)
    assert row
    assert row["hashed_password"].startswith("$argon2id$")
    assert body["password"] not in row["hashed_password"]


async def test_nobody_chooses_their_own_role(client: httpx2.AsyncClient) -> None:
    response = await client.post("/auth/register", json=registration(role="admin", is_active=False))

    assert response.json()["role"] == "member"


async def test_every_missing_field_is_named(client: httpx2.AsyncClient) -> None:
    response = await client.post("/auth/register", json={})

    fields = ("username", "email", "first_name", "birth_date", "password")
    assert refused_fields(response) == {f"/body/{field}" for field in fields}


async def test_space_around_names_is_dropped(client: httpx2.AsyncClient) -> None:
    response = await client.post(
        "/auth/register", json=registration(username=" ada_l \n", first_name="  Ada  ")
    )

    assert response.json()["username"] == "ada_l"
    assert response.json()["first_name"] == "Ada"


@pytest.mark.parametrize(
    "username",
    ["", "ab", "a" * 51, "two words", "ada.lovelace", "ada@example", "naïve", "a/b", "ada\x00"],
)
async def test_an_impossible_user_name_is_refused(
    client: httpx2.AsyncClient, username: str
) -> None:
    response = await client.post("/auth/register", json=registration(username=username))

    assert refused_fields(response) == {"/body/username"}


@pytest.mark.parametrize("username", ["abc", "a" * 50, "A-1", "___", "007"])
async def test_a_user_name_of_the_pattern_is_accepted(
    client: httpx2.AsyncClient, username: str
) -> None:
    response = await client.post("/auth/register", json=registration(username=username))

    assert response.status_code == 201


@pytest.mark.parametrize("email", ["", "ada", "ada@", "@example.com", "a b@example.com", "ada@x"])
async def test_an_impossible_address_is_refused(client: httpx2.AsyncClient, email: str) -> None:
    response = await client.post("/auth/register", json=registration(email=email))

    assert refused_fields(response) == {"/body/email"}


@pytest.mark.parametrize("first_name", ["", "   ", "a" * 129, "Ada\x00", "\x00"])
async def test_an_impossible_first_name_is_refused(
    client: httpx2.AsyncClient, first_name: str
) -> None:
    response = await client.post("/auth/register", json=registration(first_name=first_name))

    assert refused_fields(response) == {"/body/first_name"}


@pytest.mark.parametrize("field", ["username", "email", "first_name", "password"])
async def test_half_a_surrogate_pair_is_refused(client: httpx2.AsyncClient, field: str) -> None:
    body = httpx2.Request("POST", "https://x", json=registration(**{field: "SURROGATE"})).content

    response = await client.post(
        "/auth/register",
        content=body.replace(b"SURROGATE", rb"Ada-7\ud800-Ada"),
        headers={"Content-Type": "application/json"},
    )

    assert refused_fields(response) == {f"/body/{field}"}


async def test_one_is_old_enough_from_the_eighteenth_birthday(client: httpx2.AsyncClient) -> None:
    birthday = years_ago(18)

    too_young = registration(birth_date=str(birthday + timedelta(days=1)))
    old_enough = registration(birth_date=str(birthday))

    refused = await client.post("/auth/register", json=too_young)
    assert refused_fields(refused) == {"/body/birth_date"}
    assert (await client.post("/auth/register", json=old_enough)).status_code == 201


@pytest.mark.parametrize("birth_date", ["1899-12-31", "0001-01-01", "2999-01-01", "1990-02-30"])
async def test_an_impossible_birth_date_is_refused(
    client: httpx2.AsyncClient, birth_date: str
) -> None:
    response = await client.post("/auth/register", json=registration(birth_date=birth_date))

    assert refused_fields(response) == {"/body/birth_date"}


async def test_a_refused_password_is_not_repeated(client: httpx2.AsyncClient) -> None:
    response = await client.post("/auth/register", json=registration(password="not-strong-enough"))

    assert refused_fields(response) == {"/body/password"}
    assert "not-strong-enough" not in response.text


async def test_a_password_with_ones_own_name_is_refused(client: httpx2.AsyncClient) -> None:
    body = registration(username="lovelace", password="I-am-LOVELACE-1")

    response = await client.post("/auth/register", json=body)

    assert refused_fields(response) == {"/body"}
    assert "LOVELACE-1" not in response.text


async def test_a_taken_name_is_a_conflict_in_any_case(client: httpx2.AsyncClient) -> None:
    first = registration(username="ada_l", email="ada.l@example.com")
    assert (await client.post("/auth/register", json=first)).status_code == 201

    response = await client.post("/auth/register", json=registration(username="ADA_L"))

    assert_problem(response, 409, "account_exists")


async def test_of_parallel_registrations_of_one_name_one_succeeds(
    client: httpx2.AsyncClient,
) -> None:
    bodies = [registration(username="ada_l") for _ in range(10)]

    responses = await asyncio.gather(*(client.post("/auth/register", json=body) for body in bodies))

    assert Counter(response.status_code for response in responses) == {201: 1, 409: 9}
    for response in responses:
        if response.status_code != 201:
            assert_problem(response, 409, "account_exists")


async def test_a_new_account_can_log_in(client: httpx2.AsyncClient) -> None:
    body = registration(password=f"  {PASSWORD}  ")
    await client.post("/auth/register", json=body)

    form = {"username": body["username"], "password": body["password"]}
    response = await client.post("/auth/token", data=form)

    assert response.status_code == 200
