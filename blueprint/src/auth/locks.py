"""The lock that changes to one account take in turn: always this one first, then any other row."""

from redis.asyncio import Redis
from sqlmodel.ext.asyncio.session import AsyncSession

from src.auth import sessions
from src.auth.exceptions import SessionEnded
from src.auth.models import User
from src.auth.schemas import AuthenticatedUser

LOCK = {"key_share": True}  # FOR NO KEY UPDATE: new rows may refer to the account meanwhile


async def lock_account(session: AsyncSession, user_id: int) -> User:
    """The account as it is now. Until the transaction ends nobody else changes or deletes it.

    Raises:
        SessionEnded: it has been deleted meanwhile.
    """
    user = await session.get(User, user_id, with_for_update=LOCK, populate_existing=True)
    if user is None:
        raise SessionEnded
    return user


async def lock_own_account(
    session: AsyncSession, redis: Redis, *, owner: AuthenticatedUser
) -> User:
    """The account of whoever makes the request, for a change that outlives their session.

    A new password ends all sessions with the account locked. A request that had to wait for that
    must not go on with what a session of the old password began.

    Raises:
        SessionEnded: the session or the account has ended meanwhile.
        SessionsUnavailable: Redis is away, and nothing is taken on trust.
    """
    user = await lock_account(session, owner.id)
    if not await sessions.is_trusted(redis, sessions.claims_of(owner)):
        raise SessionEnded
    return user
