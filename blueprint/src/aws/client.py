"""The storage of files: a bucket on S3, or a folder for local work, behind the same functions.

Keys are made by the application, of letters, digits, `/`, `.` and `-` alone: none comes from
outside, and none needs quoting.
"""

import os
import secrets
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import obstore
from anyio import CancelScope
from fastapi.concurrency import run_in_threadpool
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, S3Store

from src.aws.config import AwsConfig, aws_settings
from src.aws.constants import CONNECT_TIMEOUT, LIST_CHUNK, RETRIES, RETRY_TIMEOUT
from src.aws.exceptions import ObjectNotFound, StorageUnavailable
from src.aws.schemas import Credentials, StoredObject
from src.aws.utils import presign
from src.config import DATA_DIR

if TYPE_CHECKING:
    from obstore.store import S3Config  # there is none at run time

FOLDER = DATA_DIR / "media"
PART = ".part"


class Storage:
    """Objects by their keys.

    Each method raises StorageUnavailable while the storage is away, also after some attempts.
    """

    def __init__(self, store: LocalStore | S3Store) -> None:
        self._store = store

    async def find(self, key: str) -> StoredObject:
        """What is known of an object.

        Raises:
            ObjectNotFound: there is none.
        """
        with _Translated():
            meta = await obstore.head_async(self._store, key)
            return StoredObject(key, meta["size"], meta["last_modified"])

    async def read(self, key: str, *, end: int | None = None) -> bytes:
        """An object, or its first `end` bytes. It has to fit into memory.

        Raises:
            ObjectNotFound: there is none.
        """
        with _Translated():
            if end is not None:
                part = await obstore.get_range_async(self._store, key, start=0, end=end)
                return bytes(part)
            found = await obstore.get_async(self._store, key)
            return bytes(await found.bytes_async())

    async def write(self, key: str, content: bytes, *, content_type: str) -> None:
        """Write an object whole, or not at all; one that is there is replaced."""
        # A folder knows no content types: who reads from it says what it is.
        attributes = {"Content-Type": content_type} if isinstance(self._store, S3Store) else None
        with _Translated():
            await obstore.put_async(
                self._store, key, content, attributes=attributes, use_multipart=False
            )

    async def copy(self, source: str, target: str) -> None:
        """Copy an object, as it is at one moment, inside the storage.

        Raises:
            ObjectNotFound: there is none.
        """
        with _Translated():
            await obstore.copy_async(self._store, source, target)

    async def delete(self, keys: Sequence[str]) -> None:
        """Delete objects. It does not matter whether they are there."""
        with _Translated():
            if isinstance(self._store, S3Store):
                await obstore.delete_async(self._store, list(keys))
                return
            for key in keys:
                try:
                    await obstore.delete_async(self._store, key)
                except (FileNotFoundError, NotFoundError):
                    continue

    async def delete_below(self, prefix: str) -> None:
        """Delete every object whose key begins with `prefix` and a `/`."""
        async for objects in self.list(prefix):
            await self.delete([found.key for found in objects])

    async def list(self, prefix: str) -> AsyncIterator[Sequence[StoredObject]]:
        """Every object below `prefix`, some at a time."""
        with _Translated():
            async for chunk in obstore.list(self._store, prefix, chunk_size=LIST_CHUNK):
                yield [StoredObject(it["path"], it["size"], it["last_modified"]) for it in chunk]


class LocalStorage(Storage):
    """Files in a folder of the project's."""

    def __init__(self, folder: Path) -> None:
        super().__init__(LocalStore(folder, mkdir=True))
        self.folder = folder

    def path(self, key: str) -> Path:
        return self.folder / key

    async def receive(self, key: str, chunks: AsyncIterator[bytes]) -> None:
        """Write what arrives to the disk piece by piece; the object is there when all has come.

        Python's own files are the one interface here that would block the event loop, so each
        call has a thread of FastAPI's pool.
        """
        target = self.path(key)
        part = target.with_name(f"{target.name}.{secrets.token_hex(4)}{PART}")
        file = await run_in_threadpool(_create, part)
        try:
            async for chunk in chunks:
                await run_in_threadpool(file.write, chunk)
            await run_in_threadpool(_finish, file, part, target)
        except BaseException:
            with CancelScope(shield=True):
                await run_in_threadpool(_discard, file, part)
            raise


class S3Storage(Storage):
    """A bucket. Its links are used without this application."""

    def __init__(self, config: AwsConfig) -> None:
        assert config.bucket  # noqa: S101  (narrows the type)
        secret, token = config.secret_access_key, config.session_token
        self._credentials = Credentials(
            config.access_key_id or "",
            secret.get_secret_value() if secret else "",
            token.get_secret_value() if token else None,
        )
        self._region = config.region
        at_aws = f"https://{config.bucket}.s3.{config.region}.amazonaws.com"
        self._base = f"{config.endpoint_url}/{config.bucket}" if config.endpoint_url else at_aws
        super().__init__(_open_bucket(config, self._credentials))

    def presigned_put(self, key: str, *, size: int, at: datetime, expires_in: int) -> str:
        """A link that takes one object of exactly `size` bytes."""
        headers = {"content-length": str(size)}
        return self._presign("PUT", key, at, expires_in, headers)

    def presigned_get(self, key: str, *, at: datetime, expires_in: int) -> str:
        """A link to an object, from `at` for `expires_in` seconds."""
        return self._presign("GET", key, at, expires_in, {})

    def _presign(
        self, method: str, key: str, at: datetime, expires_in: int, headers: dict[str, str]
    ) -> str:
        return presign(
            method,
            f"{self._base}/{key}",
            credentials=self._credentials,
            region=self._region,
            signed_at=at,
            expires_in=expires_in,
            headers=headers,
        )


@cache
def get_storage() -> LocalStorage | S3Storage:
    """The storage that the settings name, the same for the whole process."""
    return S3Storage(aws_settings) if aws_settings.bucket else LocalStorage(FOLDER)


class _Translated:
    """Turns obstore's errors into ours."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, FileNotFoundError | NotFoundError):
            raise ObjectNotFound from error
        if isinstance(error, BaseError | OSError):
            raise StorageUnavailable from error


def _open_bucket(config: AwsConfig, credentials: Credentials) -> S3Store:
    token = credentials.session_token
    temporary: S3Config = {"session_token": token} if token else {}
    return S3Store(
        config.bucket,
        endpoint=config.endpoint_url or f"https://s3.{config.region}.amazonaws.com",
        region=config.region,
        access_key_id=credentials.access_key_id,
        secret_access_key=credentials.secret_access_key,
        client_options={
            "allow_http": True,
            "timeout": timedelta(seconds=config.timeout),
            "connect_timeout": CONNECT_TIMEOUT,
        },
        retry_config={"max_retries": RETRIES, "retry_timeout": RETRY_TIMEOUT},
        config=temporary,
    )


def _create(path: Path) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("xb")


def _finish(file: BinaryIO, part: Path, target: Path) -> None:
    file.flush()
    os.fsync(file.fileno())
    file.close()
    part.replace(target)


def _discard(file: BinaryIO, part: Path) -> None:
    file.close()
    part.unlink(missing_ok=True)
