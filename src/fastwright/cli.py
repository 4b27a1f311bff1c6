"""The command: it translates words into calls of the verbs, and results into text or JSON."""

import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn

import typer

from fastwright.errors import FastwrightError, UsageError
from fastwright.reports import json, text
from fastwright.verbs import new as new_verb

app = typer.Typer(
    help="Create FastAPI backends that are sound from their first commit.",
    epilog="Exit status: 0 done, 1 failed, 2 refused, 128 + n stopped by signal n.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def main() -> NoReturn:
    """Run the command and end the process with its exit status."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    as_json = "--json" in sys.argv
    try:
        # Typer shows its own errors (an unknown option, say) as text only.
        app(standalone_mode=not as_json)
    except FastwrightError as error:
        _fail(error, as_json=as_json)
    except typer.TyperException as error:
        _fail(UsageError(error.format_message()), as_json=as_json)
    except OSError as error:
        _fail(FastwrightError(f"{error.filename}: {error.strerror}."), as_json=as_json)
    sys.exit()


def _show_version(asked: bool) -> None:
    if asked:
        # Importing it takes a tenth of a second, and only this option needs it.
        from importlib.metadata import version

        sys.stdout.write(f"fastwright {version('fastwright')}\n")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Show the version and stop."
        ),
    ] = False,
) -> None:
    pass


@app.command(epilog="Example: fastwright new shop --path projects")
def new(
    name: Annotated[
        str, typer.Argument(help="Lower-case letters and digits, with - or _ between: my-shop.")
    ],
    path: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Where the project's folder goes.")
    ] = Path(),
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be made, and write nothing.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object, for errors too.")
    ] = False,
    no_install: Annotated[
        bool, typer.Option("--no-install", help="Leave uv.lock and .venv for later.")
    ] = False,
) -> None:
    """Create a complete FastAPI project in the folder NAME.

    A working backend with accounts, posts, migrations and tests, and with PostgreSQL and Valkey
    servers of its own for local work. It gets fresh secrets in .env, a git repository with a
    first commit, exact versions in uv.lock and an environment in .venv.

    Either all of it appears, or nothing. It is yours: nothing in it refers back to this tool.
    """
    project = new_verb.plan(name, parent=path, install=not no_install)
    match dry_run, as_json:
        case True, True:
            sys.stdout.write(json.project(project))
        case True, False:
            text.plan(project)
        case False, True:
            sys.stdout.write(json.project(new_verb.create(project)))
        case _:
            text.made(new_verb.create(project, watch=text.step))


def _fail(error: FastwrightError, *, as_json: bool) -> NoReturn:
    if as_json:
        sys.stdout.write(json.error(error))
    else:
        text.error(error)
    sys.exit(error.exit_status)


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    """End as the signal asks, but tidily: through every `except`, and past a second signal."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    sys.stderr.write("\nStopped; nothing is left behind.\n")
    sys.exit(128 + number)
