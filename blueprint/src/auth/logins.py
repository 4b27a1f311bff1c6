"""Logins: opened, completed by a second factor, refreshed, ended."""

import hashlib
import logging
from dataclasses import dataclass
from typing import cast

from redis.asyncio import Redis
from sqlalchemy import String, and_, bindparam, func, or_
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from src.auth import notices, passwords, second_factor, sessions, tokens
from src.auth.constants import EMAIL_MAX_LENGTH, PASSWORD_MAX_LENGTH, Role
from src.auth.exceptions import (
    InvalidChallenge,
    InvalidCredentials,
    SessionEnded,
    TokenReused,
)
from src.auth.models import User
from src.auth.notices import SecurityEvent
from src.auth.schemas import AuthenticatedUser, SecondFactorChallenge, TokenResponse
from src.auth.sessions import Client
from src.auth.tokens import Challenge, Claims, RefreshToken
from src.database import Database, DatabaseUnavailable, Statement, transaction

logger = logging.getLogger(__name__)

# An address opens an account once it is verified: until then anybody may have claimed it.
CREDENTIALS = Statement(
    select(
        User.id, User.hashed_password, second_factor.is_on_for(col(User.id)).label("has_totp")
    ).where(
        or_(
            func.lower(User.username) == bindparam("login", type_=String),
            and_(
                func.lower(User.email) == bindparam("login", type_=String),
                col(User.email_verified_at).is_not(None),
            ),
        )
    )
)
AUTHENTICATED = Statement(
    select(
        User.username,
        User.role,
        User.is_active,
        col(User.email_verified_at).is_not(None).label("is_verified"),
    ).where(User.id == bindparam("user_id"))
)


@dataclass(frozen=True, slots=True)
class _Known:
    """Somebody who knows the password."""

    user_id: int
    password_mark: str
    has_totp: bool


async def log_in(
    session: AsyncSession,
    database: Database,
    redis: Redis,
    *,
    login: str,
    password: str,
    client: Client,
) -> TokenResponse | SecondFactorChallenge:
    """Open a session by user name or verified e-mail address, and password.

    With a second factor it is half the way: `complete_login` is the rest.

    Raises:
        InvalidCredentials: no such account or password; takes the same time for every reason.
        SessionsUnavailable: Redis is away.
    """
    known = await _authenticate(session, database, login, password)
    if known.has_totp:
        return SecondFactorChallenge(
            challenge=tokens.create_challenge(known.user_id, known.password_mark),
            expires_in=tokens.CHALLENGE_LIFETIME,
        )
    opened = await sessions.open_session(redis, user_id=known.user_id, client=client)
    await _admit(session, redis, known.user_id, known.password_mark, opened[0])
    return _tokens(*opened)


async def complete_login(
    session: AsyncSession, redis: Redis, *, challenge: Challenge, code: str, client: Client
) -> TokenResponse:
    """The second half of a login.

    Raises:
        InvalidCode: wrong, or used before.
        InvalidChallenge: it was completed before, or the password has changed since.
        SessionsUnavailable: Redis is away.
    """
    await second_factor.check(session, user_id=challenge.user_id, code=code, client=client)
    if not await sessions.use_up(redis, challenge):
        raise InvalidChallenge
    opened = await sessions.open_session(
        redis, user_id=challenge.user_id, client=client, has_second_factor=True
    )
    try:
        await _admit(session, redis, challenge.user_id, challenge.password_mark, opened[0])
    except InvalidCredentials as error:
        raise InvalidChallenge from error
    return _tokens(*opened)


async def refresh(
    database: Database, redis: Redis, *, refresh_token: str, client: Client
) -> TokenResponse:
    """New tokens for an old refresh token. One that comes back later ends its session.

    Raises:
        SessionEnded: the session is over, or the token had been used before.
        SessionsUnavailable: Redis is away.
    """
    token = tokens.read_refresh_token(refresh_token)
    try:
        return _tokens(*await sessions.rotate(redis, token, client=client))
    except TokenReused as error:
        await _warn_of_reuse(database, error.user_id, client)
        raise


async def log_out(redis: Redis, *, user: AuthenticatedUser) -> None:
    """End the session of this request.

    Raises:
        SessionsUnavailable: Redis is away.
    """
    await sessions.end_session(redis, claims_of(user))


def claims_of(user: AuthenticatedUser) -> Claims:
    """The session of somebody who has logged in.

    Raises:
        SessionEnded: they have not, but use an access token.
    """
    if user.session_id is None:
        raise SessionEnded
    return Claims(user.id, user.session_id)


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
        is_verified=row["is_verified"],
        session_id=claims.session_id,
    )


async def _authenticate(
    session: AsyncSession, database: Database, login: str, password: str
) -> _Known:
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
    return _Known(user_id, _mark(new_hash or found["hashed_password"]), found["has_totp"])


async def _admit(
    session: AsyncSession, redis: Redis, user_id: int, password_mark: str, claims: Claims
) -> None:
    """Let a session that was just opened stay, and switch its account on again.

    A change of the password ends all sessions with the account's row locked. This one may have been
    opened too late for that, by the old password: hence the look at the row, which waits.

    Raises:
        InvalidCredentials: the password has changed.
    """
    user = await session.get(User, user_id, with_for_update={"read": True}, populate_existing=True)
    if user is None or _mark(user.hashed_password) != password_mark:
        await sessions.end_session(redis, claims)
        raise InvalidCredentials
    if user.deactivated_at is not None:
        user.is_active, user.deactivated_at = True, None


async def _warn_of_reuse(database: Database, user_id: int, client: Client) -> None:
    """Tell the owner in a transaction of its own: the request's ends with an error."""
    try:
        async with transaction(database) as session:
            if user := await session.get(User, user_id):
                event = SecurityEvent.REFRESH_TOKEN_REUSED
                await notices.notify(session, event, user=user, client=client)
    except DatabaseUnavailable:
        logger.warning("User %d could not be told of a reused refresh token", user_id)


def _mark(hashed_password: str) -> str:
    """Tells one password hash from another, and nothing of either."""
    return hashlib.sha256(hashed_password.encode()).hexdigest()[:32]


def _tokens(claims: Claims, refresh_token: RefreshToken) -> TokenResponse:
    return TokenResponse(
        access_token=tokens.create_access_token(claims),
        expires_in=tokens.lifetime(),
        refresh_token=tokens.create_refresh_token(refresh_token),
    )
