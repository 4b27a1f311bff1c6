"""Login sessions in Redis: one hash each, and for each user the list of theirs.

The refresh tokens of a session are numbered. Using the newest gives the next one; using the one
before it within a moment gives that same next one again, as when a request was sent twice. An older
one must have been copied: it ends the session, in the same step on the server.
"""

import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from redis.asyncio import Redis

from src.auth.clients import Client
from src.auth.config import auth_settings
from src.auth.exceptions import SessionEnded, SessionsUnavailable, TokenReused
from src.auth.schemas import AuthenticatedUser
from src.auth.tokens import CHALLENGE_LIFETIME, Challenge, Claims, RefreshToken
from src.redis import OUTAGES

SEEN_EVERY = 60  # seconds between two notes of a session's use

ROTATE = """
local newest, rotated_at = unpack(redis.call('HMGET', KEYS[1], 'generation', 'rotated_at'))
if not newest then return 'ended' end
local generation, now = tonumber(ARGV[1]), tonumber(ARGV[2])
newest = tonumber(newest)
if generation == newest - 1 and now - tonumber(rotated_at) < tonumber(ARGV[3]) then
    return newest
end
if generation < newest then
    redis.call('DEL', KEYS[1])
    redis.call('ZREM', KEYS[2], ARGV[5])
    return 'reused'
end
redis.call('HSET', KEYS[1], 'generation', generation + 1, 'rotated_at', now, 'seen_at', now,
           'address', ARGV[6], 'device', ARGV[7])
redis.call('EXPIRE', KEYS[1], ARGV[4])
redis.call('ZADD', KEYS[2], now + tonumber(ARGV[4]), ARGV[5])
redis.call('EXPIRE', KEYS[2], ARGV[4])
return generation + 1
"""

# A session that has ended meanwhile must not come back as half a hash.
NOTE = """
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], unpack(ARGV))
return 1
"""


class Proof(StrEnum):
    """By what somebody shows who they are; the field of the time when they last did."""

    PASSWORD = "password_at"  # noqa: S105  (not a password)
    SECOND_FACTOR = "second_factor_at"


@dataclass(frozen=True, slots=True)
class Session:
    """One login, as its owner may see it."""

    id: str
    device: str
    address: str
    created_at: datetime
    last_seen_at: datetime


async def open_session(
    redis: Redis, *, user_id: int, client: Client, has_second_factor: bool = False
) -> tuple[Claims, RefreshToken]:
    """A new session of the user: its claims and its first refresh token.

    Raises:
        SessionsUnavailable: Redis is away.
    """
    claims = Claims(user_id=user_id, session_id=secrets.token_urlsafe(16))
    now, lifetime = int(time.time()), _lifetime()
    async with _or_unavailable(), redis.pipeline(transaction=True) as pipe:
        pipe.hset(
            _key(claims),
            mapping={
                "generation": 1,
                "rotated_at": now,
                "created_at": now,
                "seen_at": now,
                Proof.PASSWORD: now,
                Proof.SECOND_FACTOR: now if has_second_factor else 0,
                "address": client.address,
                "device": client.device,
            },
        )
        pipe.expire(_key(claims), lifetime)
        pipe.zremrangebyscore(_list(user_id), "-inf", now)
        pipe.zadd(_list(user_id), {claims.session_id: now + lifetime})
        pipe.expire(_list(user_id), lifetime)
        await pipe.execute()
    return claims, RefreshToken(user_id, claims.session_id, generation=1)


async def rotate(
    redis: Redis, token: RefreshToken, *, client: Client
) -> tuple[Claims, RefreshToken]:
    """Exchange a refresh token for the next one of the same session.

    Raises:
        TokenReused: the token had been used before, and not just now; the session is ended.
        SessionEnded: the session is over.
        SessionsUnavailable: Redis is away.
    """
    claims = Claims(token.user_id, token.session_id)
    async with _or_unavailable():
        outcome = await redis.eval(
            ROTATE,
            2,
            _key(claims),
            _list(token.user_id),
            str(token.generation),
            str(int(time.time())),
            str(auth_settings.refresh_grace),
            str(_lifetime()),
            token.session_id,
            client.address,
            client.device,
        )
    if outcome == "reused":
        raise TokenReused(token.user_id)
    if outcome == "ended":
        raise SessionEnded
    return claims, RefreshToken(token.user_id, token.session_id, generation=int(outcome))


async def is_alive(redis: Redis, claims: Claims) -> bool:
    """Whether the session of an access token has not ended. Notes now and then that it is used.

    Raises:
        SessionsUnavailable: Redis is away.
    """
    async with _or_unavailable():
        seen_at = await redis.hget(_key(claims), "seen_at")
        if seen_at is None:
            return False
        if (now := int(time.time())) - int(seen_at) >= SEEN_EVERY:
            await redis.eval(NOTE, 1, _key(claims), "seen_at", str(now))
    return True


