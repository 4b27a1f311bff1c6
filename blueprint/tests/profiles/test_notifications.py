"""Creators are told who follows them."""

import asyncio

import pytest
from sqlmodel import col, select

from src.database import Database, transaction
from src.profiles import service
from src.profiles.models import Profile
from tests.accounts import Account, create_account
from tests.clients import RunningApp
from tests.fixtures import CreateAccount
from tests.notifications.test_lists import listed, unread
from tests.profiles.factories import add_profiles, create_creator
from tests.profiles.test_follows import path_of, shown
from tests.servers import Urls, connected, somebody_waits


@pytest.fixture
async def creator(app: RunningApp) -> Account:
    return await create_creator(app)


async def test_a_creator_is_told_who_follows(creator: Account, create: CreateAccount) -> None:
    followers = [await create(), await create()]
    for follower in followers:
        for _ in range(2):
            assert (await follower.client.put(path_of(creator))).status_code == 204

    (entry,) = await listed(creator)

    assert entry["group"] == f"followed.{creator.id}"
    assert entry["text"] == creator.username
    assert entry["path"] == f"/profiles/{creator.id}/followers"
    assert entry["actors"] == [it.username for it in reversed(followers)]
    assert (await creator.client.get(entry["path"])).status_code == 200
    assert await listed(followers[0]) == []


async def test_it_is_said_by_the_name_that_is_shown(creator: Account, reader: Account) -> None:
    await creator.client.patch("/users/me/profile", json={"display_name": "Ada Lovelace"})
    await reader.client.put(path_of(creator))

    (entry,) = await listed(creator)

    assert entry["text"] == "Ada Lovelace"


async def test_who_is_not_followed_any_more_was_never_told(
    creator: Account, author: Account, reader: Account
) -> None:
    for follower in (author, reader):
        await follower.client.put(path_of(creator))
    await reader.client.delete(path_of(creator))

    (entry,) = await listed(creator)

    assert entry["actors"] == [author.username]


async def test_what_was_read_is_not_told_again(creator: Account, reader: Account) -> None:
    await reader.client.put(path_of(creator))
    await creator.client.post("/notifications/read-all")
    await reader.client.delete(path_of(creator))
    await reader.client.put(path_of(creator))

    (entry,) = await listed(creator)

    assert entry["is_read"] is True


async def test_nobody_is_told_of_a_follow_that_is_refused(
    app: RunningApp, creator: Account, reader: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "FOLLOWS_MAX", 1)
    second = await create_creator(app)
    await creator.client.put(path_of(creator))
    for followed in (creator, second):
        await reader.client.put(path_of(followed))

    assert await unread(creator) == {"groups": 1, "notifications": 1}
    assert await listed(second) == []


async def test_who_does_not_want_to_hear_of_it_is_not_told(
    creator: Account, reader: Account
) -> None:
    body = {"channels": {"followed": "off"}}
    assert (await creator.client.patch("/notifications/preferences", json=body)).is_success

    await reader.client.put(path_of(creator))

    assert await listed(creator) == []


async def test_parallel_follows_are_each_told_once(app: RunningApp, creator: Account) -> None:
    followers = await asyncio.gather(*(create_account(app) for _ in range(30)))

    await asyncio.gather(*(it.client.put(path_of(creator)) for it in followers for _ in range(2)))

    assert await unread(creator) == {"groups": 1, "notifications": 30}


async def test_a_follower_who_is_being_deleted_is_not_waited_for(
    database: Database, creator: Account, reader: Account, urls: Urls
) -> None:
    """The deletion waits for the profile that the follow has locked, which must not wait too."""
    await add_profiles(reader)
    profile = await shown(creator)
    own = select(Profile).where(col(Profile.user_id) == reader.id).with_for_update()
    async with connected(urls) as elsewhere:
        async with transaction(database) as session:
            await session.exec(own)
            deleted = asyncio.create_task(reader.client.delete("/users/me"))
            await somebody_waits(elsewhere)
            await service.follow(session, follower_id=reader.id, creator=profile)
        assert (await deleted).status_code == 204

    assert await listed(creator) == []
