"""Errors of the local mailbox."""

from src.exceptions import NotFound


class MessageNotFound(NotFound):
    code = "message_not_found"
    detail = "There is no such message in the mailbox."
