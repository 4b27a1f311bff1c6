"""The jobs of e-mail."""

from typing import Any

from src.emails.delivery import deliver_email
from src.jobs import Work, job


@job("emails.send")
async def send_email(work: Work, *, to: str, template: str, context: dict[str, Any]) -> None:
    """A second attempt sends the same Message-ID again, by which mail programs know a twin."""
    await deliver_email(to=to, template=template, context=context, key=work.key)
