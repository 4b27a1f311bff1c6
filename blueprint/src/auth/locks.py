"""The lock that changes to one account take in turn."""

from sqlmodel.ext.asyncio.session import AsyncSession

from src.auth.exceptions import SessionEnded
from src.auth.models import User

LOCK = {"key_share": True}


async def lock_account(session: AsyncSession, user_id: int) -> User:
    """The account as it is now. Until the transaction ends nobody else changes or deletes it.

    New rows may refer to it meanwhile (FOR NO KEY UPDATE).

    Raises:
        SessionEnded: it has been deleted meanwhile.
    """
    user = await session.get(User, user_id, with_for_update=LOCK, populate_existing=True)
    if user is None:
        raise SessionEnded
    return user
