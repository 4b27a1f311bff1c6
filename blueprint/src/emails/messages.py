"""E-mails as they are sent (RFC 5322)."""

from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8

from src.emails.addresses import parse_address, refuse_control_characters
from src.emails.config import mail_settings
from src.emails.constants import KEY
from src.emails.rendering import Content


def compose(*, to: str, content: Content, key: str) -> EmailMessage:
    """An e-mail to one address, whose Message-ID is the same whenever `key` is.

    Raises:
        ValueError: the address or the subject cannot stand in a header, or the key in a name.
    """
    sender, recipient = mail_settings.sender_address, parse_address(to)
    if not KEY.fullmatch(key):
        raise ValueError("A key is 32 hexadecimal digits")
    # A name outside of ASCII can only be written as it is (RFC 6532).
    message = EmailMessage(policy=SMTP if recipient.addr_spec.isascii() else SMTPUTF8)
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = content.subject
    message["Date"] = datetime.now(UTC)
    message["Message-ID"] = f"<{key}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday note need answer
    for value in message.values():
        # Also what an encoded word in it stands for, which older Pythons write out as lines.
        # https://github.com/python/cpython/issues/121650
        refuse_control_characters(str(value))
    message.set_content(content.text)
    message.add_alternative(content.html, subtype="html")
    return message
