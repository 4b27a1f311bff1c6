"""What can be done with accounts."""

import logging
from collections.abc import Mapping
from typing import Any

import sqlalchemy
from redis.asyncio import Redis
from sqlalchemy import ScalarSelect, bindparam, func
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped
from sqlalchemy.sql import ColumnElement
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from src.auth import mails, notices, passwords, sessions
from src.auth.clients import Client
from src.auth.exceptions import AccountExists, SessionEnded, SessionsUnavailable
from src.auth.locks import lock_own_account
from src.auth.models import User
from src.auth.notices import SecurityEvent
from src.auth.schemas import AuthenticatedUser, UserCreate, UserResponse
from src.cache.constants import Tag  # [cache]
from src.cache.invalidation import invalidate  # [cache]
from src.database import Database, Statement

logger = logging.getLogger(__name__)

ACCOUNT = Statement(
    sqlalchemy.select(*(getattr(User, name) for name in UserResponse.model_fields)).where(
        col(User.id) == bindparam("user_id")
    )
)


async def register(session: AsyncSession, *, new: UserCreate) -> User:
    """Make an account. Who has its address is found out by e-mail, and told to nobody else.

    Raises:
        AccountExists: the user name is taken.
    """
    hashed = await passwords.hash_password(new.password.get_secret_value())
    user = User(**new.model_dump(exclude={"password"}), hashed_password=hashed)
    session.add(user)
    await _flush_or_conflict(session)
    await mails.send_verification.enqueue(session, user_id=user.id)
    return user


async def get_account(database: Database, *, user_id: int) -> dict[str, object]:
    """An account as `UserResponse` shows it.

    Raises:
        SessionEnded: it has been deleted meanwhile.
    """
    row = await database.fetch_one(ACCOUNT, user_id=user_id)
    if row is None:
        raise SessionEnded
    return dict(row)


async def update_user(
    session: AsyncSession,
    redis: Redis,
    *,
    owner: AuthenticatedUser,
    changes: Mapping[str, object],
) -> User:
    """Change some of an account's fields.

    Raises:
        AccountExists: the new user name is taken.
        SessionEnded: the account or its session has ended meanwhile.
        SessionsUnavailable: Redis is away, and nothing is taken on trust.
    """
    user = await lock_own_account(session, redis, owner=owner)
    user.sqlmodel_update(dict(changes))
    invalidate(session, redis, Tag.ACCOUNTS)  # [cache]
    await _flush_or_conflict(session)
    await session.refresh(user)
    return user


async def delete_user(
    session: AsyncSession, redis: Redis, *, owner: AuthenticatedUser, client: Client
) -> None:
    """Delete an account with all that belongs to it, and end its sessions.

    Comments do not: they stay, without a name.  # [comments]

    Raises:
        SessionEnded: the account or its session has ended meanwhile.
        SessionsUnavailable: Redis is away, and nothing is taken on trust.
    """
    user = await lock_own_account(session, redis, owner=owner)
    await notices.notify(session, SecurityEvent.DELETED, user=user, client=client)
    await (await session.connection()).execute(delete(User).where(col(User.id) == user.id))
    invalidate(session, redis, Tag.ACCOUNTS)  # [cache]
    try:
        await sessions.end_all_sessions(redis, user_id=user.id)
    except SessionsUnavailable:
        # Its tokens are worthless all the same: each request looks for the account.
        logger.warning("Sessions of deleted user %d could not be ended", user.id)


# [comments | media, profiles]
async def keep_accounts(
    session: AsyncSession, *, user_id: int, usernames: list[str] | None = None
) -> list[int]:
    """Let nobody delete some accounts until the transaction ends, so that rows can refer to them.

    Besides `user_id` those that have one of the `usernames`, in lower case; answers their ids.
    Comes before the locks of any other row.

    Raises:
        SessionEnded: the account `user_id` has been deleted meanwhile.
    """
    is_named = func.lower(User.username).in_(usernames or [])
    accounts = (
        select(User.id, is_named)
        .where(sqlalchemy.or_(col(User.id) == user_id, is_named))
        .order_by(col(User.id))
        .with_for_update(read=True, key_share=True)
    )
    kept = dict((await session.exec(accounts)).all())
    if user_id not in kept:
        raise SessionEnded
    return [id_ for id_, has_name in kept.items() if has_name]


# [/comments | media, profiles]


def username_of(user_id: ColumnElement[Any] | Mapped[Any]) -> ScalarSelect[str]:
    """The user name for a column of user ids, inside another domain's query."""
    return (
        select(User.username).where(col(User.id) == user_id).correlate_except(User)
    ).scalar_subquery()


def id_of(username: ColumnElement[str]) -> ScalarSelect[int]:
    """The id of the user with a name, inside another domain's query."""
    return (
        select(User.id).where(func.lower(User.username) == func.lower(username))
    ).scalar_subquery()


# [profiles]
def active_accounts() -> sqlalchemy.Subquery:
    """The `id` and `username` of the accounts that are switched on, for another domain's query."""
    active = sqlalchemy.select(col(User.id), col(User.username)).where(col(User.is_active))
    return active.subquery("account")


# [/profiles]


# [notifications]
def staying_account(user_id: ColumnElement[int]) -> sqlalchemy.Select[int]:
    """An account's id if it exists and is not being deleted, which has to wait from now on.

    Nobody waits here: whoever deletes an account has locked it, and its things after it, whereas
    the caller may have locked one of these things already.
    """
    return (
        sqlalchemy.select(col(User.id))
        .where(col(User.id) == user_id)
        .with_for_update(read=True, key_share=True, skip_locked=True)
    )


async def get_recipient(session: AsyncSession, *, user_id: int) -> tuple[str, str] | None:
    """The user name and the address of somebody who may be sent an e-mail that is no reply."""
    found = await session.exec(
        select(User.username, User.email).where(
            col(User.id) == user_id,
            col(User.is_active).is_(True),
            col(User.email_verified_at).is_not(None),
        )
    )
    return found.first()


# [/notifications]


async def _flush_or_conflict(session: AsyncSession) -> None:
    try:
        await session.flush()
    except IntegrityError as error:
        raise AccountExists from error
