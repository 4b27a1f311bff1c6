"""What other domains can have sent.

A domain whose e-mails hold secrets has jobs of its own, which make them when they run and call
`deliver_email`: what is queued lies in the database.
"""

from collections.abc import Mapping
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from src.emails.addresses import parse_address
from src.emails.delivery import deliver_email
from src.emails.jobs import send_email
from src.emails.rendering import render

__all__ = ["deliver_email", "queue_email"]


async def queue_email(
    session: AsyncSession, *, to: str, template: str, context: Mapping[str, Any]
) -> None:
    """Have an e-mail sent once the session's transaction is committed; `context` is JSON.

    Raises:
        TemplateError: there is no such template, or `context` lacks a value.
        ValueError: `to` is not one address.
    """
    # What can never be sent fails here, with whoever asks for it, rather than later in a job.
    parse_address(to)
    render(template, context)
    await send_email.enqueue(session, to=to, template=template, context=dict(context))
