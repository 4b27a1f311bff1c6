"""Links to files that are good for a while: to S3 itself, or to the application's own files.

Links to read are the same for a whole window of time and good until the end of the next one, so
that what holds them (a post and its `ETag`, a browser's cache) need not change with each second.
"""

import time
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from src.aws import client as aws_client
from src.config import settings
from src.media.config import media_settings
from src.media.constants import UPLOADS, VARIANT_SUFFIX, VARIANTS
from src.signing import opened, sign

SEPARATOR = "|"
TOKEN_MAX_LENGTH = 512


class Use(StrEnum):
    """What a link to a file of the application's own is good for."""

    UPLOAD = "uploads"
    READ = "files"


def upload_key(key: str) -> str:
    return f"{UPLOADS}/{key}"


def variant_key(key: str, name: str) -> str:
    return f"{VARIANTS}/{key}/{name}{VARIANT_SUFFIX}"


def upload_link(key: str, *, size: int) -> tuple[str, datetime]:
    """A link that takes an upload of exactly `size` bytes, and when it ends."""
    storage = aws_client.get_storage()
    now = datetime.now(UTC).replace(microsecond=0)
    lifetime = timedelta(minutes=media_settings.upload_expiration)
    if isinstance(storage, aws_client.S3Storage):
        seconds = int(lifetime.total_seconds())
        url = storage.presigned_put(upload_key(key), size=size, at=now, expires_in=seconds)
    else:
        url = _own_link(Use.UPLOAD, f"{upload_key(key)}{SEPARATOR}{size}", now + lifetime)
    return url, now + lifetime


def read_link(key: str) -> str:
    """A link to read an object, good for one to two windows."""
    storage = aws_client.get_storage()
    window = media_settings.link_window * 60
    began = datetime.fromtimestamp(time.time() // window * window, UTC)
    if isinstance(storage, aws_client.S3Storage):
        return storage.presigned_get(key, at=began, expires_in=2 * window)
    return _own_link(Use.READ, key, began + timedelta(seconds=2 * window))


def target_of(use: Use, token: str) -> tuple[str, int] | None:
    """What a link of our own leads to and the seconds it is still good for, or None."""
    payload = opened(token, secret=media_settings.link_secret, use=use)
    if payload is None:
        return None
    what, _, expires = payload.decode().rpartition(SEPARATOR)
    left = int(expires) - int(time.time())
    return (what, left) if left > 0 else None


def _own_link(use: Use, what: str, expires_at: datetime) -> str:
    payload = f"{what}{SEPARATOR}{int(expires_at.timestamp())}".encode()
    token = sign(payload, secret=media_settings.link_secret, use=use)
    return f"{settings.public_url}/media/{use}/{token}"
