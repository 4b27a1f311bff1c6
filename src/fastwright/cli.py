"""The command: it knows the commands, and shows what goes wrong in any of them."""

import errno
import itertools
import os
import signal
import sys
import traceback
from pathlib import Path
from types import FrameType
from typing import NoReturn, TextIO

import click

from fastwright.commands.add import add
from fastwright.commands.agent import agent
from fastwright.commands.contract import contract
from fastwright.commands.explain import explain
from fastwright.commands.fix import fix
from fastwright.commands.mcp import mcp
from fastwright.commands.new import new
from fastwright.commands.review import review
from fastwright.commands.undo import undo
from fastwright.errors import (
    FastwrightError,
    InternalError,
    NotReadError,
    NotShownError,
    UsageError,
)

_PROCESS = os.getpid()


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit status: 0 done, 1 failed or findings, 2 refused, 128 + n stopped by signal n.",
)
@click.version_option(package_name="fastwright", message="fastwright %(version)s")
def app() -> None:
    """Create FastAPI backends that are sound from their first commit; review and mend any other."""


app.add_command(new)
app.add_command(review)
app.add_command(explain)
app.add_command(fix)
app.add_command(add)
app.add_command(undo)
app.add_command(mcp)
app.add_command(agent)
app.add_command(contract)


def main() -> NoReturn:
    """Run the command and end the process with its exit status."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    _write_what_can_be_written()
    as_json = _wants_json(sys.argv[1:])
    try:
        sys.exit(_run())
    except FastwrightError as error:
        _fail(error, as_json=as_json)
    except click.ClickException as error:
        if not as_json:
            error.show()
            sys.exit(error.exit_code)
        _fail(UsageError(error.format_message()), as_json=True)
    except BrokenPipeError:
        _write_no_more()  # whoever read the output has seen enough
        sys.exit(128 + signal.SIGPIPE)
    except OSError as error:
        if error.errno == errno.ENOENT and error.filename is None:  # of all only `getcwd` says so
            gone = "The folder that this was called in is not there any more."
            _fail(NotReadError(gone, suggestion="cd to the project"), as_json=as_json)
        if error.filename is None:  # neither read nor written by name: it is the output
            _write_no_more()
            _fail(NotShownError(f"The output was cut off: {error.strerror}."), as_json=False)
        _fail(FastwrightError(f"{error.filename}: {error.strerror}."), as_json=as_json)
    except Exception as error:  # noqa: BLE001 - the front door
        traceback.print_exc()
        said = f"{type(error).__name__}: {error}. This is a fault of fastwright: please report it."
        _fail(InternalError(said), as_json=as_json)


def _run() -> int:
    """Run the command that the words name, and return its exit status."""
    status = 0
    try:
        with app.make_context("fastwright", sys.argv[1:]) as context:
            app.invoke(context)
    except click.exceptions.Exit as done:
        status = done.exit_code
    sys.stdout.flush()
    return status


def _wants_json(words: list[str]) -> bool:
    """Tell whether errors are expected as JSON too."""
    pairs = itertools.pairwise(words)
    as_json = {"--json", "--model", "--format=json"}
    return not as_json.isdisjoint(words) or ("--format", "json") in pairs


def _write_what_can_be_written() -> None:
    """Let neither a closed output nor a character that it cannot show stop the program."""
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _write_no_more() -> None:
    """Let the rest of the output go nowhere: at its end, Python tries to write it once more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w")


def _fail(error: FastwrightError, *, as_json: bool) -> NoReturn:
    from fastwright.reports import json
    from fastwright.reports.text import problem

    if not as_json:
        problem.error(error)
        sys.exit(error.exit_status)
    try:
        sys.stdout.write(json.text(json.error(error)))
        sys.stdout.flush()
    except OSError:
        _write_no_more()
        problem.error(error)
    sys.exit(error.exit_status)


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    """End as the signal asks, but tidily: through every `except`, and past a second signal."""
    if os.getpid() != _PROCESS:
        os._exit(128 + number)  # one of several that read: only the first of them has a word
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    sys.stderr.write("\nStopped; nothing is left behind.\n")
    sys.exit(128 + number)
