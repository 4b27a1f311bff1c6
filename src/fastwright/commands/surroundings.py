"""The options that say what a project leaves open, and the questions for what nobody has said."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fastwright.errors import UnknownRoomError

if TYPE_CHECKING:
    from fastwright.verbs.add import Target

OPTIONS = (
    click.option("--router", metavar="NAME", help="What includes routers: app.main:app."),
    click.option("--base", metavar="NAME", help="The declarative base: app.database:Base."),
    click.option("--session", metavar="NAME", help="What gives a session: app.database:get_db."),
    click.option("--user", metavar="NAME", help="What gives the current user: app.auth:get_user."),
    click.option("--users", metavar="DOMAIN", help="Which of the tables holds users: accounts."),
    click.option("--schema-base", metavar="NAME", help="The base of schemas: app.schemas:Base."),
    click.option("--models", metavar="PATH", help="Where models lie: app/models."),
    click.option(
        "--domain-layout",
        is_flag=True,
        help="A folder for the domain, also in a project that is laid out by layer.",
    ),
)


def target(path: Path, python: Path | None, options: dict[str, Any]) -> "Target":
    """Return the target that the options describe; raises `UsageError`."""
    from fastwright.scaffolds import rooms
    from fastwright.verbs.add import Target

    symbols = ("router", "base", "session", "user", "schema_base")
    given = rooms.Given(
        **{
            name: rooms.symbol(options[name], f"--{name.replace('_', '-')}")
            for name in symbols
            if options[name] is not None
        },
        users=options["users"],
        models=options["models"],
        is_by_domain=options["domain_layout"],
    )
    return Target(path, python=python, given=given)


def ask(error: UnknownRoomError, options: dict[str, Any]) -> bool:
    """Ask on a terminal for what was not found; tell whether all of it was answered."""
    if not (error.options and sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    click.echo(f"{error.message}\n", err=True)
    for option in error.options:
        name = option.removeprefix("--").replace("-", "_")
        options[name] = click.prompt(option, err=True)
    return True
