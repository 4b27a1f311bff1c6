"""One e-mail, from its template to the transport."""

from collections.abc import Mapping

from jinja2 import TemplateError

from src.emails.messages import compose
from src.emails.rendering import render
from src.emails.transports import current_transport
from src.jobs import PermanentFailure


async def deliver_email(*, to: str, template: str, context: Mapping[str, object], key: str) -> None:
    """Send an e-mail now. To be called in a job, with `work.key`.

    Raises:
        PermanentFailure: it cannot be written, or will never be taken.
        Exception: it was not taken now.
    """
    try:
        message = compose(to=to, content=render(template, context), key=key)
    except (TemplateError, ValueError) as error:
        raise PermanentFailure(f"{template} cannot be written: {error}") from error
    await current_transport().deliver(message)
