"""Covers of posts: images of the author's own, with links that last a while."""

import asyncio

import httpx2
import pytest

from src.database import Database
from src.media import links
from src.media.config import media_settings
from src.media.constants import EDGES, MediaStatus
from tests.accounts import Account
from tests.contract import assert_problem, refused_fields
from tests.factories import insert
from tests.media.factories import media_row, ready_row
from tests.posts.routes import NEW_POST
from tests.servers import Urls, connected, somebody_waits


@pytest.fixture
async def cover(author: Account, database: Database) -> int:
    image = ready_row(author.id)
    await insert(database, image)
    return image.id


async def test_a_post_is_written_and_read_with_its_cover(
    author: Account, client: httpx2.AsyncClient, cover: int
) -> None:
    response = await author.client.post("/posts", json={**NEW_POST, "cover_id": cover})
    assert response.status_code == 201, response.text

    read = (await client.get(f"/posts/{response.json()['id']}")).json()

    assert read["cover"] == response.json()["cover"]
    assert read["cover"]["id"] == cover
    assert {name: read["cover"][name]["width"] for name in EDGES} == EDGES
    assert "cover_id" not in read


async def test_a_cover_can_be_given_exchanged_and_taken_away(
    author: Account, database: Database, cover: int
) -> None:
    post = await author.writes()
    other = ready_row(author.id)
    await insert(database, other)

    for cover_id in (cover, other.id, None):
        response = await author.client.patch(f"/posts/{post.id}", json={"cover_id": cover_id})
        assert response.status_code == 200
        assert (response.json()["cover"] or {}).get("id") == cover_id

    await author.client.patch(f"/posts/{post.id}", json={"cover_id": cover})
    renamed = await author.client.patch(f"/posts/{post.id}", json={"title": "Other"})
    assert renamed.json()["cover"]["id"] == cover, "what is left out stays"


@pytest.mark.parametrize("what", ["missing", "pending", "processing", "rejected", "of another"])
async def test_only_a_ready_image_of_ones_own_can_be_a_cover(
    author: Account, reader: Account, database: Database, what: str
) -> None:
    if what == "of another":
        image = ready_row(reader.id)
    else:
        status = MediaStatus.PENDING if what == "missing" else MediaStatus(what)
        image = media_row(author.id, status=status)
    await insert(database, image)
    cover_id = image.id + 1000 if what == "missing" else image.id
    post = await author.writes()

    for response in (
        await author.client.post("/posts", json={**NEW_POST, "cover_id": cover_id}),
        await author.client.patch(f"/posts/{post.id}", json={"cover_id": cover_id}),
    ):
        assert_problem(response, 422, "media_not_usable")


@pytest.mark.parametrize("cover_id", [0, -1, 2**63, "1x"])
async def test_what_is_no_id_is_refused(author: Account, cover_id: object) -> None:
    response = await author.client.post("/posts", json={**NEW_POST, "cover_id": cover_id})

    assert refused_fields(response) == {"/body/cover_id"}


async def test_deleting_an_image_takes_it_from_the_posts_that_show_it(
    author: Account, client: httpx2.AsyncClient, cover: int
) -> None:
    post = await author.writes(cover_id=cover)
    first = await client.get(f"/posts/{post.id}")

    assert (await author.client.delete(f"/media/{cover}")).status_code == 204

    headers = {"If-None-Match": first.headers["etag"]}
    after = await client.get(f"/posts/{post.id}", headers=headers)
    assert (after.status_code, after.json()["cover"]) == (200, None)


async def test_an_image_is_deleted_and_used_at_the_same_time(
    author: Account, database: Database
) -> None:
    """Whoever is first: nothing breaks, and no post shows what is not there."""
    post = await author.writes()
    for _ in range(5):
        image = ready_row(author.id)
        await insert(database, image)
        changed, deleted = await asyncio.gather(
            author.client.patch(f"/posts/{post.id}", json={"cover_id": image.id}),
            author.client.delete(f"/media/{image.id}"),
        )
        assert deleted.status_code == 204
        assert changed.status_code in {200, 422}
        assert (await author.client.get(f"/posts/{post.id}")).json()["cover"] is None


async def test_an_image_that_is_given_again_while_it_is_deleted_is_no_deadlock(
    author: Account, cover: int, urls: Urls
) -> None:
    post = await author.writes(cover_id=cover)
    async with connected(urls) as elsewhere:
        async with elsewhere.transaction():  # as a deletion locks: the image, then the post
            await elsewhere.execute("SELECT FROM media WHERE id = $1 FOR UPDATE", cover)
            changed = asyncio.create_task(
                author.client.patch(f"/posts/{post.id}", json={"cover_id": cover})
            )
            await somebody_waits(elsewhere)
            await elsewhere.execute("DELETE FROM media WHERE id = $1", cover)

        assert_problem(await changed, 422, "media_not_usable")


async def test_an_account_is_deleted_with_its_posts_and_their_covers(
    author: Account, client: httpx2.AsyncClient, cover: int
) -> None:
    post = await author.writes(cover_id=cover)

    assert (await author.client.delete("/users/me")).status_code == 204

    assert (await client.get(f"/posts/{post.id}")).status_code == 404


async def test_a_post_keeps_its_version_while_its_links_are_the_same(
    author: Account, client: httpx2.AsyncClient, cover: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = await author.writes(cover_id=cover)
    window = media_settings.link_window * 60
    tags = []
    for second in (0, window - 1, window):

        class Clock:
            now = 1_800_000_000 // window * window + second

            @classmethod
            def time(cls) -> float:
                return cls.now

        monkeypatch.setattr(links, "time", Clock)
        tags.append((await client.get(f"/posts/{post.id}")).headers["etag"])

    assert tags[0] == tags[1]
    assert tags[1] != tags[2]


async def test_a_list_has_no_covers(client: httpx2.AsyncClient, author: Account) -> None:
    await author.writes()

    (item,) = (await client.get("/posts")).json()["items"]

    assert "cover" not in item
