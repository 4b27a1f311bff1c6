"""Both kinds of storage, for tests that hold for each of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr

from src.aws import client as aws_client
from src.aws.client import LocalStorage, S3Storage
from src.aws.config import aws_settings
from tests.aws.moto import BUCKET

Stored = LocalStorage | S3Storage


@contextmanager
def on_disk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stored]:
    """The application keeps its files in a folder."""
    monkeypatch.setattr(aws_client, "FOLDER", folder)
    with _opened() as storage:
        yield storage


@contextmanager
def on_s3(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stored]:
    """The application keeps its files in the bucket of a server."""
    settings = {
        "bucket": BUCKET,
        "endpoint_url": url,
        "access_key_id": "AKIATESTS",
        "secret_access_key": SecretStr("signs-the-requests-of-nobody-but-the-tests"),
    }
    for name, value in settings.items():
        monkeypatch.setitem(aws_settings.__dict__, name, value)
    with _opened() as storage:
        yield storage


@contextmanager
def _opened() -> Iterator[Stored]:
    aws_client.get_storage.cache_clear()
    try:
        yield aws_client.get_storage()
    finally:
        aws_client.get_storage.cache_clear()


async def emptied(storage: Stored) -> None:
    for place in ("uploads", "originals", "variants", "tests"):
        await storage.delete_below(place)


async def keys_of(storage: Stored) -> set[str]:
    """The keys of all objects."""
    places = ("uploads", "originals", "variants", "tests")
    return {it.key for place in places async for found in storage.list(place) for it in found}
