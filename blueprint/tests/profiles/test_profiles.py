"""Profiles: read by everybody, written by their owners; and who is a creator."""

import asyncio
from typing import Any

import httpx2
import pytest
from sqlalchemy import update
from sqlmodel import col

from src.auth.models import User
from tests.accounts import Account
from tests.contract import assert_problem, refused_fields
from tests.factories import registration
from tests.fixtures import CreateAccount
from tests.profiles.factories import add_follows, add_profiles, create_creator

OWN = "/users/me/profile"
EMPTY = {
    "display_name": "",
    "is_creator": False,
    "follower_count": 0,
    "bio": "",
    "following_count": 0,
    "avatar": None,  # [media]
}
IMPOSSIBLE: dict[str, list[Any]] = {
    "display_name": ["x" * 101, "nul\x00", None, 7, ["x"]],
    "bio": ["x" * 2_001, "\x00", None, {}],
    "is_creator": [None, "true", 1, []],
}


async def switch(account: Account, *, is_active: bool) -> None:
    async with account.app.state["database"].engine.begin() as connection:
        await connection.execute(
            update(User).where(col(User.id) == account.id).values(is_active=is_active)
        )


async def test_an_account_has_an_empty_profile_from_the_beginning(
    client: httpx2.AsyncClient,
) -> None:
    account = (await client.post("/auth/register", json=registration())).json()

    response = await client.get(f"/profiles/{account['id']}")

    assert response.status_code == 200
    expected = {"id": account["id"], "username": account["username"], **EMPTY}
    assert response.json() == expected, "and nothing that is its owner's business alone"


async def test_a_profile_is_the_same_wherever_it_is_read(
    client: httpx2.AsyncClient, author: Account
) -> None:
    changes = {"display_name": "Ada Lovelace", "bio": "Analyst", "is_creator": True}

    changed = await author.client.patch(OWN, json=changes)

    assert changed.status_code == 200
    assert changed.json() == {**EMPTY, **changes, "id": author.id, "username": author.username}
    for path in (f"/profiles/{author.id}", f"/creators/{author.id}"):
        assert (await client.get(path)).json() == changed.json()
    assert (await author.client.get(OWN)).json() == changed.json()


async def test_a_profile_is_found_by_user_name(client: httpx2.AsyncClient, author: Account) -> None:
    profile = (await client.get(f"/profiles/{author.id}")).json()

    for username in (author.username, author.username.upper()):
        assert (await client.get(f"/users/{username}/profile")).json() == profile
    assert_problem(await client.get("/users/nobody/profile"), 404, "profile_not_found")


@pytest.mark.parametrize("username", ["ab", "a%20b", "x" * 51, "%00%00%00"])
async def test_an_impossible_user_name_is_refused(
    client: httpx2.AsyncClient, username: str
) -> None:
    assert refused_fields(await client.get(f"/users/{username}/profile")) == {"/path/username"}


@pytest.mark.parametrize("profile_id", ["0", "-1", "x", "1.5", str(2**63), "9" * 400])
async def test_an_impossible_id_is_refused(author: Account, profile_id: str) -> None:
    for request in (
        author.client.get(f"/profiles/{profile_id}"),
        author.client.get(f"/profiles/{profile_id}/followers"),
        author.client.get(f"/profiles/{profile_id}/following"),
        author.client.get(f"/creators/{profile_id}"),
        author.client.put(f"/profiles/{profile_id}/follow"),
        author.client.delete(f"/profiles/{profile_id}/follow"),
    ):
        assert refused_fields(await request) == {"/path/profile_id"}


async def test_the_largest_id_is_just_not_there(client: httpx2.AsyncClient) -> None:
    assert_problem(await client.get(f"/profiles/{2**63 - 1}"), 404, "profile_not_found")


async def test_a_profile_is_changed_field_by_field(author: Account) -> None:
    await author.client.patch(OWN, json={"display_name": "Old", "bio": "Old"})
    before = (await author.client.get(OWN)).json()

    changed = (await author.client.patch(OWN, json={"display_name": " New "})).json()

    assert changed == {**before, "display_name": "New"}
    assert (await author.client.patch(OWN, json={})).json() == changed
    assert (await author.client.patch(OWN, json={"bio": ""})).json() == {**changed, "bio": ""}


async def test_only_what_is_ones_own_to_change_is_changed(author: Account, reader: Account) -> None:
    forbidden = {"id": reader.id, "user_id": reader.id, "username": "x", "follower_count": 9}

    changed = await author.client.patch(OWN, json={**forbidden, "bio": "Mine"})

    assert changed.json() == {
        **EMPTY,
        "id": author.id,
        "username": author.username,
        "bio": "Mine",
    }
    assert (await reader.client.get(OWN)).json()["bio"] == ""


