"""What the owner of an account is told by e-mail when something touches its security."""

from dataclasses import dataclass
from enum import Enum

from sqlmodel.ext.asyncio.session import AsyncSession

from src.auth.clients import Client
from src.auth.models import User
from src.emails import service as email_service
from src.models import utc_now


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
        "Your account was deleted",
        "It is gone for good, and all its logins have ended.",
        advice=None,
    )


async def notify(
    session: AsyncSession, event: SecurityEvent, *, user: User, client: Client | None = None
) -> None:
    """Tell an account's owner, in the session's transaction."""
    if user.email_verified_at is None:  # nobody has said that this address is theirs
        return
    notice = event.value
    await email_service.queue_email(
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
