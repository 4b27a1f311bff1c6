"""Login sessions in Redis: one hash each, and for each user the list of theirs.

A refresh token is `<session id>.<secret>`; only the secret's digest is stored. Using one replaces
it, in one step on the server. Any other secret for a session, such as one that was
replaced before, must have been copied or guessed: it ends the session.
"""

import hashlib
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from redis.asyncio import Redis

from src.auth.config import auth_settings
from src.auth.exceptions import SessionEnded, SessionsUnavailable
from src.auth.tokens import Claims
from src.redis import OUTAGES

ROTATE = """
local stored = redis.call('HMGET', KEYS[1], 'refresh', 'user')
if not stored[1] then return false end
if stored[1] ~= ARGV[1] then
    redis.call('DEL', KEYS[1])
    redis.call('ZREM', 'user-sessions:' .. stored[2], ARGV[4])
    return false
end
redis.call('HSET', KEYS[1], 'refresh', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('ZADD', 'user-sessions:' .. stored[2], ARGV[5], ARGV[4])
redis.call('EXPIRE', 'user-sessions:' .. stored[2], ARGV[3])
return stored[2]
"""


async def open_session(redis: Redis, *, user_id: int) -> tuple[Claims, str]:
    """A new session of the user: its claims and its first refresh token.

    Raises:
        SessionsUnavailable: Redis is away.
    """
    session_id, secret = secrets.token_urlsafe(16), secrets.token_urlsafe(32)
    now, lifetime = int(time.time()), _lifetime()
    of_user = f"user-sessions:{user_id}"
    async with _or_unavailable(), redis.pipeline(transaction=True) as pipe:
        pipe.hset(
            _key(session_id),
            mapping={"user": user_id, "refresh": _digest(secret), "created_at": now},
        )
        pipe.expire(_key(session_id), lifetime)
        pipe.zremrangebyscore(of_user, "-inf", now)
        pipe.zadd(of_user, {session_id: now + lifetime})
        pipe.expire(of_user, lifetime)
        await pipe.execute()
    return Claims(user_id=user_id, session_id=session_id), f"{session_id}.{secret}"


async def rotate(redis: Redis, refresh_token: str) -> tuple[Claims, str]:
    """Exchange a refresh token for a new one of the same session.

    Raises:
        SessionEnded: the session is over, or is ended now since the token had been used before.
        SessionsUnavailable: Redis is away.
    """
    session_id, _, secret = refresh_token.partition(".")
    new_secret = secrets.token_urlsafe(32)
    lifetime = _lifetime()
    async with _or_unavailable():
        user_id = await redis.eval(
            ROTATE,
            1,
            _key(session_id),
            _digest(secret),
            _digest(new_secret),
            str(lifetime),
            session_id,
            str(int(time.time()) + lifetime),
        )
    if not user_id:
        raise SessionEnded
    return Claims(user_id=int(user_id), session_id=session_id), f"{session_id}.{new_secret}"


async def is_alive(redis: Redis, claims: Claims) -> bool:
    """Whether the session of an access token has not ended.

    Raises:
        SessionsUnavailable: Redis is away.
    """
    async with _or_unavailable():
        owner = await redis.hget(_key(claims.session_id), "user")
    return bool(owner == str(claims.user_id))


async def end_session(redis: Redis, claims: Claims) -> None:
    """End one session: its tokens are refused from now on.

    Raises:
        SessionsUnavailable: Redis is away.
    """
    async with _or_unavailable(), redis.pipeline(transaction=True) as pipe:
        pipe.delete(_key(claims.session_id))
        pipe.zrem(f"user-sessions:{claims.user_id}", claims.session_id)
        await pipe.execute()


async def end_all_sessions(redis: Redis, *, user_id: int) -> None:
    """End every session of a user.

    Raises:
        SessionsUnavailable: Redis is away.
    """
    async with _or_unavailable():
        of_user = f"user-sessions:{user_id}"
        session_ids = await redis.zrange(of_user, 0, -1)
        await redis.delete(of_user, *(_key(str(session_id)) for session_id in session_ids))


@asynccontextmanager
async def _or_unavailable() -> AsyncIterator[None]:
    try:
        yield
    except OUTAGES as error:
        raise SessionsUnavailable from error


def _key(session_id: str) -> str:
    return f"session:{session_id}"


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _lifetime() -> int:
    return auth_settings.refresh_token_expiration * 24 * 60 * 60
