"""Links to files on the disk: for one use, for a while, and for nothing else."""

import base64
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

from src.aws import client as aws_client
from src.media import links
from src.media.config import media_settings
from src.media.constants import EDGES
from src.signing import SIGNATURE_BYTES
from tests.accounts import Account
from tests.aws.storages import Stored, keys_of
from tests.contract import assert_problem
from tests.media.images import png
from tests.media.uploading import completed, declare, follow, look, prepared, upload
from tests.outbox import Outbox

LARGE = 3 * 1_048_576  # bytes; more than other routes take


class Clock:
    """The time that links are made and read at."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(links, "time", clock)
    return clock


def token_of(url: str) -> str:
    return urlsplit(url).path.rpartition("/")[2]


async def pieces(content: bytes, size: int = 65_536) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def test_a_large_file_is_written_to_the_disk_piece_by_piece(
    author: Account, local_storage: Stored, media_folder: Path
) -> None:
    content = bytes(range(256)) * (LARGE // 256)
    media = await declare(author, content)

    response = await follow(author, "PUT", media["upload"]["url"], pieces(content))

    assert response.status_code == 204
    (key,) = await keys_of(local_storage)
    assert await local_storage.read(key) == content


@pytest.mark.parametrize("change", [-1, 1, LARGE])
async def test_an_upload_of_another_size_is_refused_and_leaves_nothing(
    author: Account, local_storage: Stored, change: int
) -> None:
    media = await declare(author, bytes(1000))

    response = await follow(author, "PUT", media["upload"]["url"], pieces(bytes(1000 + change)))

    assert_problem(response, 422, "upload_differs")
    assert await keys_of(local_storage) == set()


async def test_more_than_any_upload_may_have_is_not_even_read(
    author: Account, local_storage: Stored
) -> None:
    media = await declare(author, png())
    headers = {"Content-Length": str(media_settings.max_size + 1)}

    response = await follow(author, "PUT", media["upload"]["url"], b"", **headers)

    assert_problem(response, 413, "content_too_large")


async def test_an_upload_that_breaks_off_leaves_nothing(local_storage: Stored) -> None:
    assert isinstance(local_storage, aws_client.LocalStorage)

    async def broken() -> AsyncIterator[bytes]:
        yield b"the beginning"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await local_storage.receive("uploads/0", broken())

    assert await keys_of(local_storage) == set()


async def test_the_last_upload_counts_and_each_is_whole(
    author: Account, local_storage: Stored
) -> None:
    first, second = b"a" * 1000, b"b" * 1000
    media = await declare(author, first)

    await upload(author, media, first)
    await upload(author, media, second)

    (key,) = await keys_of(local_storage)
    assert await local_storage.read(key) == second


async def test_a_variant_is_served_as_what_it_is_and_may_be_kept(
    author: Account, outbox: Outbox, local_storage: Stored
) -> None:
    url = (await prepared(author, outbox))["image"]["small"]["url"]

    response = await follow(author, "GET", url)

    assert response.headers["content-type"] == "image/webp"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["content-disposition"] == 'inline; filename="small.webp"'
    assert "default-src 'none'" in response.headers["content-security-policy"]
    private, age, immutable = response.headers["cache-control"].split(", ")
    assert (private, immutable) == ("private", "immutable")
    window = media_settings.link_window * 60
    assert window <= int(age.removeprefix("max-age=")) <= 2 * window


async def test_a_part_of_a_variant_can_be_asked_for(
    author: Account, outbox: Outbox, local_storage: Stored
) -> None:
    url = (await prepared(author, outbox))["image"]["small"]["url"]
    whole = (await follow(author, "GET", url)).content

    part = await follow(author, "GET", url, Range="bytes=0-3")
    beyond = await follow(author, "GET", url, Range="bytes=99999999-")

    assert (part.status_code, part.content) == (206, whole[:4])
    assert beyond.status_code == 416


def test_a_link_stays_the_same_for_a_window_and_good_until_the_end_of_the_next(
    clock: Clock,
) -> None:
    window = media_settings.link_window * 60
    clock.now = clock.now // window * window
    url = links.read_link("variants/0/small.webp")

    for later, is_same in ((window - 1, True), (window, False)):
        clock.now += later
        assert (links.read_link("variants/0/small.webp") == url) is is_same
        clock.now -= later
    for later, is_good in ((2 * window - 1, True), (2 * window, False)):
        clock.now += later
        assert bool(links.target_of(links.Use.READ, token_of(url))) is is_good
        clock.now -= later


async def test_an_upload_link_ends(author: Account, local_storage: Stored, clock: Clock) -> None:
    media = await declare(author, png())
    clock.now = 4_000_000_000.0

    response = await follow(author, "PUT", media["upload"]["url"], png())

    assert_problem(response, 404, "link_not_found")


async def test_an_upload_link_ends_with_the_upload(author: Account, local_storage: Stored) -> None:
    media = await completed(author)
    before = await keys_of(local_storage)

    response = await follow(author, "PUT", media["upload"]["url"], png())

    assert_problem(response, 404, "link_not_found")
    assert await keys_of(local_storage) == before


async def test_an_upload_link_ends_with_its_medium(author: Account, local_storage: Stored) -> None:
    media = await declare(author, png())
    await author.client.delete(f"/media/{media['id']}")

    response = await follow(author, "PUT", media["upload"]["url"], png())

    assert_problem(response, 404, "link_not_found")
    assert not await keys_of(local_storage)


def forged(token: str) -> list[str]:
    signed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    other = signed[:SIGNATURE_BYTES] + b"../" + signed[SIGNATURE_BYTES:]
    return [
        token[:-2],
        f"{token}AAAA",
        f"{token}%2F..%2F..%2Fetc%2Fpasswd",
        "A" * len(token),
        "é",
        base64.urlsafe_b64encode(other).rstrip(b"=").decode(),
        base64.urlsafe_b64encode(bytes(16) + b"../../secret|9999999999").decode(),
    ]


async def test_a_forged_link_leads_nowhere(
    client: httpx2.AsyncClient, author: Account, outbox: Outbox, local_storage: Stored
) -> None:
    write = token_of((await declare(author, png()))["upload"]["url"])
    read = token_of((await prepared(author, outbox))["image"]["small"]["url"])
    before = await keys_of(local_storage)

    for token in (*forged(write), read):
        response = await client.put(f"/media/uploads/{token}", content=png())
        assert response.status_code == 404, token
    for token in (*forged(read), write):
        assert (await client.get(f"/media/files/{token}")).status_code == 404, token
    assert await keys_of(local_storage) == before


async def test_with_s3_no_file_passes_through_the_application(
    author: Account, outbox: Outbox, s3_storage: Stored, s3_url: str
) -> None:
    media = await prepared(author, outbox)

    urls = [media["image"][name]["url"] for name in EDGES]

    assert all(url.startswith(f"{s3_url}/") for url in urls)
    assert urls == [(await look(author, media))["image"][name]["url"] for name in EDGES]
    for path in (f"/media/uploads/{own_link(links.Use.UPLOAD)}", "/media/files/x"):
        response = await author.client.request("PUT" if "uploads" in path else "GET", path)
        assert_problem(response, 404, "link_not_found")


def own_link(use: links.Use) -> str:
    """A link of our own, as if files lay on the disk."""
    return token_of(links._own_link(use, "uploads/0|0", datetime.now(UTC) + timedelta(hours=1)))