@pytest.mark.parametrize(
    ("field", "value"),
    [(field, value) for field, values in IMPOSSIBLE.items() for value in values],
)
async def test_an_impossible_value_is_refused(author: Account, field: str, value: Any) -> None:
    response = await author.client.patch(OWN, json={field: value})

    assert refused_fields(response) == {f"/body/{field}"}


async def test_the_longest_profile_is_accepted(author: Account) -> None:
    longest = {"display_name": "🐙" * 100, "bio": "🐙" * 2_000}

    changed = await author.client.patch(OWN, json=longest)

    assert changed.json().items() >= longest.items()


async def test_parallel_first_changes_lose_nothing(create: CreateAccount) -> None:
    changes = {"display_name": "Ada", "bio": "Analyst", "is_creator": True}
    for _ in range(5):
        author = await create()

        responses = await asyncio.gather(
            *(author.client.patch(OWN, json={key: changes[key]}) for key in changes)
        )

        assert [response.status_code for response in responses] == [200, 200, 200]
        assert (await author.client.get(OWN)).json().items() >= changes.items()


async def test_a_change_while_the_account_is_deleted_is_no_server_error(
    create: CreateAccount,
) -> None:
    for _ in range(5):
        author = await create()

        changed, deleted = await asyncio.gather(
            author.client.patch(OWN, json={"bio": "Too late"}), author.client.delete("/users/me")
        )

        assert deleted.status_code == 204
        assert changed.status_code in {200, 401}, changed.text
        assert_problem(await author.client.get(OWN), 401, "session_ended")


async def test_who_is_not_verified_reads_but_does_not_write(create: CreateAccount) -> None:
    unverified = await create(email_verified_at=None)

    assert (await unverified.client.get(OWN)).status_code == 200
    response = await unverified.client.patch(OWN, json={"bio": "Anything"})
    assert_problem(response, 403, "email_not_verified")


async def test_one_becomes_a_creator_and_is_one_no_longer(
    client: httpx2.AsyncClient, author: Account
) -> None:
    path = f"/creators/{author.id}"
    assert_problem(await client.get(path), 403, "not_a_creator")

    await author.client.patch(OWN, json={"is_creator": True})
    assert (await client.get(path)).status_code == 200

    await author.client.patch(OWN, json={"is_creator": False})
    assert_problem(await client.get(path), 403, "not_a_creator")
    assert (await client.get(f"/profiles/{author.id}")).status_code == 200


async def test_the_look_up_of_a_creator_is_chained_on_that_of_a_profile(
    client: httpx2.AsyncClient,
) -> None:
    assert_problem(await client.get("/creators/1"), 404, "profile_not_found")


async def test_whoever_is_switched_off_has_no_profile_until_they_are_back(
    client: httpx2.AsyncClient, reader: Account
) -> None:
    creator = await create_creator(reader.app)
    paths = [
        f"/profiles/{creator.id}",
        f"/profiles/{creator.id}/followers",
        f"/profiles/{creator.id}/following",
        f"/creators/{creator.id}",
        f"/users/{creator.username}/profile",
    ]

    await switch(creator, is_active=False)

    for path in paths:
        assert_problem(await client.get(path), 404, "profile_not_found")
    follow = f"/profiles/{creator.id}/follow"
    assert_problem(await reader.client.put(follow), 404, "profile_not_found")

    await switch(creator, is_active=True)

    assert {(await client.get(path)).status_code for path in paths} == {200}


async def test_a_deleted_account_takes_its_profile_and_follows_along(
    client: httpx2.AsyncClient, author: Account, reader: Account
) -> None:
    await add_profiles(author, reader)
    creator = await create_creator(reader.app)
    await add_follows(author, creator)
    await add_follows(creator, reader)

    await creator.client.delete("/users/me")

    assert_problem(await client.get(f"/profiles/{creator.id}"), 404, "profile_not_found")
    assert (await author.client.get(OWN)).json()["following_count"] == 0
    assert (await reader.client.get(OWN)).json()["follower_count"] == 0


async def test_a_profile_shows_how_many_follow_and_are_followed(
    create: CreateAccount, author: Account, reader: Account
) -> None:
    creator = await create_creator(author.app)
    await add_profiles(author, reader)
    await add_follows(author, creator)
    await add_follows(reader, creator)
    await add_follows(creator, author)

    profile = (await creator.client.get(OWN)).json()

    assert (profile["follower_count"], profile["following_count"]) == (2, 1)
