"""What is cleared away every night."""

import logging
from datetime import timedelta

from sqlalchemy import ColumnElement
from sqlmodel import col, delete, select

from src.database import Database, transaction
from src.jobs import schedule
from src.models import utc_now
from src.notifications.config import notifications_settings
from src.notifications.models import Notification
from src.notifications.statements import IS_UNREAD, locked

BATCH = 1_000  # rows of one transaction, so that each is short however much there is
logger = logging.getLogger(__name__)


@schedule("notifications.forget_old", "50 3 * * *")
async def forget_old(database: Database) -> None:
    """Delete notifications that were read long ago, or never in a much longer time."""
    now = utc_now()
    read_before = now - timedelta(days=notifications_settings.kept)
    told_before = now - timedelta(days=notifications_settings.unread_kept)
    read = await _forget(database, col(Notification.read_at) < read_before)
    unread = await _forget(database, IS_UNREAD & (col(Notification.created_at) < told_before))
    logger.info("Deleted %d old notifications, and %d that nobody had read", read, unread)


async def _forget(database: Database, condition: ColumnElement[bool]) -> int:
    """Delete what is so; the number of rows."""
    some = select(col(Notification.id)).where(condition).limit(BATCH)
    total = 0
    while True:
        async with transaction(database) as session:
            gone = await session.exec(
                delete(Notification).where(col(Notification.id).in_(locked(some)))
            )
        total += gone.rowcount
        if gone.rowcount < BATCH:
            return total
