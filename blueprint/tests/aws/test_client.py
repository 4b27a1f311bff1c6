"""Storage on the disk and on S3: the same functions, with the same results."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from src.aws import client as aws_client
from src.aws.client import S3Storage
from src.aws.config import aws_settings
from src.aws.exceptions import ObjectNotFound, StorageUnavailable
from tests.aws.storages import Stored, keys_of
from tests.fixtures import ChangeSettings

KEY = "tests/0/object"


async def put(storage: Stored, key: str = KEY, content: bytes = b"content") -> None:
    await storage.write(key, content, content_type="image/png")


async def test_what_is_written_can_be_read(storage: Stored) -> None:
    await put(storage)

    found = await storage.find(KEY)

    assert (found.key, found.size) == (KEY, len(b"content"))
    assert abs(datetime.now(UTC) - found.modified_at) < timedelta(minutes=5)
    assert await storage.read(KEY) == b"content"
    assert await storage.read(KEY, end=3) == b"con"
    assert await storage.read(KEY, end=100) == b"content"


async def test_what_is_written_again_is_replaced(storage: Stored) -> None:
    await put(storage)
    await put(storage, content=b"other")

    assert await storage.read(KEY) == b"other"


async def test_a_copy_stays_when_its_source_changes(storage: Stored) -> None:
    await put(storage)
    await storage.copy(KEY, "tests/1/copy")
    await put(storage, content=b"other")

    assert await storage.read("tests/1/copy") == b"content"


async def test_what_is_not_there_is_said_to_be_missing(storage: Stored) -> None:
    for asking in (
        storage.find(KEY),
        storage.read(KEY),
        storage.read(KEY, end=4),
        storage.copy(KEY, "tests/1/copy"),
    ):
        with pytest.raises(ObjectNotFound):
            await asking


async def test_deleting_does_not_ask_whether_it_is_there(storage: Stored) -> None:
    keys = [f"tests/{number}/object" for number in range(3)]
    await put(storage, keys[0])
    await put(storage, keys[2])

    await storage.delete(keys)
    await storage.delete_below("tests")

    assert await keys_of(storage) == set()


async def test_everything_below_a_prefix_goes_and_nothing_beside_it(storage: Stored) -> None:
    for key in ("tests/1/a", "tests/1/b/c", "tests/10/a"):
        await put(storage, key)

    await storage.delete_below("tests/1")

    assert await keys_of(storage) == {"tests/10/a"}


async def test_s3_is_told_the_content_type(s3_storage: Stored) -> None:
    assert isinstance(s3_storage, S3Storage)
    await put(s3_storage)
    url = s3_storage.presigned_get(KEY, at=datetime.now(UTC), expires_in=60)

    async with httpx2.AsyncClient() as client:
        response = await client.get(url)

    assert response.headers["content-type"] == "image/png"
    assert response.content == b"content"


async def test_a_storage_that_is_away_is_a_problem_and_no_wait(
    s3_storage: Stored, change: ChangeSettings
) -> None:
    change(aws_settings, endpoint_url="http://127.0.0.1:9", timeout=1)
    away = S3Storage(aws_settings)

    async with asyncio.timeout(20):
        for asking in (away.find(KEY), away.read(KEY), away.copy(KEY, "x"), away.delete([KEY])):
            with pytest.raises(StorageUnavailable):
                await asking
        with pytest.raises(StorageUnavailable):
            await keys_of(away)


def test_without_a_bucket_files_lie_in_the_projects_own_folder() -> None:
    storage = aws_client.get_storage()

    assert isinstance(storage, aws_client.LocalStorage)
    assert storage is aws_client.get_storage()
