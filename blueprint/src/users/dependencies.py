"""The limits of what an account's owner can have sent."""

from src.auth.config import auth_settings
from src.exceptions import TooManyRequests, raises
from src.limits import Limits
from src.users.schemas import EmailChangeRequest


@raises(TooManyRequests)
async def limited_email_change(asked: EmailChangeRequest, limits: Limits) -> EmailChangeRequest:
    """An address to write to may be anybody's."""
    await limits.spend(auth_settings.mail_limit, "change-account", asked.email.lower())
    return asked
