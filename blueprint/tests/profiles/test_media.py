"""Avatars of profiles: images of one's own, in profiles and in lists of them."""

import asyncio
from typing import Any

import httpx2
import pytest
from sqlalchemy import text

from src.database import Database
from src.media.constants import EDGES, MediaStatus
from tests.accounts import Account
from tests.contract import assert_problem, refused_fields
from tests.factories import insert
from tests.fixtures import CreateAccount
from tests.media.factories import media_row, ready_row
from tests.profiles.factories import create_creator
from tests.servers import Urls, connected, somebody_waits

OWN = "/users/me/profile"


@pytest.fixture
async def avatar(author: Account, database: Database) -> int:
    image = ready_row(author.id)
    await insert(database, image)
    return image.id


async def choose(account: Account, avatar_id: object) -> httpx2.Response:
    return await account.client.patch(OWN, json={"avatar_id": avatar_id})


async def shown(account: Account) -> dict[str, Any] | None:
    """The avatar in somebody's own profile."""
    image: dict[str, Any] | None = (await account.client.get(OWN)).json()["avatar"]
    return image


async def test_a_profile_has_no_avatar_at_first(author: Account) -> None:
    assert await shown(author) is None


async def test_an_avatar_is_shown_wherever_the_profile_is(
    author: Account, reader: Account, client: httpx2.AsyncClient, avatar: int
) -> None:
    await author.client.patch(OWN, json={"is_creator": True})
    await reader.client.put(f"/profiles/{author.id}/follow")

    changed = await choose(author, avatar)

    assert changed.status_code == 200, changed.text
    image = changed.json()["avatar"]
    assert image["id"] == avatar
    assert {name: image[name]["width"] for name in EDGES} == EDGES
    assert "avatar_id" not in changed.json()
    for path in (
        f"/profiles/{author.id}",
        f"/creators/{author.id}",
        f"/users/{author.username}/profile",
    ):
        assert (await client.get(path)).json()["avatar"] == image
    for path in ("/creators", f"/profiles/{reader.id}/following"):
        assert [it["avatar"] for it in (await client.get(path)).json()["items"]] == [image]
    followers = (await client.get(f"/profiles/{author.id}/followers")).json()["items"]
    assert [it["avatar"] for it in followers] == [None]


async def test_an_avatar_can_be_exchanged_and_taken_away_and_stays_otherwise(
    author: Account, database: Database, avatar: int
) -> None:
    other = ready_row(author.id)
    await insert(database, other)

    for avatar_id in (avatar, other.id, None, avatar):
        response = await choose(author, avatar_id)
        assert (response.json()["avatar"] or {}).get("id") == avatar_id

    await author.client.patch(OWN, json={"bio": "Other"})
    assert ((await shown(author)) or {})["id"] == avatar


@pytest.mark.parametrize("what", ["missing", "pending", "processing", "rejected", "of another"])
async def test_only_a_ready_image_of_ones_own_can_be_an_avatar(
    author: Account, reader: Account, database: Database, what: str
) -> None:
    if what == "of another":
        image = ready_row(reader.id)
    else:
        status = MediaStatus.PENDING if what == "missing" else MediaStatus(what)
        image = media_row(author.id, status=status)
    await insert(database, image)
    avatar_id = image.id + 1000 if what == "missing" else image.id

    assert_problem(await choose(author, avatar_id), 422, "media_not_usable")

    assert await shown(author) is None


@pytest.mark.parametrize("avatar_id", [0, -1, 2**63, "1x"])
async def test_what_is_no_id_is_refused(author: Account, avatar_id: object) -> None:
    assert refused_fields(await choose(author, avatar_id)) == {"/body/avatar_id"}


async def test_deleting_an_image_takes_it_from_the_profile(
    author: Account, client: httpx2.AsyncClient, avatar: int
) -> None:
    await choose(author, avatar)

    assert (await author.client.delete(f"/media/{avatar}")).status_code == 204

    profile = await client.get(f"/profiles/{author.id}")
    assert (profile.status_code, profile.json()["avatar"]) == (200, None)


async def test_an_image_is_deleted_and_chosen_at_the_same_time(
    author: Account, database: Database
) -> None:
    """Whoever is first: nothing breaks, and no profile shows what is not there."""
    for is_chosen in (False, True, False, True):
        image = ready_row(author.id)
        await insert(database, image)
        if is_chosen:
            await choose(author, image.id)
        chosen, deleted = await asyncio.gather(
            choose(author, image.id), author.client.delete(f"/media/{image.id}")
        )
        assert deleted.status_code == 204
        assert chosen.status_code in {200, 422}
        assert await shown(author) is None


async def test_an_account_is_deleted_while_it_chooses(create: CreateAccount) -> None:
    for _ in range(5):
        leaving = await create_creator((await create()).app)
        image = ready_row(leaving.id)
        await insert(leaving.app.state["database"], image)
        chosen, deleted = await asyncio.gather(
            choose(leaving, image.id), leaving.client.delete("/users/me")
        )
        assert deleted.status_code == 204
        assert chosen.status_code in {200, 401}, chosen.text


async def test_an_account_that_is_deleted_meanwhile_chooses_nothing(
    author: Account, avatar: int, urls: Urls
) -> None:
    await author.client.patch(OWN, json={"bio": "Here"})
    async with connected(urls) as elsewhere:
        async with elsewhere.transaction():
            await elsewhere.execute("DELETE FROM user_account WHERE id = $1", author.id)
            request = asyncio.create_task(choose(author, avatar))
            await somebody_waits(elsewhere)
        assert_problem(await request, 401, "session_ended")


async def test_the_profiles_that_show_an_image_are_found_by_an_index(
    author: Account, database: Database, avatar: int
) -> None:
    await choose(author, avatar)
    async with database.engine.begin() as connection:
        await connection.execute(text("SET LOCAL enable_seqscan = off"))
        plan = await connection.execute(
            text(f"EXPLAIN UPDATE profile SET avatar_id = NULL WHERE avatar_id = {avatar}")
        )
        assert "profile_avatar_id_idx" in "\n".join(plan.scalars())
