"""The e-mails about accounts: to whom, and which.

What a request may not reveal is decided here, after it has been answered: whether there is an
account with an address, and which e-mail its owner gets. Links lead to `PUBLIC_URL`, whatever host
a request was sent to.
"""

from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from src.auth import tickets, tokens
from src.auth.config import auth_settings
from src.auth.constants import Purpose
from src.auth.models import EmailChange, User
from src.auth.sessions import Client
from src.config import settings
from src.database import transaction
from src.jobs import Work, job
from src.models import utc_now
from src.notifications import service as notification_service

_VERIFY, _RESET = Purpose.VERIFY_EMAIL, Purpose.RESET_PASSWORD
VERIFY_PAGE, RESET_PAGE, CHANGE_PAGE = "verify-email", "reset-password", "change-email"


@dataclass(frozen=True, slots=True)
class Notice:
    """What the owner of an account is told has happened to it."""

    headline: str
    what_happened: str
    advice: str | None = (
        "If that was not you, reset your password at once: it ends every login and access token."
    )


class SecurityEvent(Enum):
    PASSWORD_CHANGED = Notice(
        "Your password was changed", "It was changed by somebody who knew the old one."
    )
    PASSWORD_RESET = Notice(
        "Your password was reset",
        "It was set anew through a link in an e-mail. All logins and access tokens have ended.",
    )
    EMAIL_CHANGED = Notice(
        "Your e-mail address was changed", "Both the old and the new address have agreed to it."
    )
    TOTP_ADDED = Notice(
        "An authenticator app was added", "From now on logging in takes a code from it."
    )
    TOTP_REMOVED = Notice(
        "The authenticator app was removed", "From now on the password alone is enough to log in."
    )
    RECOVERY_CODES_REPLACED = Notice(
        "You have new recovery codes", "The old ones are no longer good."
    )
    RECOVERY_CODE_USED = Notice(
        "A recovery code was used", "It stood in for a code from the authenticator app."
    )
    ACCESS_TOKEN_CREATED = Notice(
        "A personal access token was made",
        "Programs can use it in your name until it expires or is deleted.",
    )
    REFRESH_TOKEN_REUSED = Notice(
        "A login was ended for safety",
        "One of its tokens was used a second time, so somebody may have copied it.",
        "If this happens again, change your password.",
    )
    DEACTIVATED = Notice(
        "Your account is switched off",
        "Nobody can use it, and all its logins have ended. Logging in switches it on again.",
    )
    DELETED = Notice(
        "Your account was deleted", "It is gone with all that belonged to it.", advice=None
    )


async def notify(
    session: AsyncSession, event: SecurityEvent, *, user: User, client: Client | None = None
) -> None:
    """Tell an account's owner, in the session's transaction."""
    if user.email_verified_at is None:  # nobody has said that this address is theirs
        return
    notice = event.value
    await notification_service.queue_email(
        session,
        to=user.email,
        template="security_notice",
        context={
            "username": user.username,
            "headline": notice.headline,
            "what_happened": notice.what_happened,
            "advice": notice.advice,
            "at": f"{utc_now():%d %B %Y, %H:%M} UTC",
            "address": client.address if client else None,
        },
    )


@job("auth.verify_email")
async def send_verification(work: Work, *, user_id: int) -> None:
    async with transaction(work.database) as session:
        user = await session.get(User, user_id)
    if user is not None and user.email_verified_at is None:
        await _ask_to_verify(work, user)


@job("auth.verify_email_again")
async def send_verification_again(work: Work, *, email: str) -> None:
    async with transaction(work.database) as session:
        user = await _newest_unverified(session, email)
    if user is not None:
        await _ask_to_verify(work, user)


@job("auth.reset_password")
async def send_reset(work: Work, *, email: str) -> None:
    async with transaction(work.database) as session:
        user = await _owner_of(session, email)
        if user is None:
            return
        token = await tickets.issue(session, key=work.key, user=user, purpose=_RESET)
    await notification_service.deliver_email(
        to=user.email,
        template="reset_password",
        context={
            "username": user.username,
            "link": _link(RESET_PAGE, token),
            "valid_for": _reset_time(),
        },
        key=work.key,
    )


@job("auth.approve_email_change")
async def ask_old_address(work: Work, *, change_id: str) -> None:
    async with transaction(work.database) as session:
        change = await session.get(EmailChange, UUID(change_id))
        user = await session.get(User, change.user_id) if change else None
    if change is None or user is None or change.approved_at:  # replaced, or done, meanwhile
        return
    token = tokens.create_link_token(Purpose.APPROVE_EMAIL_CHANGE, change.id)
    await notification_service.deliver_email(
        to=user.email,
        template="approve_email_change",
        context={
            "username": user.username,
            "new_email": change.new_email,
            "link": _link(CHANGE_PAGE, token),
            "valid_for": _verification_time(),
        },
        key=work.key,
    )


@job("auth.confirm_email_change")
async def ask_new_address(work: Work, *, change_id: str) -> None:
    async with transaction(work.database) as session:
        change = await session.get(EmailChange, UUID(change_id))
        user = await session.get(User, change.user_id) if change else None
        owner = await _owner_of(session, change.new_email) if change else None
    if change is None or user is None or change.confirmed_at:
        return
    if owner is not None and owner.id != user.id:
        await notification_service.deliver_email(
            to=change.new_email,
            template="email_in_use",
            context={"username": owner.username},
            key=work.key,
        )
        return
    token = tokens.create_link_token(Purpose.CONFIRM_EMAIL_CHANGE, change.id)
    await notification_service.deliver_email(
        to=change.new_email,
        template="confirm_email_change",
        context={
            "username": user.username,
            "link": _link(CHANGE_PAGE, token),
            "valid_for": _verification_time(),
        },
        key=work.key,
    )


async def _ask_to_verify(work: Work, user: User) -> None:
    """Send the link, or tell the owner of the address that somebody wanted to register it again."""
    async with transaction(work.database) as session:
        owner = await _owner_of(session, user.email)
        if owner is not None:
            template, page, valid_for = "already_registered", RESET_PAGE, _reset_time()
            token = await tickets.issue(session, key=work.key, user=owner, purpose=_RESET)
        else:
            template, page, valid_for = "verify_email", VERIFY_PAGE, _verification_time()
            token = await tickets.issue(session, key=work.key, user=user, purpose=_VERIFY)
    await notification_service.deliver_email(
        to=user.email,
        template=template,
        context={
            "username": (owner or user).username,
            "link": _link(page, token),
            "valid_for": valid_for,
        },
        key=work.key,
    )


async def _owner_of(session: AsyncSession, email: str) -> User | None:
    """The account that has verified this address."""
    found = await session.exec(
        select(User).where(
            func.lower(User.email) == email.lower(), col(User.email_verified_at).is_not(None)
        )
    )
    return found.first()


async def _newest_unverified(session: AsyncSession, email: str) -> User | None:
    found = await session.exec(
        select(User)
        .where(func.lower(User.email) == email.lower(), col(User.email_verified_at).is_(None))
        .order_by(col(User.id).desc())
        .limit(1)
    )
    return found.first()


def _link(page: str, token: str) -> str:
    # After the hash it reaches no server, and so no log, when the page is opened.
    return f"{settings.public_url}/account/{page}#token={token}"


def _verification_time() -> str:
    return f"{auth_settings.verification_expiration} hours"


def _reset_time() -> str:
    return f"{auth_settings.reset_expiration} minutes"
