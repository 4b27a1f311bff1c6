"""What is cleared away every night."""

import logging
from datetime import timedelta

from sqlmodel import col, delete, select

from src.database import Database, transaction
from src.jobs import schedule
from src.models import utc_now
from src.notifications.config import notifications_settings
from src.notifications.models import Notification
from src.notifications.statements import locked

BATCH = 1_000  # rows of one transaction, so that each is short however much there is
logger = logging.getLogger(__name__)


@schedule("notifications.forget_read", "50 3 * * *")
async def forget_read(database: Database) -> None:
    """Delete notifications that were read long ago."""
    oldest = utc_now() - timedelta(days=notifications_settings.kept)
    some = select(col(Notification.id)).where(col(Notification.read_at) < oldest).limit(BATCH)
    total = 0
    while True:
        async with transaction(database) as session:
            gone = await session.exec(
                delete(Notification).where(col(Notification.id).in_(locked(some)))
            )
        total += gone.rowcount
        if gone.rowcount < BATCH:
            break
    logger.info("Deleted %d notifications that were read long ago", total)
