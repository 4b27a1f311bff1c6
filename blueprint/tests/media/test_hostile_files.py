"""Files that are not what they say, that lie about their size, or that hide something."""

import io
import re
import zipfile

import pytest
from PIL import Image

from src.media import processes
from src.media.constants import PIXELS_MAX, MediaType, Rejection
from src.media.processes import Refused, prepare_image
from tests.accounts import Account
from tests.aws.storages import Stored, keys_of
from tests.contract import assert_problem
from tests.media.images import RED, bomb, encoded, opened, photo, picture, png
from tests.media.uploading import complete, completed, declare, follow, look, prepared, upload
from tests.outbox import Outbox

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
SCRIPT = b"<script>alert(document.domain)</script>"
NO_IMAGES = {
    "svg": SVG,
    "html": HTML,
    "another type": encoded(picture(), "GIF"),
    "html behind a comment": b"<!--\x89PNG\r\n\x1a\n-->" + HTML,
    "a RIFF that is no WebP": b"RIFF\x00\x00\x00\x00WAVEfmt ",
    "half a signature": b"\x89PNG",
}


@pytest.mark.parametrize("content", NO_IMAGES.values(), ids=NO_IMAGES)
async def test_what_is_not_what_it_was_declared_is_refused_at_once(
    author: Account, storage: Stored, content: bytes
) -> None:
    media = await declare(author, content, "image/png")
    await upload(author, media, content)

    assert_problem(await complete(author, media), 422, "upload_differs")

    assert (await look(author, media))["status"] == "pending"
    assert len(await keys_of(storage)) == 1, "the upload, which another may replace"


async def test_after_a_wrong_upload_the_right_one_may_follow(
    author: Account, outbox: Outbox, storage: Stored
) -> None:
    content = png()
    wrong = HTML.ljust(len(content))
    media = await declare(author, content)
    await upload(author, media, wrong)
    await complete(author, media)

    await upload(author, media, content)
    assert (await complete(author, media)).status_code == 202

    await outbox.run_jobs()
    assert (await look(author, media))["status"] == "ready"


async def test_another_size_than_declared_is_refused(author: Account, s3_storage: Stored) -> None:
    """S3 refuses it by its signed header; this server does not look, so we do once more."""
    content = png()
    media = await declare(author, content)
    await follow(author, "PUT", media["upload"]["url"], content + b"more")

    assert_problem(await complete(author, media), 422, "upload_differs")


async def test_what_is_uploaded_after_the_check_is_never_shown(
    author: Account, outbox: Outbox, storage: Stored
) -> None:
    shown = encoded(picture(64, 64), "PNG")
    media = await completed(author, shown)
    other = encoded(picture(90, 30), "PNG").ljust(len(shown), b"\0")[: len(shown)]

    url = (await declare(author, shown))["upload"]["url"]
    assert url != media["upload"]["url"]
    await follow(author, "PUT", media["upload"]["url"], other)
    await outbox.run_jobs()

    image = (await look(author, media))["image"]
    assert (image["large"]["width"], image["large"]["height"]) == (64, 64)


TRUNCATED = {
    "image/png": png(300, 300)[:-100],
    "image/jpeg": encoded(picture(300, 300), "JPEG")[:-200],
    "image/webp": encoded(picture(300, 300), "WEBP", lossless=True)[:-20],
    "image/gif": b"GIF89a",
}


@pytest.mark.parametrize("media_type", TRUNCATED)
async def test_a_damaged_file_is_rejected_with_a_reason(
    author: Account, outbox: Outbox, storage: Stored, media_type: str
) -> None:
    media = await prepared(author, outbox, TRUNCATED[media_type], media_type)

    assert (media["status"], media["rejection"]) == ("rejected", "unreadable")
    assert media["image"] is None
    assert await keys_of(storage) == set()


BOMBS = {
    "one side": (PIXELS_MAX + 1, 1),
    "both sides": (50_000, 50_000),
    "the largest": (2**31 - 1, 2**31 - 1),
}


@pytest.mark.parametrize("size", BOMBS.values(), ids=BOMBS)
async def test_a_bomb_is_rejected_before_it_is_decoded(
    author: Account, outbox: Outbox, local_storage: Stored, size: tuple[int, int]
) -> None:
    media = await prepared(author, outbox, bomb(*size))

    assert media["status"] == "rejected"
    assert media["rejection"] in {"too_large", "unreadable"}


@pytest.mark.parametrize(
    ("name", "limit"), [("CPU_SECONDS", 0), ("MEMORY_BYTES", 200_000_000)], ids=["time", "memory"]
)
async def test_what_takes_too_much_is_rejected(
    monkeypatch: pytest.MonkeyPatch, name: str, limit: int
) -> None:
    monkeypatch.setattr(processes, name, limit)

    with pytest.raises(Refused) as refused:
        await prepare_image(png(5000, 5000), MediaType.PNG)

    assert refused.value.rejection is Rejection.TOO_COSTLY


async def test_the_largest_image_that_is_taken_can_be_prepared() -> None:
    content = encoded(Image.new("RGBA", (8000, 5000), RED), "PNG", compress_level=1)

    variants = await prepare_image(content, MediaType.PNG)

    assert {name: max(it.width, it.height) for name, it in variants.items()} == {
        "small": 320,
        "medium": 1024,
        "large": 2560,
    }


def as_archive(content: bytes) -> bytes:
    """An image that is a ZIP archive as well."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("run.html", SCRIPT)
    return content + archive.getvalue()


POLYGLOTS = {
    "script behind": png() + SCRIPT,
    "archive behind": as_archive(png()),
    "script in a comment": encoded(picture(), "JPEG", comment=SCRIPT),
    "script in a palette": encoded(picture().quantize(16), "GIF", comment=SCRIPT),
    "a photo with a place": photo(),
}


@pytest.mark.parametrize("content", POLYGLOTS.values(), ids=POLYGLOTS)
async def test_nothing_of_a_polyglot_is_left(
    author: Account, outbox: Outbox, local_storage: Stored, content: bytes
) -> None:
    kinds = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
    kind = next(value for key, value in kinds.items() if content.startswith(key))

    media = await prepared(author, outbox, content, kind)

    for name in ("small", "medium", "large"):
        served = (await follow(author, "GET", media["image"][name]["url"])).content
        assert opened(served).format == "WEBP"
        assert not re.search(rb"<script|PK\x03\x04|run\.html", served)
        assert not zipfile.is_zipfile(io.BytesIO(served))


async def test_only_the_declared_type_is_decoded() -> None:
    with pytest.raises(Refused) as refused:
        await prepare_image(encoded(picture(), "GIF"), MediaType.PNG)

    assert refused.value.rejection is Rejection.UNREADABLE


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
async def test_every_kind_of_pixel_becomes_an_image(mode: str) -> None:
    image = picture().convert(mode)
    if mode in {"LA", "RGBA"}:
        image.putalpha(100)
    kind = MediaType.JPEG if mode == "CMYK" else MediaType.PNG

    variants = await prepare_image(encoded(image, kind.rpartition("/")[2].upper()), kind)

    decoded = opened(variants["large"].content)
    assert decoded.size == (64, 48)
    assert decoded.mode == ("RGBA" if mode in {"LA", "RGBA"} else "RGB")
