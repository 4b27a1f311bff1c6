"""What changes how somebody gets into an account: its address, its password, its end.

Whatever ends sessions does so with the account's row locked, and so does a login look at that row
once more when its session is open: what began with an old password comes to nothing.
"""

from datetime import timedelta
from uuid import uuid4

from pydantic import Secret
from redis.asyncio import Redis
from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from src.auth import access_tokens, mails, notices, passwords, sessions, tickets, tokens
from src.auth.clients import Client
from src.auth.config import auth_settings
from src.auth.constants import Consent, TicketPurpose
from src.auth.exceptions import (
    EmailTaken,
    InvalidLink,
    PasswordTooPersonal,
    SessionEnded,
    WrongPassword,
)
from src.auth.locks import lock_own_account
from src.auth.models import EmailChange, User
from src.auth.notices import SecurityEvent
from src.auth.schemas import AuthenticatedUser, is_personal
from src.database import Database, Statement
from src.models import utc_now

STORED_HASH = Statement(select(User.hashed_password).where(User.id == bindparam("user_id")))
GIVEN_AT = {
    Consent.OLD_ADDRESS: col(EmailChange.approved_at),
    Consent.NEW_ADDRESS: col(EmailChange.confirmed_at),
}


async def request_verification(session: AsyncSession, *, email: str) -> None:
    """Send the link again, if there is somebody to send it to."""
    await mails.send_verification_again.enqueue(session, email=email)


async def verify_email(session: AsyncSession, *, token: str) -> None:
    """The address belongs to the account from now on.

    Raises:
        InvalidLink: the link is not good, or the account has another address by now.
        EmailTaken: another account has verified the address before.
    """
    user = await tickets.use(session, purpose=TicketPurpose.VERIFY_EMAIL, token=token)
    user.email_verified_at = user.email_verified_at or utc_now()
    await _flush_address(session)
    # It was asked for while this address had no say.
    await _forget_email_change(session, user.id)


async def request_reset(session: AsyncSession, *, email: str) -> None:
    """Send a link for a new password, if there is somebody to send it to."""
    await mails.send_reset.enqueue(session, email=email)


async def reset_password(
    session: AsyncSession, redis: Redis, *, token: str, password: Secret[str], client: Client
) -> None:
    """Set a new password by a link; ends all sessions and access tokens.

    Raises:
        InvalidLink: the link is not good.
        PasswordTooPersonal: the password tells of its owner.
        SessionsUnavailable: Redis is away.
    """
    # Before a hash is worked out for nobody.
    tokens.read_link_token(TicketPurpose.RESET_PASSWORD, token)
    hashed = await passwords.hash_password(password.get_secret_value())
    user = await tickets.use(session, purpose=TicketPurpose.RESET_PASSWORD, token=token)
    _insist_on_impersonal(password, user)
    await access_tokens.revoke_all(session, user_id=user.id)
    await _set_password(session, redis, user, hashed)
    await notices.notify(session, SecurityEvent.PASSWORD_RESET, user=user, client=client)


async def change_password(
    session: AsyncSession,
    database: Database,
    redis: Redis,
    *,
    owner: AuthenticatedUser,
    current: Secret[str],
    new: Secret[str],
    client: Client,
) -> None:
    """Change the password; ends all sessions but the owner's. Access tokens stay.

    Raises:
        WrongPassword: `current` is not the password.
        PasswordTooPersonal: the password tells of its owner.
        SessionEnded: the account or its session has ended meanwhile.
        SessionsUnavailable: Redis is away.
    """
    known = await insist_on_password(database, user_id=owner.id, password=current)
    hashed = await passwords.hash_password(new.get_secret_value())
    user = await lock_own_account(session, redis, owner=owner)
    if user.hashed_password != known:  # somebody else was faster
        raise WrongPassword
    _insist_on_impersonal(new, user)
    await _set_password(session, redis, user, hashed, but=owner.session_id)
    await notices.notify(session, SecurityEvent.PASSWORD_CHANGED, user=user, client=client)


async def insist_on_password(database: Database, *, user_id: int, password: Secret[str]) -> str:
    """The hash that a password matches. Holds no transaction open while it is worked out.

    Raises:
        WrongPassword: it is not the account's.
        SessionEnded: there is no such account any more.
    """
    row = await database.fetch_one(STORED_HASH, user_id=user_id)
    if row is None:
        raise SessionEnded
    hashed: str = row["hashed_password"]
    matches, _ = await passwords.verify_password(password.get_secret_value(), hashed)
    if not matches:
        raise WrongPassword
    return hashed


