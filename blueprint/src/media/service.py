"""What can be done with media, and with images by other domains."""

import json
from typing import Any
from uuid import uuid4

from pydantic import TypeAdapter
from sqlalchemy import delete, func, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from src.auth import exceptions as auth_exceptions
from src.aws import client as aws_client
from src.aws import exceptions as aws_exceptions
from src.database import Database, fetch_one_in
from src.media.config import media_settings
from src.media.constants import MAGIC_BYTES, ORIGINALS, MediaStatus, MediaType
from src.media.exceptions import (
    MediaNotFound,
    MediaNotUsable,
    QuotaExceeded,
    UploadDiffers,
    UploadMissing,
)
from src.media.jobs import erase, prepare
from src.media.links import upload_key, upload_link
from src.media.models import Media
from src.media.schemas import MediaCreate, MediaCreated, MediaResponse, OwnMedia
from src.media.statements import MEDIA, OWN_PAGE, STATUS, image_of
from src.pagination import NEWEST, Page, PageParams, split_page, start_of

__all__ = ["image_of"]

_responses = TypeAdapter(list[MediaResponse])


async def get_media(database: Database, *, media_id: int) -> OwnMedia | None:
    row = await database.fetch_one(MEDIA, media_id=media_id)
    return OwnMedia.model_validate(dict(row)) if row else None


async def get_own_media(
    database: Database, *, user_id: int, params: PageParams
) -> Page[MediaResponse]:
    """A page of somebody's media, the newest first.

    Raises:
        InvalidCursor: the cursor belongs to another list.
    """
    belongs_to = json.dumps(["media", user_id])
    (id_,) = start_of(params, belongs_to=belongs_to, first=NEWEST[1:])
    rows = await database.fetch(OWN_PAGE, user_id=user_id, page_size=params.limit + 1, id=id_)
    items, next_cursor = split_page(rows, limit=params.limit, key=("id",), belongs_to=belongs_to)
    return Page[MediaResponse](items=_responses.validate_python(items), next_cursor=next_cursor)


async def awaits_upload(database: Database, *, upload: str) -> bool:
    """Whether what is uploaded under this key may still come to something."""
    row = await database.fetch_one(STATUS, key=upload.removeprefix(upload_key("")))
    return row is not None and row["status"] == MediaStatus.PENDING


async def create_media(session: AsyncSession, *, user_id: int, new: MediaCreate) -> MediaCreated:
    """Declare a medium, and say where its file is to be uploaded.

    Raises:
        QuotaExceeded: the account has its fill of files or bytes.
        SessionEnded: the account has been deleted meanwhile.
    """
    await _keep_quota(session, user_id=user_id, size=new.size)
    media = Media(**new.model_dump(), user_id=user_id)
    session.add(media)
    try:
        await session.flush()
    except IntegrityError as error:  # the account has been deleted meanwhile
        raise auth_exceptions.SessionEnded from error
    url, expires_at = upload_link(media.key, size=media.size)
    upload = {"url": url, "expires_at": expires_at}
    return MediaCreated.model_validate({**media.model_dump(), "image": None, "upload": upload})


async def complete_media(session: AsyncSession, *, media: OwnMedia) -> MediaResponse:
    """Check what was uploaded, and have it prepared. Again is the same as once.

    What is checked is a copy under a key of its own: the link to upload may still be good, and
    nobody shall exchange what has been checked.

    Raises:
        MediaNotFound: it has been deleted meanwhile.
        UploadMissing: there is no upload yet.
        UploadDiffers: it is not what was declared; another upload may follow.
        StorageUnavailable: the storage is away.
    """
    if media.status is not MediaStatus.PENDING:
        return media
    copy = await _checked_copy(media)
    taken = await (await session.connection()).execute(
        update(Media)
        .where(col(Media.id) == media.id, col(Media.status) == MediaStatus.PENDING)
        .values(status=MediaStatus.PROCESSING, original=copy)
    )
    if taken.rowcount:
        await prepare.enqueue(session, media_id=media.id)
    else:  # another request was faster
        await aws_client.get_storage().delete([copy])
    row = await fetch_one_in(session, MEDIA, media_id=media.id)
    if row is None:
        raise MediaNotFound
    return MediaResponse.model_validate(row)


async def delete_media(session: AsyncSession, *, media_id: int) -> None:
    """Delete a medium, also where it is shown. It does not matter whether it still exists."""
    deleted = await (await session.connection()).execute(
        delete(Media).where(col(Media.id) == media_id).returning(col(Media.key))
    )
    if key := deleted.scalar():
        await erase.enqueue(session, key=key)


async def usable(
    session: AsyncSession, *, media_id: int | None, user_id: int
) -> dict[str, Any] | None:
    """A ready image of somebody's own, for a `StoredImage`; it cannot vanish before the commit.

    None is an image that nobody wants: there is none then either.

    Raises:
        MediaNotUsable: it is not there, not theirs, or not ready.
    """
    if media_id is None:
        return None
    found = await session.exec(
        select(Media)
        .where(
            col(Media.id) == media_id,
            col(Media.user_id) == user_id,
            col(Media.status) == MediaStatus.READY,
        )
        .with_for_update(read=True, key_share=True)
    )
    media = found.first()
    if media is None:
        raise MediaNotUsable
    return {"id": media.id, "key": media.key, "variants": media.variants}


async def _keep_quota(session: AsyncSession, *, user_id: int, size: int) -> None:
    # One declaration of an account at a time, or two could take the last place.
    connection = await session.connection()
    lock = func.pg_advisory_xact_lock(func.hashtextextended(f"media {user_id}", 0))
    await connection.execute(select(lock))
    used = select(func.count(), func.coalesce(func.sum(Media.size), 0)).where(
        col(Media.user_id) == user_id
    )
    count, total = (await connection.execute(used)).one()
    if count >= media_settings.max_count or total + size > media_settings.max_total_size:
        raise QuotaExceeded


async def _checked_copy(media: OwnMedia) -> str:
    storage = aws_client.get_storage()
    copy = f"{ORIGINALS}/{media.key}/{uuid4().hex}"
    try:
        await storage.copy(upload_key(media.key), copy)
        is_right = await _is_as_declared(copy, media)
    except aws_exceptions.ObjectNotFound:
        raise UploadMissing from None
    if not is_right:
        await storage.delete([copy])
        raise UploadDiffers
    return copy


async def _is_as_declared(copy: str, media: OwnMedia) -> bool:
    storage = aws_client.get_storage()
    if (await storage.find(copy)).size != media.size:
        return False
    return _type_of(await storage.read(copy, end=MAGIC_BYTES)) is media.media_type


def _type_of(beginning: bytes) -> MediaType | None:
    """The type that a file's first bytes tell, whatever it is called.

    https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern
    """
    if beginning.startswith(b"\xff\xd8\xff"):
        return MediaType.JPEG
    if beginning.startswith(b"\x89PNG\r\n\x1a\n"):
        return MediaType.PNG
    if beginning.startswith((b"GIF87a", b"GIF89a")):
        return MediaType.GIF
    if beginning[:4] == b"RIFF" and beginning[8:12] == b"WEBP":
        return MediaType.WEBP
    return None
