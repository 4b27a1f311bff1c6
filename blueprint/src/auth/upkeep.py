"""What is cleared away every night."""

import logging
from datetime import timedelta

from sqlmodel import col, delete

from src.auth import tickets
from src.auth.config import auth_settings
from src.auth.models import User
from src.database import Database, transaction
from src.jobs import schedule
from src.models import utc_now

logger = logging.getLogger(__name__)


@schedule("auth.forget_expired", "40 3 * * *")
async def forget_expired(database: Database) -> None:
    """Forget links that have expired, and accounts whose address was never verified.

    Such an account could write nothing, and its user name is free again.
    """
    oldest = utc_now() - timedelta(days=auth_settings.unverified_expiration)
    async with transaction(database) as session:
        await tickets.forget_expired(session)
        forgotten = await session.exec(
            delete(User).where(col(User.email_verified_at).is_(None), col(User.created_at) < oldest)
        )
    if forgotten.rowcount:
        logger.info("Forgot %d accounts that were never verified", forgotten.rowcount)
