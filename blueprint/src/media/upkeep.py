"""What is cleared away by the clock: uploads that never came, and objects of nobody's."""

import logging
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select
from sqlmodel import col

from src.aws import client as aws_client
from src.aws.schemas import StoredObject
from src.database import Database, transaction
from src.jobs import schedule
from src.media.constants import ORIGINALS, UPLOADS, VARIANTS, MediaStatus
from src.media.models import Media
from src.models import utc_now

logger = logging.getLogger(__name__)

KEPT = timedelta(days=1)  # what was declared and never completed, or was rejected
BATCH = 1_000  # rows of one transaction

# While a medium is in another state, objects in this place are left over: an upload that came late,
# a copy of a request that was cut off, variants of a job that was killed.
NEEDED = {
    UPLOADS: {MediaStatus.PENDING},
    ORIGINALS: {MediaStatus.PENDING, MediaStatus.PROCESSING},
    VARIANTS: {MediaStatus.PROCESSING, MediaStatus.READY},
}


@schedule("media.sweep", "10 * * * *")
async def sweep(database: Database) -> None:
    """Forget media that never came to anything, and erase objects that no medium needs.

    Among them those of deleted accounts: their rows went with the account.
    """
    forgotten = await _forget_unfinished(database)
    erased = 0
    for place in NEEDED:
        async for objects in aws_client.get_storage().list(place):
            erased += await _erase_unneeded(database, place, objects)
    if forgotten or erased:
        logger.info("Forgot %d unfinished media and erased %d objects", forgotten, erased)


async def _forget_unfinished(database: Database) -> int:
    some = (
        select(col(Media.id))
        .where(
            col(Media.status).in_((MediaStatus.PENDING, MediaStatus.REJECTED)),
            col(Media.created_at) < utc_now() - KEPT,
        )
        .limit(BATCH)
    )
    total = 0
    while True:
        async with transaction(database) as session:
            deleted = await session.exec(delete(Media).where(col(Media.id).in_(some)))
        total += deleted.rowcount
        if deleted.rowcount < BATCH:
            return total


async def _erase_unneeded(database: Database, place: str, objects: Sequence[StoredObject]) -> int:
    keys = {it.key: _media_key(it.key) for it in objects}
    # The rows are read after the objects, and each was there before its objects.
    async with transaction(database) as session:
        rows = await (await session.connection()).execute(
            select(col(Media.key), col(Media.status)).where(col(Media.key).in_(set(keys.values())))
        )
    needed = {key for key, status in rows if status in NEEDED[place]}
    unneeded = [name for name, key in keys.items() if key not in needed]
    if unneeded:
        await aws_client.get_storage().delete(unneeded)
    return len(unneeded)


def _media_key(name: str) -> str:
    """The key in `uploads/<key>`, in `uploads/<key>.….part`, and in `originals/<key>/…`."""
    return name.split("/")[1].partition(".")[0]