async def is_trusted(redis: Redis, claims: Claims) -> bool:
    """The same, but a token that is valid and not expired is good enough while Redis is away.

    Raises:
        SessionsUnavailable: Redis is away, and the settings take nothing on trust.
    """
    try:
        return await is_alive(redis, claims)
    except SessionsUnavailable:
        if auth_settings.strict_revocation:
            raise
        return True


async def note_proof(redis: Redis, claims: Claims, proof: Proof) -> None:
    """Remember that the session's user has just shown who they are.

    Raises:
        SessionsUnavailable: Redis is away.
    """
    async with _or_unavailable():
        await redis.eval(NOTE, 1, _key(claims), proof, str(int(time.time())))


async def has_fresh_proof(redis: Redis, claims: Claims, proof: Proof) -> bool:
    """Whether the session's user has shown who they are a short time ago.

    Raises:
        SessionEnded: the session is over.
        SessionsUnavailable: Redis is away.
    """
    async with _or_unavailable():
        given_at = await redis.hget(_key(claims), proof)
    if given_at is None:
        raise SessionEnded
    return int(given_at) > time.time() - auth_settings.step_up_window * 60


async def list_sessions(redis: Redis, *, user_id: int) -> list[Session]:
    """The user's sessions, the one used last first.

    Raises:
        SessionsUnavailable: Redis is away.
    """
    async with _or_unavailable():
        session_ids = [str(it) for it in await redis.zrange(_list(user_id), 0, -1)]
        async with redis.pipeline(transaction=False) as pipe:
            for session_id in session_ids:
                pipe.hgetall(_key(Claims(user_id, session_id)))
            stored = await pipe.execute()
    sessions = [
        Session(
            id=session_id,
            device=fields["device"],
            address=fields["address"],
            created_at=_moment(fields["created_at"]),
            last_seen_at=_moment(fields["seen_at"]),
        )
        for session_id, fields in zip(session_ids, stored, strict=True)
        if fields  # it may have run out
    ]
    return sorted(sessions, key=lambda session: session.last_seen_at, reverse=True)


async def end_session(redis: Redis, claims: Claims) -> bool:
    """End one session: its tokens are refused from now on. Whether there was one.

    Raises:
        SessionsUnavailable: Redis is away.
    """
    async with _or_unavailable(), redis.pipeline(transaction=True) as pipe:
        pipe.delete(_key(claims))
        pipe.zrem(_list(claims.user_id), claims.session_id)
        deleted, _ = await pipe.execute()
    return bool(deleted)


async def end_all_sessions(redis: Redis, *, user_id: int, but: str | None = None) -> None:
    """End every session of a user, `but` perhaps the one that asks for it.

    Raises:
        SessionsUnavailable: Redis is away.
    """
    async with _or_unavailable():
        session_ids = [str(it) for it in await redis.zrange(_list(user_id), 0, -1) if it != but]
        if not session_ids:
            return
        # Both or nothing: a session that no list shows could not be found any more.
        async with redis.pipeline(transaction=True) as pipe:
            pipe.delete(*(_key(Claims(user_id, session_id)) for session_id in session_ids))
            pipe.zrem(_list(user_id), *session_ids)
            await pipe.execute()


def claims_of(user: AuthenticatedUser) -> Claims:
    """The session of somebody who has logged in.

    Raises:
        SessionEnded: they have not, but use an access token.
    """
    if user.session_id is None:
        raise SessionEnded
    return Claims(user.id, user.session_id)


async def use_up(redis: Redis, challenge: Challenge) -> bool:
    """Whether this is the first time that the challenge is met.

    Raises:
        SessionsUnavailable: Redis is away.
    """
    async with _or_unavailable():
        return bool(await redis.set(f"challenge:{challenge.id}", 1, nx=True, ex=CHALLENGE_LIFETIME))


@asynccontextmanager
async def _or_unavailable() -> AsyncIterator[None]:
    try:
        yield
    except OUTAGES as error:
        raise SessionsUnavailable from error


# The braces keep all of a user's keys on one node of a cluster, where one step can reach them.
# https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags
def _key(claims: Claims) -> str:
    return f"session:{{{claims.user_id}}}:{claims.session_id}"


def _list(user_id: int) -> str:
    return f"user-sessions:{{{user_id}}}"


def _lifetime() -> int:
    return auth_settings.refresh_token_expiration * 24 * 60 * 60


def _moment(seconds: str) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)
