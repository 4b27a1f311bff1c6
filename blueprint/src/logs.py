"""Log lines with the request they belong to: JSON where machines read them, plain text locally.

`logging.ini` names the formatters below; `configure_logging` picks one by environment.
"""

import logging.config
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

from src.config import ROOT

ACCESS_FIELDS = ("method", "path", "status", "milliseconds", "client")


def configure_logging(*, as_json: bool) -> None:
    """Read `logging.ini` and write every log line as JSON, or as text for people."""
    logging.config.fileConfig(
        ROOT / "logging.ini",
        defaults={"line_format": "json" if as_json else "text"},
        disable_existing_loggers=False,
    )


class _ContextFormatter(structlog.stdlib.ProcessorFormatter):
    renderer: Any
    timestamp = "iso"

    def __init__(self, *_: object, **__: object) -> None:
        super().__init__(
            foreign_pre_chain=[
                structlog.contextvars.merge_contextvars,
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.stdlib.ExtraAdder(),
                structlog.processors.TimeStamper(fmt=self.timestamp, utc=self.timestamp == "iso"),
                _without_colour,
            ],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *self.renderer,
            ],
        )


def _without_colour(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Uvicorn gives its messages twice, the second time with terminal colours."""
    event.pop("color_message", None)
    return event


def _without_request(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """On a terminal the message says it all; the parts would only repeat it."""
    for field in ACCESS_FIELDS:
        if field != "milliseconds":
            event.pop(field, None)
    return event


class JsonFormatter(_ContextFormatter):
    """One JSON object a line: event, level, logger, timestamp, request_id, user_id, extras."""

    renderer = (
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(sort_keys=False),
    )


class TextFormatter(_ContextFormatter):
    """Text for people, in colour on a terminal."""

    timestamp = "%H:%M:%S"
    renderer = (
        _without_request,
        structlog.dev.ConsoleRenderer(
            colors=sys.stdout.isatty(),
            pad_event_to=0,
            pad_level=False,
            # The default prints local variables, secrets among them, and takes seconds.
            exception_formatter=structlog.dev.plain_traceback,
        ),
    )
