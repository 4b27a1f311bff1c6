"""The second factor: codes of an authenticator app (RFC 6238), and recovery codes for its loss."""

import base64
import hashlib
import hmac
import logging
import secrets
import time
from dataclasses import dataclass
from functools import cache

import pyotp
from cryptography.fernet import Fernet, InvalidToken
from redis.asyncio import Redis
from sqlalchemy import ColumnElement, bindparam, func
from sqlalchemy.orm import Mapped
from sqlmodel import col, delete, exists, select
from sqlmodel.ext.asyncio.session import AsyncSession

from src.auth import notices
from src.auth.clients import Client
from src.auth.config import auth_settings
from src.auth.constants import RECOVERY_CODES
from src.auth.exceptions import InvalidCode, TotpAlreadyOn, TotpNotBegun
from src.auth.locks import lock_account, lock_own_account
from src.auth.models import RecoveryCode, Totp
from src.auth.notices import SecurityEvent
from src.auth.schemas import AuthenticatedUser
from src.config import settings
from src.database import Database, Statement
from src.models import utc_now

logger = logging.getLogger(__name__)

STEP = 30  # seconds for which a code is shown
STEPS_OFF = (0, -1, 1)  # a clock may go wrong by one

IS_ON = Statement(
    select(Totp.user_id).where(
        Totp.user_id == bindparam("user_id"), col(Totp.confirmed_at).is_not(None)
    )
)


@dataclass(frozen=True, slots=True)
class NewTotp:
    """What an authenticator app is set up with."""

    secret: str  # base32, to be typed in
    uri: str  # for a QR code


def is_on_for(user_id: Mapped[int]) -> ColumnElement[bool]:
    """Whether a second factor is on, inside a query for accounts."""
    return exists().where(col(Totp.user_id) == user_id, col(Totp.confirmed_at).is_not(None))


async def is_on(database: Database, *, user_id: int) -> bool:
    return await database.fetch_one(IS_ON, user_id=user_id) is not None


async def count_recovery_codes(session: AsyncSession, *, user_id: int) -> int:
    return (await session.exec(select(func.count()).where(RecoveryCode.user_id == user_id))).one()


async def begin(session: AsyncSession, redis: Redis, *, owner: AuthenticatedUser) -> NewTotp:
    """Make a secret for an app. It counts for nothing until `confirm`.

    Raises:
        TotpAlreadyOn: there is an app already.
        SessionEnded: the account or its session has ended meanwhile.
    """
    user = await lock_own_account(session, redis, owner=owner)
    totp = await session.get(Totp, user.id)
    if totp is not None and totp.confirmed_at:
        raise TotpAlreadyOn
    secret = pyotp.random_base32()
    encrypted = _fernet().encrypt(secret.encode()).decode()
    if totp is None:
        session.add(Totp(user_id=user.id, encrypted_secret=encrypted))
    else:
        totp.encrypted_secret = encrypted
    await session.flush()
    uri = pyotp.TOTP(secret).provisioning_uri(name=user.username, issuer_name=settings.app_name)
    return NewTotp(secret, uri)


async def confirm(
    session: AsyncSession, redis: Redis, *, owner: AuthenticatedUser, code: str, client: Client
) -> list[str]:
    """Turn the second factor on; the recovery codes, which are shown this once.

    Raises:
        TotpNotBegun: no app is being set up.
        InvalidCode: it is not the app's.
        SessionEnded: the account or its session has ended meanwhile.
    """
    user = await lock_own_account(session, redis, owner=owner)
    totp = await session.get(Totp, user.id)
    if totp is None or totp.confirmed_at:
        raise TotpNotBegun
    if not _accepts(totp, code):
        raise InvalidCode
    totp.confirmed_at = utc_now()
    codes = await _replace_recovery_codes(session, user.id)
    await notices.notify(session, SecurityEvent.TOTP_ADDED, user=user, client=client)
    return codes


async def remove(
    session: AsyncSession, redis: Redis, *, owner: AuthenticatedUser, client: Client
) -> None:
    """Turn the second factor off, also one that was only begun.

    Raises:
        SessionEnded: the account or its session has ended meanwhile.
    """
    user = await lock_own_account(session, redis, owner=owner)
    await session.exec(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user.id))
    removed = await session.exec(
        delete(Totp).where(col(Totp.user_id) == user.id).returning(col(Totp.confirmed_at))
    )
    if removed.scalar_one_or_none():
        await notices.notify(session, SecurityEvent.TOTP_REMOVED, user=user, client=client)


async def replace_recovery_codes(
    session: AsyncSession, redis: Redis, *, owner: AuthenticatedUser, client: Client
) -> list[str]:
    """New codes instead of the old ones, shown this once.

    Raises:
        TotpNotBegun: there is no app that they could stand in for.
        SessionEnded: the account or its session has ended meanwhile.
    """
    user = await lock_own_account(session, redis, owner=owner)
    totp = await session.get(Totp, user.id)
    if totp is None or not totp.confirmed_at:
        raise TotpNotBegun
    codes = await _replace_recovery_codes(session, user.id)
    await notices.notify(session, SecurityEvent.RECOVERY_CODES_REPLACED, user=user, client=client)
    return codes


async def check(session: AsyncSession, *, user_id: int, code: str, client: Client) -> None:
    """Use up a code: one of the app's, or a recovery code.

    Raises:
        InvalidCode: it is neither, or it was used before.
        SessionEnded: the account has been deleted meanwhile.
    """
    user = await lock_account(session, user_id)
    totp = await session.get(Totp, user_id)
    if totp is None or not totp.confirmed_at:
        raise InvalidCode
    if _accepts(totp, code):
        return
    used = await session.exec(
        delete(RecoveryCode)
        .where(col(RecoveryCode.user_id) == user_id, col(RecoveryCode.digest) == _digest(code))
        .returning(col(RecoveryCode.user_id))
    )
    if used.first() is None:
        raise InvalidCode
    await notices.notify(session, SecurityEvent.RECOVERY_CODE_USED, user=user, client=client)


def _accepts(totp: Totp, code: str) -> bool:
    """Whether it is a code of the app that was not used yet; it is used from now on."""
    try:
        app = pyotp.TOTP(_fernet().decrypt(totp.encrypted_secret).decode())
    except InvalidToken:
        logger.error("AUTH_ENCRYPTION_SECRET is not the one of user %d's app", totp.user_id)  # noqa: TRY400
        return False
    given = code.replace(" ", "").encode()
    now = int(time.time()) // STEP
    for step in (now + off for off in STEPS_OFF):
        if step > totp.last_step and hmac.compare_digest(app.generate_otp(step).encode(), given):
            totp.last_step = step
            return True
    return False


async def _replace_recovery_codes(session: AsyncSession, user_id: int) -> list[str]:
    await session.exec(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user_id))
    codes = [_new_recovery_code() for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(user_id=user_id, digest=_digest(code)) for code in codes)
    await session.flush()
    return codes


def _new_recovery_code() -> str:
    """80 bits, in letters and digits that nobody mistakes for one another."""
    letters = base64.b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))


def _digest(code: str) -> str:
    plain = code.replace("-", "").replace(" ", "").lower()
    return hashlib.sha256(plain.encode()).hexdigest()


@cache
def _fernet() -> Fernet:
    secret = auth_settings.encryption_secret.get_secret_value().encode()
    key = hmac.digest(secret, b"totp", hashlib.sha256)
    return Fernet(base64.urlsafe_b64encode(key))
