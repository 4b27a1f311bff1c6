"""The jobs of media: an upload becomes images; what was deleted leaves the storage."""

from collections.abc import Mapping

from sqlalchemy import update
from sqlmodel import col

from src.aws import client as aws_client
from src.aws import exceptions as aws_exceptions
from src.database import transaction
from src.jobs import Work, job
from src.media.constants import (
    CRASHES_MAX,
    ORIGINALS,
    VARIANT_TYPE,
    VARIANTS,
    MediaStatus,
    Rejection,
)
from src.media.links import upload_key, variant_key
from src.media.models import Media
from src.media.processes import Crashed, Refused, Variant, prepare_image

TIMEOUT = 120.0  # seconds, with the wait for a process


@job("media.prepare", timeout=TIMEOUT)
async def prepare(work: Work, *, media_id: int) -> None:
    """Make the variants of an upload that was checked, and forget the upload itself.

    Variants have keys that are known before: a second attempt writes the same ones again.
    """
    media = await _find(work, media_id)
    if media is None:
        return
    if media.status is MediaStatus.PROCESSING:
        try:
            variants = await _variants(work, media)
        except Refused as refused:
            await _settle(work, media, status=MediaStatus.REJECTED, rejection=refused.rejection)
        else:
            for name, variant in variants.items():
                await aws_client.get_storage().write(
                    variant_key(media.key, name), variant.content, content_type=VARIANT_TYPE
                )
            sizes = {name: [it.width, it.height] for name, it in variants.items()}
            await _settle(work, media, status=MediaStatus.READY, variants=sizes)
    if await _find(work, media_id) is None:  # deleted meanwhile
        await erase_objects(media.key)
    else:
        await _forget_upload(media.key)


@job("media.erase")
async def erase(_: Work, *, key: str) -> None:
    """Delete all objects of a medium that is no longer there."""
    await erase_objects(key)


async def erase_objects(key: str) -> None:
    await _forget_upload(key)
    await aws_client.get_storage().delete_below(f"{VARIANTS}/{key}")


async def _forget_upload(key: str) -> None:
    """The upload and its checked copy: they hold metadata, and are never served."""
    storage = aws_client.get_storage()
    await storage.delete([upload_key(key)])
    await storage.delete_below(f"{ORIGINALS}/{key}")


async def _find(work: Work, media_id: int) -> Media | None:
    async with transaction(work.database) as session:
        return await session.get(Media, media_id)


async def _variants(work: Work, media: Media) -> Mapping[str, Variant]:
    try:
        content = await aws_client.get_storage().read(str(media.original))
    except aws_exceptions.ObjectNotFound:
        # Another attempt, or a deletion, was faster: what it has said stands.
        raise Refused(Rejection.UNREADABLE) from None
    try:
        return await prepare_image(content, media.media_type)
    except Crashed:
        if work.attempt < CRASHES_MAX:
            raise
        raise Refused(Rejection.UNREADABLE) from None


async def _settle(work: Work, media: Media, **values: object) -> None:
    """Say how it ended, unless that has been said."""
    async with transaction(work.database) as session:
        await (await session.connection()).execute(
            update(Media)
            .where(col(Media.id) == media.id, col(Media.status) == MediaStatus.PROCESSING)
            .values(**values)
        )
