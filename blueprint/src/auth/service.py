"""What can be done with accounts and logins."""

import logging
from collections.abc import Mapping
from typing import cast

from redis.asyncio import Redis
from sqlalchemy import ScalarSelect, String, bindparam, func, or_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped
from sqlalchemy.sql import ColumnElement
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from src.auth import passwords, sessions, tokens
from src.auth.constants import EMAIL_MAX_LENGTH, PASSWORD_MAX_LENGTH, Role
from src.auth.exceptions import (
    AccountExists,
    InvalidCredentials,
    SessionEnded,
    SessionsUnavailable,
)
from src.auth.models import User
from src.auth.schemas import AuthenticatedUser, TokenResponse, UserCreate
from src.auth.tokens import Claims
from src.database import Database, Statement

logger = logging.getLogger(__name__)

CREDENTIALS = Statement(
    select(User.id, User.hashed_password).where(
        or_(
            func.lower(User.username) == bindparam("login", type_=String),
            func.lower(User.email) == bindparam("login", type_=String),
        )
    )
)
AUTHENTICATED = Statement(
    select(User.username, User.role, User.is_active).where(User.id == bindparam("user_id"))
)


async def register(session: AsyncSession, *, new: UserCreate) -> User:
    """Make an account.

    Raises:
        AccountExists: the user name or the e-mail address is taken.
    """
    hashed = await passwords.hash_password(new.password.get_secret_value())
    user = User(**new.model_dump(exclude={"password"}), hashed_password=hashed)
    session.add(user)
    await _flush_or_conflict(session)
    return user


async def authenticate(
    session: AsyncSession, database: Database, *, login: str, password: str
) -> int:
    """The id of the account with this user name or e-mail address, and this password.

    Raises:
        InvalidCredentials: there is none; takes the same time for every reason.
    """
    usable = len(login) <= EMAIL_MAX_LENGTH and login.isprintable()
    found = await database.fetch_one(CREDENTIALS, login=login.lower()) if usable else None
    matches, new_hash = await passwords.verify_password(
        password[: PASSWORD_MAX_LENGTH + 1], found["hashed_password"] if found else None
    )
    if not found or not matches:
        raise InvalidCredentials
    user_id = cast("int", found["id"])
    if new_hash:
        await session.exec(
            update(User).where(col(User.id) == user_id).values(hashed_password=new_hash)
        )
    return user_id


async def log_in(redis: Redis, *, user_id: int) -> TokenResponse:
    """Open a session and hand out its tokens.

    Raises:
        SessionsUnavailable: Redis is away.
    """
    return _tokens(*await sessions.open_session(redis, user_id=user_id))


async def refresh(redis: Redis, *, refresh_token: str) -> TokenResponse:
    """New tokens for an old refresh token, which is used up by it.

    Raises:
        SessionEnded: the session is over, or the token had been used before.
        SessionsUnavailable: Redis is away.
    """
    return _tokens(*await sessions.rotate(redis, refresh_token))


async def log_out(redis: Redis, *, user: AuthenticatedUser) -> None:
    """End the session of this request.

    Raises:
        SessionsUnavailable: Redis is away.
    """
    await sessions.end_session(redis, Claims(user.id, user.session_id))


async def get_authenticated(database: Database, *, claims: Claims) -> AuthenticatedUser | None:
    """The account that an access token speaks of, if it still exists."""
    row = await database.fetch_one(AUTHENTICATED, user_id=claims.user_id)
    if row is None:
        return None
    return AuthenticatedUser(
        id=claims.user_id,
        username=row["username"],
        role=Role(row["role"]),
        is_active=row["is_active"],
        session_id=claims.session_id,
    )


async def get_user(session: AsyncSession, *, user_id: int) -> User | None:
    return await session.get(User, user_id)


async def update_user(session: AsyncSession, *, user: User, changes: Mapping[str, object]) -> User:
    """Change some of an account's fields.

    Raises:
        AccountExists: the new user name is taken.
        SessionEnded: the account has been deleted meanwhile.
    """
    if await session.get(User, user.id, with_for_update=True) is None:
        raise SessionEnded
    user.sqlmodel_update(dict(changes))
    await _flush_or_conflict(session)
    await session.refresh(user)
    return user


async def delete_user(session: AsyncSession, redis: Redis, *, user: User) -> None:
    """Delete an account with all that belongs to it, and end its sessions."""
    await (await session.connection()).execute(delete(User).where(col(User.id) == user.id))
    try:
        await sessions.end_all_sessions(redis, user_id=user.id)
    except SessionsUnavailable:
        # Its tokens are worthless all the same: each request looks for the account.
        logger.warning("Sessions of deleted user %d could not be ended", user.id)


def username_of(user_id: Mapped[int]) -> ScalarSelect[str]:
    """The user name for a column of user ids, inside another domain's query."""
    return (
        select(User.username).where(col(User.id) == user_id).correlate_except(User)
    ).scalar_subquery()


def id_of(username: ColumnElement[str]) -> ScalarSelect[int]:
    """The id of the user with a name, inside another domain's query."""
    return (
        select(User.id).where(func.lower(User.username) == func.lower(username))
    ).scalar_subquery()


async def _flush_or_conflict(session: AsyncSession) -> None:
    try:
        await session.flush()
    except IntegrityError as error:
        raise AccountExists from error


def _tokens(claims: Claims, refresh_token: str) -> TokenResponse:
    return TokenResponse(
        access_token=tokens.create_access_token(claims),
        expires_in=tokens.lifetime(),
        refresh_token=refresh_token,
    )
