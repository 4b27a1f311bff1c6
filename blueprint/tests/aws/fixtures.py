"""Fixtures of object storage; `tests/fixtures.py` has them for all tests."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from src.aws import client as aws_client
from tests.aws.moto import running_s3
from tests.aws.storages import Stored, emptied, on_disk, on_s3

__all__ = ["local_storage", "media_folder", "s3_storage", "s3_url", "storage"]


@pytest.fixture(scope="session", autouse=True)
def media_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the files of this worker's tests lie, unless a test has a storage of its own."""
    aws_client.FOLDER = tmp_path_factory.mktemp("media")
    aws_client.get_storage.cache_clear()
    return aws_client.FOLDER


@pytest.fixture(scope="session")
def s3_url() -> Iterator[str]:
    with running_s3() as url:
        yield url


@pytest.fixture
async def local_storage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stored]:
    with on_disk(tmp_path / "media", monkeypatch) as storage:
        yield storage


@pytest.fixture
async def s3_storage(s3_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stored]:
    with on_s3(s3_url, monkeypatch) as storage:
        yield storage
        await emptied(storage)


@pytest.fixture(params=["local", "s3"])
def storage(request: pytest.FixtureRequest) -> Stored:
    """The application's storage: each test runs once with files on the disk, and once with S3."""
    stored: Stored = request.getfixturevalue(f"{request.param}_storage")
    return stored