async def request_email_change(
    session: AsyncSession,
    database: Database,
    redis: Redis,
    *,
    owner: AuthenticatedUser,
    password: Secret[str],
    new_email: str,
) -> None:
    """Ask the old and the new address; replaces a change that was asked for before.

    Raises:
        WrongPassword: it is not the password.
        SessionEnded: the account or its session has ended meanwhile.
        SessionsUnavailable: Redis is away.
    """
    await insist_on_password(database, user_id=owner.id, password=password)
    user = await lock_own_account(session, redis, owner=owner)
    is_verified = user.email_verified_at is not None
    values = {
        "id": uuid4(),
        "new_email": new_email,
        "expires_at": utc_now() + timedelta(hours=auth_settings.verification_expiration),
        # An address that nobody has verified has no say.
        "approved_at": None if is_verified else utc_now(),
        "confirmed_at": None,
    }
    change = insert(EmailChange).values(user_id=user.id, **values)
    await (await session.connection()).execute(
        change.on_conflict_do_update(index_elements=["user_id"], set_=values)
    )
    change_id = str(values["id"])
    if is_verified:
        await mails.ask_old_address.enqueue(session, change_id=change_id)
    await mails.ask_new_address.enqueue(session, change_id=change_id)


async def confirm_email_change(session: AsyncSession, *, token: str, client: Client) -> bool:
    """One address agrees. Whether the change is done, rather than waiting for the other.

    Raises:
        InvalidLink: the link is not good.
        EmailTaken: another account has verified the new address meanwhile.
    """
    user, change = await _agree(session, token)
    if not (change.approved_at and change.confirmed_at):
        return False
    await notices.notify(session, SecurityEvent.EMAIL_CHANGED, user=user, client=client)
    user.email, user.email_verified_at = change.new_email, utc_now()
    await _flush_address(session)
    await session.delete(change)
    # Links that went to the old address open nothing any more.
    await tickets.use_up_all(session, user_id=user.id, purpose=TicketPurpose.RESET_PASSWORD)
    await notices.notify(session, SecurityEvent.EMAIL_CHANGED, user=user, client=client)
    return True


async def deactivate(
    session: AsyncSession, redis: Redis, *, owner: AuthenticatedUser, client: Client
) -> None:
    """Switch an account off until its owner logs in again.

    Raises:
        SessionEnded: the account or its session has ended meanwhile.
        SessionsUnavailable: Redis is away.
    """
    user = await lock_own_account(session, redis, owner=owner)
    user.is_active, user.deactivated_at = False, utc_now()
    await session.flush()
    await sessions.end_all_sessions(redis, user_id=user.id)
    await notices.notify(session, SecurityEvent.DEACTIVATED, user=user, client=client)


async def _agree(session: AsyncSession, token: str) -> tuple[User, EmailChange]:
    """Note which address a link was sent to; the account, locked, and its change.

    Raises:
        InvalidLink: the link is not good, or was used.
    """
    consent, change_id = tokens.read_consent_token(token)
    owner_id = select(EmailChange.user_id).where(EmailChange.id == change_id)
    user = await tickets.lock_owner(session, owner_id)
    given_at = GIVEN_AT[consent]
    agreed = await session.exec(
        update(EmailChange)
        .where(
            col(EmailChange.id) == change_id,
            given_at.is_(None),
            col(EmailChange.expires_at) > utc_now(),
        )
        .values({given_at: utc_now()})
        .returning(EmailChange)
    )
    change: EmailChange | None = agreed.scalar_one_or_none()
    if change is None:
        raise InvalidLink
    return user, change


async def _set_password(
    session: AsyncSession, redis: Redis, user: User, hashed: str, but: str | None = None
) -> None:
    """A new password ends what was begun by whoever knew the old one."""
    user.hashed_password = hashed
    await session.flush()
    await tickets.use_up_all(session, user_id=user.id, purpose=TicketPurpose.RESET_PASSWORD)
    await _forget_email_change(session, user.id)
    await sessions.end_all_sessions(redis, user_id=user.id, but=but)


async def _forget_email_change(session: AsyncSession, user_id: int) -> None:
    await session.exec(delete(EmailChange).where(col(EmailChange.user_id) == user_id))


def _insist_on_impersonal(password: Secret[str], user: User) -> None:
    said = password.get_secret_value()
    if is_personal(said, username=user.username, first_name=user.first_name, email=user.email):
        raise PasswordTooPersonal


async def _flush_address(session: AsyncSession) -> None:
    try:
        await session.flush()
    except IntegrityError as error:
        raise EmailTaken from error
