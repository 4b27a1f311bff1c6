"""`PUT` and `DELETE /profiles/{profile_id}/follow`."""

import asyncio

import pytest
from sqlalchemy import text

from src.auth.exceptions import SessionEnded
from src.database import Database, transaction
from src.profiles import service
from src.profiles.exceptions import ProfileNotFound
from src.profiles.schemas import ProfileResponse, ProfileUpdate
from tests.accounts import Account, create_account
from tests.clients import RunningApp
from tests.contract import assert_problem
from tests.fixtures import CreateAccount
from tests.profiles.factories import add_follows, add_profiles, create_creator
from tests.profiles.lists import ids_of


@pytest.fixture
async def creator(app: RunningApp) -> Account:
    return await create_creator(app)


def path_of(account: Account) -> str:
    return f"/profiles/{account.id}/follow"


async def counts(account: Account) -> tuple[int, int]:
    """How many follow, and how many are followed: as the profile and as its lists say."""
    profile = (await account.client.get("/users/me/profile")).json()
    shown: tuple[int, int] = (profile["follower_count"], profile["following_count"])
    lists = (f"/profiles/{account.id}/followers", f"/profiles/{account.id}/following")
    assert shown == tuple([len(await ids_of(account.client, path, limit=100)) for path in lists])
    return shown


async def shown(account: Account) -> ProfileResponse:
    profile = await service.get_profile(account.app.state["database"], profile_id=account.id)
    assert profile
    return profile


async def test_following_twice_is_following_once(creator: Account, reader: Account) -> None:
    for _ in range(2):
        response = await reader.client.put(path_of(creator))
        assert response.status_code == 204
        assert response.content == b""

    assert await counts(creator) == (1, 0)
    assert await counts(reader) == (0, 1)


async def test_a_follow_is_taken_back_and_none_is_no_error(
    creator: Account, author: Account, reader: Account
) -> None:
    await author.client.put(path_of(creator))
    await reader.client.put(path_of(creator))

    for _ in range(2):
        assert (await reader.client.delete(path_of(creator))).status_code == 204

    assert await counts(creator) == (1, 0)
    assert await counts(reader) == (0, 0)


async def test_only_creators_are_followed(author: Account, reader: Account) -> None:
    assert_problem(await reader.client.put(path_of(author)), 403, "not_a_creator")
    assert await counts(author) == (0, 0)


async def test_whoever_is_a_creator_no_longer_keeps_followers_who_may_leave(
    creator: Account, author: Account, reader: Account
) -> None:
    await author.client.put(path_of(creator))
    await reader.client.put(path_of(creator))

    await creator.client.patch("/users/me/profile", json={"is_creator": False})

    assert await counts(creator) == (2, 0)
    assert (await reader.client.delete(path_of(creator))).status_code == 204
    assert await counts(creator) == (1, 0)


async def test_nobody_follows_themselves(creator: Account) -> None:
    assert_problem(await creator.client.put(path_of(creator)), 409, "follows_oneself")
    assert (await creator.client.delete(path_of(creator))).status_code == 204
    assert await counts(creator) == (0, 0)


async def test_who_is_not_verified_does_not_follow(creator: Account, create: CreateAccount) -> None:
    unverified = await create(email_verified_at=None)

    for method in ("PUT", "DELETE"):
        response = await unverified.client.request(method, path_of(creator))
        assert_problem(response, 403, "email_not_verified")


async def test_parallel_follows_and_unfollows_give_the_exact_count(
    app: RunningApp, creator: Account
) -> None:
    readers = await asyncio.gather(*(create_account(app) for _ in range(40)))

    follows = await asyncio.gather(*(reader.client.put(path_of(creator)) for reader in readers))
    assert {response.status_code for response in follows} == {204}
    assert await counts(creator) == (40, 0)

    changes = [reader.client.delete(path_of(creator)) for reader in readers[:15]]
    changes += [reader.client.put(path_of(creator)) for reader in readers[15:]]
    responses = await asyncio.gather(*changes)
    assert {response.status_code for response in responses} == {204}
    assert await counts(creator) == (25, 0)


async def test_parallel_follows_by_one_reader_count_once(creator: Account, reader: Account) -> None:
    responses = await asyncio.gather(*(reader.client.put(path_of(creator)) for _ in range(50)))

    assert {response.status_code for response in responses} == {204}
    assert await counts(creator) == (1, 0)


async def test_nobody_follows_more_than_they_may_not_even_in_parallel(
    app: RunningApp, reader: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "FOLLOWS_MAX", 3)
    creators = [await create_creator(app) for _ in range(8)]

    responses = await asyncio.gather(*(reader.client.put(path_of(it)) for it in creators))

    refused = [response for response in responses if response.status_code != 204]
    assert len(refused) == 5
    for response in refused:
        assert_problem(response, 409, "too_many_follows")
    assert await counts(reader) == (0, 3)
    followed = creators[[response.status_code for response in responses].index(204)]
    assert (await reader.client.put(path_of(followed))).status_code == 204, "it is one of them"


async def test_followers_of_one_creator_do_not_wait_for_each_other(
    database: Database, creator: Account, author: Account, reader: Account
) -> None:
    async with transaction(database) as one, transaction(database) as other:
        await service.follow(one, follower_id=author.id, creator=await shown(creator))
        await (await other.connection()).execute(text("SET LOCAL lock_timeout = '2s'"))
        await service.follow(other, follower_id=reader.id, creator=await shown(creator))
        await service.update_profile(
            other, user_id=creator.id, changes=ProfileUpdate(bio="Meanwhile")
        )

    assert await counts(creator) == (2, 0)


async def test_creators_follow_each_other_at_the_same_moment(app: RunningApp) -> None:
    creators = [await create_creator(app) for _ in range(6)]
    pairs = [(one, other) for one in creators for other in creators if one is not other]

    responses = await asyncio.gather(*(one.client.put(path_of(other)) for one, other in pairs))

    assert {response.status_code for response in responses} == {204}
    assert {await counts(creator) for creator in creators} == {(5, 5)}


@pytest.mark.parametrize("who", ["creator", "follower"])
async def test_following_while_an_account_is_deleted_is_no_server_error(
    app: RunningApp, who: str
) -> None:
    for _ in range(10):
        creator, follower = await create_creator(app), await create_account(app)
        leaving = creator if who == "creator" else follower

        followed, deleted = await asyncio.gather(
            follower.client.put(path_of(creator)), leaving.client.delete("/users/me")
        )

        assert deleted.status_code == 204
        assert followed.status_code in ({204, 404} if who == "creator" else {204, 401})


async def test_a_creator_who_vanishes_in_the_middle_is_not_there(
    database: Database, creator: Account, reader: Account
) -> None:
    profile = await shown(creator)
    async with transaction(database) as session:
        await creator.client.delete("/users/me")
        with pytest.raises(ProfileNotFound):
            await service.follow(session, follower_id=reader.id, creator=profile)


async def test_a_follower_who_vanishes_in_the_middle_has_no_session(
    database: Database, creator: Account, reader: Account
) -> None:
    await reader.client.delete("/users/me")
    async with transaction(database) as session:
        with pytest.raises(SessionEnded):
            await service.follow(session, follower_id=reader.id, creator=await shown(creator))


async def test_follows_of_others_are_left_alone(
    creator: Account, author: Account, reader: Account
) -> None:
    await add_profiles(author, reader)
    await add_follows(author, creator)

    await reader.client.delete(path_of(creator))

    assert await counts(creator) == (1, 0)
