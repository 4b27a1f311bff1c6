"""Log lines with the request they belong to: JSON where machines read them, plain text locally.

`logging.ini` names the formatters below; `configure_logging` picks one by environment. They are
small on purpose: an access line is written for every request, and a general-purpose formatter
took as long as the rest of the middleware together.
"""

import logging.config
import time
from contextvars import ContextVar
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from pydantic_core import to_json

from src.config import ROOT

# What every line of a request says of it: its id and, once known, its user.
_context: ContextVar[dict[str, object] | MappingProxyType[str, object]] = ContextVar(
    "log_context", default=MappingProxyType({})
)

# What `logging` itself puts on a record, and uvicorn's coloured twin of a message. The rest of a
# record came through `extra`.
_NOT_EXTRA = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message"}


def configure_logging(*, as_json: bool) -> None:
    """Read `logging.ini` and write every log line as JSON, or as text for people."""
    # No line shows these, and finding them out takes time in every line.
    # https://docs.python.org/3/howto/logging.html#optimization
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging.config.fileConfig(
        ROOT / "logging.ini",
        defaults={"line_format": "json" if as_json else "text"},
        disable_existing_loggers=False,
    )


def start_log_context(**fields: object) -> None:
    """Begin a request: its lines carry `fields`, and nothing of a request before."""
    _context.set(fields)


def add_to_log_context(**fields: object) -> None:
    """Let the further lines of this request carry `fields` too."""
    _context.set({**_context.get(), **fields})


def current_request_id() -> str | None:
    """The id of the request in which this is asked."""
    request_id = _context.get().get("request_id")
    return None if request_id is None else str(request_id)


class JsonFormatter(logging.Formatter):
    """One JSON object a line: timestamp, level, logger, event, request_id, user_id, extras."""

    def format(self, record: logging.LogRecord) -> str:
        values = vars(record)
        line: dict[str, Any] = {
            "timestamp": f"{_utc_second(int(record.created))}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **_context.get(),
        }
        fields = values.get("fields")  # all extras of an access line in one
        if fields is None:
            fields = {name: values[name] for name in values.keys() - _NOT_EXTRA}
        line.update(fields)
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return to_json(line, fallback=str, inf_nan_mode="strings").decode()


class TextFormatter(logging.Formatter):
    """A line for people: `12:30:01 info    GET /users/me 200 in 2.1 ms  request_id=…`."""

    def format(self, record: logging.LogRecord) -> str:
        at = time.strftime("%H:%M:%S", time.localtime(record.created))
        context = "".join(f"  {name}={value}" for name, value in _context.get().items())
        line = f"{at} {record.levelname.lower():<7} {record.getMessage()}{context}"
        if record.exc_info:
            line = f"{line}\n{self.formatException(record.exc_info)}"
        return line


@lru_cache(maxsize=1)  # most lines fall into the second of the one before
def _utc_second(second: int) -> str:
    """A second since the epoch in ISO 8601, without its offset."""
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))
