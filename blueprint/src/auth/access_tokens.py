"""Personal access tokens: for programs, with scopes and an end, shown once."""

import hashlib
import secrets
from datetime import timedelta

import sqlalchemy
from redis.asyncio import Redis
from sqlalchemy import bindparam, func, or_
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from src.auth import notices
from src.auth.clients import Client
from src.auth.constants import TOKENS_MAX, Role, Scope
from src.auth.exceptions import AccessTokenNotFound, InvalidToken, TooManyAccessTokens
from src.auth.locks import lock_own_account
from src.auth.models import AccessToken, User
from src.auth.notices import SecurityEvent
from src.auth.schemas import AuthenticatedUser
from src.database import Database, Statement
from src.models import utc_now

# Tells whoever finds one in a file or a log what it is, and scanners for secrets too.
PREFIX = "inkwell_pat_"
USED_EVERY = timedelta(minutes=1)  # between two notes of a token's use

AUTHENTICATED = Statement(
    sqlalchemy.select(
        col(User.id),
        col(User.username),
        col(User.role),
        col(User.is_active),
        col(User.email_verified_at).is_not(None).label("is_verified"),
        col(AccessToken.scopes),
        col(AccessToken.last_used_at),
    )
    .join(AccessToken, col(AccessToken.user_id) == col(User.id))
    .where(col(AccessToken.digest) == bindparam("digest"), col(AccessToken.expires_at) > func.now())
)
NOTE_USE = Statement(
    update(AccessToken)
    .where(
        col(AccessToken.digest) == bindparam("token_digest"),
        or_(
            col(AccessToken.last_used_at).is_(None),
            col(AccessToken.last_used_at) < func.now() - USED_EVERY,
        ),
    )
    .values(last_used_at=func.now())
)


def is_one(token: str) -> bool:
    """Whether a token is of this kind, rather than a login's."""
    return token.startswith(PREFIX)


async def create(
    session: AsyncSession,
    redis: Redis,
    *,
    owner: AuthenticatedUser,
    name: str,
    scopes: list[Scope],
    lifetime: timedelta,
    client: Client,
) -> tuple[AccessToken, str]:
    """A new token: its row, and the token itself, which nobody can find out later.

    Raises:
        TooManyAccessTokens: the account has `TOKENS_MAX` already.
        SessionEnded: the account or its session has ended meanwhile.
    """
    user = await lock_own_account(session, redis, owner=owner)
    count = await session.exec(select(func.count()).where(AccessToken.user_id == user.id))
    if count.one() >= TOKENS_MAX:
        raise TooManyAccessTokens
    token = f"{PREFIX}{secrets.token_urlsafe(32)}"
    row = AccessToken(
        user_id=user.id,
        name=name,
        digest=_digest(token),
        scopes=sorted(set(scopes)),
        expires_at=utc_now() + lifetime,
    )
    session.add(row)
    await session.flush()
    await session.refresh(row)
    await notices.notify(session, SecurityEvent.ACCESS_TOKEN_CREATED, user=user, client=client)
    return row, token


async def list_all(session: AsyncSession, *, user_id: int) -> list[AccessToken]:
    """A user's tokens, the newest first, expired ones too."""
    found = await session.exec(
        select(AccessToken)
        .where(AccessToken.user_id == user_id)
        .order_by(col(AccessToken.id).desc())
        .limit(TOKENS_MAX)
    )
    return list(found)


async def revoke(session: AsyncSession, *, user_id: int, token_id: int) -> None:
    """
    Raises:
        AccessTokenNotFound: the user has none with this id.
    """
    revoked = await session.exec(
        delete(AccessToken)
        .where(col(AccessToken.id) == token_id, col(AccessToken.user_id) == user_id)
        .returning(col(AccessToken.id))
    )
    if revoked.first() is None:
        raise AccessTokenNotFound


async def revoke_all(session: AsyncSession, *, user_id: int) -> None:
    await session.exec(delete(AccessToken).where(col(AccessToken.user_id) == user_id))


async def authenticate(database: Database, token: str) -> tuple[AuthenticatedUser, list[str]]:
    """Whom a token speaks for, and its scopes. Notes now and then that it is used.

    Raises:
        InvalidToken: there is none like it, or it has expired.
    """
    digest = _digest(token)
    row = await database.fetch_one(AUTHENTICATED, digest=digest)
    if row is None:
        raise InvalidToken
    if row["last_used_at"] is None or row["last_used_at"] < utc_now() - USED_EVERY:
        await database.fetch(NOTE_USE, token_digest=digest)
    user = AuthenticatedUser(
        id=row["id"],
        username=row["username"],
        role=Role(row["role"]),
        is_active=row["is_active"],
        is_verified=row["is_verified"],
        session_id=None,
    )
    return user, row["scopes"]


def _digest(token: str) -> str:
    # Fast on purpose: nobody can try out 256 random bits.
    return hashlib.sha256(token.encode()).hexdigest()
