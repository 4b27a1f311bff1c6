"""From a declaration to an image that is shown, with files on the disk and with S3."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from src.media.config import media_settings
from src.media.constants import EDGES
from tests.accounts import Account
from tests.aws.storages import Stored, keys_of
from tests.contract import assert_problem, refused_fields
from tests.fixtures import ChangeSettings
from tests.media.images import CAMERA, encoded, opened, photo, picture, png
from tests.media.uploading import complete, completed, declare, follow, look, prepared, upload
from tests.outbox import Outbox


async def test_an_image_is_declared_uploaded_completed_prepared_and_read(
    author: Account, outbox: Outbox, storage: Stored
) -> None:
    content = png(640, 480)
    media = await declare(author, content)
    assert (media["status"], media["image"], media["rejection"]) == ("pending", None, None)
    assert media["upload"]["method"] == "PUT"

    await upload(author, media, content)
    answer = await complete(author, media)
    assert (answer.status_code, answer.json()["status"]) == (202, "processing")
    await outbox.run_jobs()

    image = (await look(author, media))["image"]
    assert image.pop("id") == media["id"]
    assert {name: (it["width"], it["height"]) for name, it in image.items()} == {
        "small": (320, 240),
        "medium": (640, 480),
        "large": (640, 480),
    }
    for variant in image.values():
        response = await follow(author, "GET", variant["url"])
        assert response.status_code == 200
        assert response.headers["content-type"] == "image/webp"
        assert opened(response.content).size == (variant["width"], variant["height"])


async def test_metadata_is_gone_and_the_image_stands_upright(
    author: Account, outbox: Outbox, storage: Stored
) -> None:
    original = photo()
    assert CAMERA.encode() in original

    media = await prepared(author, outbox, original, "image/jpeg")

    for name in EDGES:
        variant = media["image"][name]
        content = (await follow(author, "GET", variant["url"])).content
        image = opened(content)
        assert not image.getexif()
        assert "xmp" not in image.info
        for trace in (b"EXIF", b"XMP ", b"ICCP", CAMERA.encode()):
            assert trace not in content
        assert image.size == (48, 64), "turned"
        red, _, blue = image.convert("RGB").getpixel((24, 5))  # type: ignore[misc]
        assert red > 200 > blue, "its left half is its upper one now"


async def test_nothing_is_left_but_the_variants(
    author: Account, outbox: Outbox, storage: Stored
) -> None:
    await prepared(author, outbox)

    keys = await keys_of(storage)

    assert len(keys) == len(EDGES)
    assert all(key.startswith("variants/") for key in keys)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
async def test_each_type_is_taken(
    author: Account, outbox: Outbox, local_storage: Stored, kind: str
) -> None:
    content = encoded(picture(), kind)

    media = await prepared(author, outbox, content, f"image/{kind.lower()}")

    assert media["status"] == "ready"


async def test_completing_twice_is_the_same_as_once(
    author: Account, outbox: Outbox, storage: Stored
) -> None:
    media = await completed(author)

    assert (await complete(author, media)).json()["status"] == "processing"
    await outbox.run_jobs()
    again = await complete(author, media)

    assert (again.status_code, again.json()["status"]) == (202, "ready")
    assert len(await keys_of(storage)) == len(EDGES)


async def test_completing_at_the_same_time_prepares_once(
    author: Account, outbox: Outbox, storage: Stored
) -> None:
    content = png()
    media = await declare(author, content)
    await upload(author, media, content)

    answers = await asyncio.gather(*(complete(author, media) for _ in range(5)))

    assert {answer.status_code for answer in answers} == {202}
    originals = {key for key in await keys_of(storage) if key.startswith("originals/")}
    assert len(originals) == 1
    await outbox.run_jobs()
    assert (await look(author, media))["status"] == "ready"
    assert len(await keys_of(storage)) == len(EDGES)


async def test_completing_before_the_upload_is_refused_and_may_be_tried_again(
    author: Account, outbox: Outbox, storage: Stored
) -> None:
    content = png()
    media = await declare(author, content)

    assert_problem(await complete(author, media), 409, "upload_missing")

    await upload(author, media, content)
    assert (await complete(author, media)).status_code == 202


async def test_a_list_shows_ones_own_media_page_by_page(
    author: Account, reader: Account, outbox: Outbox, local_storage: Stored
) -> None:
    first = await prepared(author, outbox)
    await declare(reader, png())
    others = [await declare(author, png()) for _ in range(2)]

    page = (await author.client.get("/media", params={"limit": 2})).json()
    rest = (await author.client.get("/media", params={"cursor": page["next_cursor"]})).json()

    assert [it["id"] for it in page["items"]] == [it["id"] for it in others[::-1]]
    assert rest["items"] == [first]
    assert rest["next_cursor"] is None
    response = await reader.client.get("/media", params={"cursor": page["next_cursor"]})
    assert_problem(response, 400, "invalid_cursor")


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"media_type": "image/svg+xml", "size": 1}, {"/body/media_type"}),
        ({"media_type": "text/html", "size": 1}, {"/body/media_type"}),
        ({"media_type": "image/png", "size": 0}, {"/body/size"}),
        ({"media_type": "image/png", "size": media_settings.max_size + 1}, {"/body/size"}),
        ({}, {"/body/media_type", "/body/size"}),
    ],
)
async def test_what_is_not_taken_is_said_before_the_upload(
    author: Account, body: dict[str, object], fields: set[str]
) -> None:
    assert refused_fields(await author.client.post("/media", json=body)) == fields


async def test_a_link_for_an_upload_ends_soon(author: Account, storage: Stored) -> None:
    media = await declare(author, png())

    expires_at = datetime.fromisoformat(media["upload"]["expires_at"])

    left = expires_at - datetime.now(UTC)
    assert timedelta(minutes=14) < left <= timedelta(minutes=media_settings.upload_expiration)


async def test_an_account_has_only_so_many_files_and_bytes(
    author: Account, reader: Account, change: ChangeSettings
) -> None:
    change(media_settings, max_count=3)
    media = [await declare(author, png()) for _ in range(3)]
    body = {"media_type": "image/png", "size": 1000}

    assert_problem(await author.client.post("/media", json=body), 409, "media_quota_exceeded")
    assert (await reader.client.post("/media", json=body)).status_code == 201
    await author.client.delete(f"/media/{media[0]['id']}")
    assert (await author.client.post("/media", json=body)).status_code == 201

    change(media_settings, max_count=9, max_total_size=2000)
    assert (await reader.client.post("/media", json=body)).status_code == 201
    assert_problem(await reader.client.post("/media", json=body), 409, "media_quota_exceeded")


async def test_the_last_place_is_taken_once(author: Account, change: ChangeSettings) -> None:
    change(media_settings, max_count=2)
    body = {"media_type": "image/png", "size": 1000}

    answers = await asyncio.gather(*(author.client.post("/media", json=body) for _ in range(6)))

    assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409, 409, 409]


async def test_declaring_and_completing_is_limited(
    author: Account, local_storage: Stored, change: ChangeSettings
) -> None:
    media = await declare(author, png())
    change(media_settings, upload_limit=type(media_settings.upload_limit)(1, 1))

    async def second(path: str, **options: object) -> httpx2.Response:
        await author.client.post(path, json=options)
        return await author.client.post(path, json=options)

    for path in ("/media", f"/media/{media['id']}/complete"):
        response = await second(path, media_type="image/png", size=1000)
        assert_problem(response, 429, "too_many_requests")
