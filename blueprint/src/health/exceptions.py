"""Errors of the health checks."""

from src.exceptions import ServiceUnavailable


class NotReady(ServiceUnavailable):
    code = "not_ready"
    detail = "This instance cannot serve requests now."
