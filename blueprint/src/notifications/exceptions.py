"""Errors of notifications."""

from src.exceptions import NotFound, TooManyRequests


class NotificationNotFound(NotFound):
    code = "notification_not_found"
    detail = "There is no such notification."


class TooManyStreams(TooManyRequests):
    code = "too_many_streams"
    detail = "Too many streams are open for this account. Close one first."
