"""The limits of what an account's owner can have sent."""

from src.auth import dependencies as auth_dependencies
from src.exceptions import TooManyRequests, raises
from src.limits import Limits
from src.users.schemas import EmailChangeRequest


@raises(TooManyRequests)
async def limited_email_change(asked: EmailChangeRequest, limits: Limits) -> EmailChangeRequest:
    """An address to write to may be anybody's."""
    await auth_dependencies.spend_mail(limits, "change", asked.email)
    return asked
