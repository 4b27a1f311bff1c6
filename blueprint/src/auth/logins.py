"""Logins: opened, completed by a second factor, refreshed, ended."""

import hashlib
import logging
from dataclasses import dataclass

from redis.asyncio import Redis
from sqlalchemy import String, and_, bindparam, func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from src.auth import notices, passwords, second_factor, sessions, tokens
from src.auth.clients import Client
from src.auth.constants import EMAIL_MAX_LENGTH, PASSWORD_MAX_LENGTH, Role
from src.auth.exceptions import (
    InvalidChallenge,
    InvalidCredentials,
    SessionEnded,
    TokenReused,
)
from src.auth.locks import lock_account
from src.auth.models import User
from src.auth.notices import SecurityEvent
from src.auth.schemas import AuthenticatedUser, SecondFactorChallenge, TokenResponse
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
    password_mark: str  # of the hash that it was compared with
    new_hash: str | None = None  # instead of one of an older kind
    has_totp: bool = False


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
    known = await _authenticate(database, login, password)
    try:
        return await _begin(session, redis, known, client)
    except InvalidCredentials:
        if known.new_hash is None:
            raise
        # Another login was faster to replace the hash; the password may be the same.
        return await _begin(session, redis, await _authenticate(database, login, password), client)


async def complete_login(
    session: AsyncSession, redis: Redis, *, challenge: Challenge, code: str, client: Client
) -> TokenResponse:
    """The second half of a login.

    Raises:
        InvalidCode: wrong, or used before.
        InvalidChallenge: it was completed before, or the password has changed since.
        SessionsUnavailable: Redis is away.
    """
    known = _Known(challenge.user_id, challenge.password_mark)
    try:
        await second_factor.check(session, user_id=known.user_id, code=code, client=client)
        if not await sessions.use_up(redis, challenge):
            raise InvalidChallenge
        return await _open(session, redis, known, client=client, has_second_factor=True)
    except (InvalidCredentials, SessionEnded) as error:  # what was right is so no more
        raise InvalidChallenge from error


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


async def _authenticate(database: Database, login: str, password: str) -> _Known:
    usable = len(login) <= EMAIL_MAX_LENGTH and login.isprintable()
    found = await database.fetch_one(CREDENTIALS, login=login.lower()) if usable else None
    matches, new_hash = await passwords.verify_password(
        password[: PASSWORD_MAX_LENGTH + 1], found["hashed_password"] if found else None
    )
    if not found or not matches:
        raise InvalidCredentials
    return _Known(found["id"], _mark(found["hashed_password"]), new_hash, found["has_totp"])


async def _begin(
    session: AsyncSession, redis: Redis, known: _Known, client: Client
) -> TokenResponse | SecondFactorChallenge:
    if not known.has_totp:
        return await _open(session, redis, known, client=client)
    mark = await _settle(session, known)
    return SecondFactorChallenge(
        challenge=tokens.create_challenge(known.user_id, mark),
        expires_in=tokens.CHALLENGE_LIFETIME,
    )


async def _open(
    session: AsyncSession,
    redis: Redis,
    known: _Known,
    *,
    client: Client,
    has_second_factor: bool = False,
) -> TokenResponse:
    """Open a session and switch its account on again, unless the password has changed.

    Such a change ends all sessions with the account locked. This one may have been opened too late
    for that: hence the look at the account afterwards, which waits.

    Raises:
        InvalidCredentials: the password has changed.
        SessionsUnavailable: Redis is away.
    """
    claims, refresh_token = await sessions.open_session(
        redis, user_id=known.user_id, client=client, has_second_factor=has_second_factor
    )
    try:
        await _settle(session, known)
    except InvalidCredentials:
        await sessions.end_session(redis, claims)
        raise
    return _tokens(claims, refresh_token)


async def _settle(session: AsyncSession, known: _Known) -> str:
    """See that the password is still the one, and replace its hash if it is of an older kind.

    Also switches an account on that its owner had switched off. The mark of the hash that is stored
    in the end.

    Raises:
        InvalidCredentials: the password has changed, or the account is gone.
    """
    try:
        user = await lock_account(session, known.user_id)
    except SessionEnded as error:
        raise InvalidCredentials from error
    if _mark(user.hashed_password) != known.password_mark:
        raise InvalidCredentials
    if known.new_hash:
        user.hashed_password = known.new_hash
    if user.deactivated_at is not None:
        user.is_active, user.deactivated_at = True, None
    return _mark(user.hashed_password)


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
