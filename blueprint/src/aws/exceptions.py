"""Errors of object storage."""

from src.exceptions import ServiceUnavailable


class StorageUnavailable(ServiceUnavailable):
    code = "storage_unavailable"
    detail = "The storage of files is not available for a moment. Try again."


class ObjectNotFound(Exception):
    """There is no object under this key."""
