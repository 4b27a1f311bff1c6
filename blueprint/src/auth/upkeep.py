"""What is cleared away every night."""

import logging
from datetime import timedelta

from sqlalchemy import ColumnElement, and_
from sqlmodel import col, delete, select

from src.auth.config import auth_settings
from src.auth.models import EmailChange, Ticket, User
from src.database import Database, transaction
from src.jobs import schedule
from src.models import utc_now

KEPT = timedelta(days=1)  # after a ticket's end, lest a late job issues it again
logger = logging.getLogger(__name__)


BATCH = 1_000  # rows of one transaction, so that each is short however much there is


@schedule("auth.forget_expired", "40 3 * * *")
async def forget_expired(database: Database) -> None:
    """Forget links that have expired, and accounts whose address was never verified.

    Such an account could write nothing, and its user name is free again.
    """
    now = utc_now()
    oldest = now - timedelta(days=auth_settings.unverified_expiration)
    await _forget(database, Ticket, col(Ticket.expires_at) < now - KEPT)
    await _forget(database, EmailChange, col(EmailChange.expires_at) < now - KEPT)
    unverified = and_(col(User.email_verified_at).is_(None), col(User.created_at) < oldest)
    if forgotten := await _forget(database, User, unverified):
        logger.info("Forgot %d accounts that were never verified", forgotten)


async def _forget(
    database: Database, table: type[Ticket | EmailChange | User], condition: ColumnElement[bool]
) -> int:
    """Delete what is so; the number of rows."""
    total = 0
    while True:
        async with transaction(database) as session:
            some = select(col(table.id)).where(condition).limit(BATCH)
            deleted = await session.exec(delete(table).where(col(table.id).in_(some)))
        total += deleted.rowcount
        if deleted.rowcount < BATCH:
            return total
