"""The lists of creators, followers and followed: what is in them, in which order, page by page."""

import asyncio

import httpx2
import pytest

from src.profiles.models import Profile
from tests.accounts import Account, create_account
from tests.clients import RunningApp
from tests.contract import assert_problem, refused_fields
from tests.factories import FIRST_MOMENT, insert
from tests.profiles.factories import add_follows, add_profiles, create_creator
from tests.profiles.lists import ids_of, walk
from tests.profiles.test_profiles import switch

LISTS = ("creators", "followers", "following")


class List:
    """One of the lists, and how somebody comes to stand in it."""

    def __init__(self, app: RunningApp, name: str, middle: Account) -> None:
        self.app, self.name, self.middle = app, name, middle
        self.path = "/creators" if name == "creators" else f"/profiles/{middle.id}/{name}"

    async def enter(self, **fields: object) -> Account:
        """Somebody new in the list; `fields` are those of their account."""
        account = await create_creator(self.app, **fields)
        if self.name == "followers":
            await add_follows(account, self.middle)
        elif self.name == "following":
            await add_follows(self.middle, account)
        return account


@pytest.fixture(params=LISTS)
async def listed(app: RunningApp, request: pytest.FixtureRequest) -> List:
    middle = await create_account(app)
    await add_profiles(middle)
    return List(app, request.param, middle)


async def test_a_list_may_be_empty(client: httpx2.AsyncClient, listed: List) -> None:
    assert (await client.get(listed.path)).json() == {"items": [], "next_cursor": None}


async def test_the_latest_stand_first(client: httpx2.AsyncClient, listed: List) -> None:
    accounts = [await listed.enter() for _ in range(4)]

    assert await ids_of(client, listed.path) == [account.id for account in accounts][::-1]


async def test_an_item_is_a_profile_with_its_count(
    client: httpx2.AsyncClient, listed: List
) -> None:
    account = await listed.enter()
    fan = await listed.enter()
    await add_follows(fan, account)

    (item,) = [it for it in await walk(client, listed.path) if it["id"] == account.id]

    shown = (await client.get(f"/profiles/{account.id}")).json()
    del shown["bio"], shown["following_count"]
    assert item == shown


async def test_pages_hold_each_profile_once(client: httpx2.AsyncClient, listed: List) -> None:
    for _ in range(7):
        await listed.enter()

    assert await walk(client, listed.path, limit=3) == await walk(client, listed.path, limit=100)
    assert len(await walk(client, listed.path, limit=1)) == 7


async def test_a_full_last_page_has_no_next_one(client: httpx2.AsyncClient, listed: List) -> None:
    for _ in range(2):
        await listed.enter()

    page = (await client.get(listed.path, params={"limit": 2})).json()

    assert len(page["items"]) == 2
    assert page["next_cursor"] is None


async def test_those_who_come_and_go_neither_repeat_nor_hide_others(
    client: httpx2.AsyncClient, listed: List
) -> None:
    there_all_the_time = {(await listed.enter()).id for _ in range(20)}
    is_walked = asyncio.Event()

    async def keep_coming() -> None:
        while not is_walked.is_set():
            await (await listed.enter()).client.delete("/users/me")
            await listed.enter()

    coming = asyncio.create_task(keep_coming())
    ids = await ids_of(client, listed.path, limit=2)
    is_walked.set()
    await coming

    assert len(ids) == len(set(ids)), "none repeats"
    assert there_all_the_time <= set(ids), "none is hidden"


async def test_whoever_is_switched_off_is_in_no_list(
    client: httpx2.AsyncClient, listed: List
) -> None:
    away, there = await listed.enter(), await listed.enter()

    await switch(away, is_active=False)

    assert await ids_of(client, listed.path) == [there.id]


@pytest.mark.parametrize("limit", ["0", "101", "many"])
async def test_an_impossible_limit_is_refused(
    client: httpx2.AsyncClient, listed: List, limit: str
) -> None:
    response = await client.get(listed.path, params={"limit": limit})

    assert refused_fields(response) == {"/query/limit"}


async def test_a_cursor_is_good_for_its_own_list_alone(
    app: RunningApp, client: httpx2.AsyncClient
) -> None:
    one, other = await create_creator(app), await create_creator(app)
    creators = [await create_creator(app) for _ in range(2)]
    for creator in creators:
        await add_follows(creator, one, other)
        await add_follows(one, creator)
    await add_follows(other, *creators)
    paths = ["/creators"]
    paths += [f"/profiles/{it.id}/{name}" for it in (one, other) for name in LISTS[1:]]

    for path in paths:
        cursor = (await client.get(path, params={"limit": 1})).json()["next_cursor"]
        assert cursor is not None
        for another in (*paths, "/posts"):
            response = await client.get(another, params={"cursor": cursor})
            if another == path:
                assert response.status_code == 200
            else:
                assert_problem(response, 400, "invalid_cursor")


async def test_follows_of_the_same_moment_are_all_shown_once(
    app: RunningApp, client: httpx2.AsyncClient
) -> None:
    creator = await create_creator(app)
    followers = [await create_creator(app) for _ in range(7)]
    for follower in followers:
        await add_follows(follower, creator, created_at=FIRST_MOMENT)

    ids = await ids_of(client, f"/profiles/{creator.id}/followers", limit=2)

    assert ids == [follower.id for follower in followers][::-1]


async def test_only_creators_are_listed_as_such(
    app: RunningApp, client: httpx2.AsyncClient, author: Account
) -> None:
    await add_profiles(author)
    creator = await create_creator(app)
    former = await create_creator(app)
    await former.client.patch("/users/me/profile", json={"is_creator": False})

    assert await ids_of(client, "/creators") == [creator.id]


async def test_a_list_of_followed_shows_who_is_a_creator_no_longer(
    app: RunningApp, client: httpx2.AsyncClient, author: Account
) -> None:
    former = await create_account(app)
    await insert(app.state["database"], Profile(user_id=former.id))
    await add_profiles(author)
    await add_follows(author, former)

    (item,) = await walk(client, f"/profiles/{author.id}/following")

    assert (item["id"], item["is_creator"]) == (former.id, False)
