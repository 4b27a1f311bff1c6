"""The local mailbox, as programs see it."""

from datetime import datetime

from src.schemas import CustomModel


class MailboxMessage(CustomModel):
    key: str
    message_id: str
    to: str
    subject: str
    sent_at: datetime
    links: list[str]
    text: str
