"""The options that say what is imported, and how; and what they were given."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from fastwright.errors import UsageError

Command = TypeVar("Command", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--app", metavar="NAME", help="What to import, such as package.module:app."),
    click.option(
        "--python",
        type=click.Path(path_type=Path, exists=True, dir_okay=False),
        metavar="FILE",
        help="The Python to import it with; by default, of the environment in the project.",
    ),
    click.option(
        "--env",
        "variables",
        multiple=True,
        metavar="NAME=VALUE",
        help="A variable that the application and its tests need; may be repeated.",
    ),
)


def options(command: Command) -> Command:
    """Give a command `--app`, `--python` and `--env`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def variables_of(given: tuple[str, ...]) -> dict[str, str]:
    """Return what `--env` was given, by name; raises `UsageError`."""
    pairs = [each.partition("=") for each in given]
    for name, equals, _ in pairs:
        if not equals or not name:
            raise UsageError(f"--env takes NAME=VALUE, not “{name}”.")
    return {name: value for name, _, value in pairs}
