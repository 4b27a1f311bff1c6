"""`fastwright new`."""

import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import click

from fastwright.projects.plan import Step


@click.command(
    short_help="Create a complete FastAPI project.",
    epilog="Example: fastwright new shop --path projects",
)
@click.argument("name")
@click.option(
    "--path",
    type=click.Path(path_type=Path),
    default=Path(),
    metavar="FOLDER",
    help="Where the project's folder goes.",
)
@click.option(
    "--domains",
    multiple=True,
    metavar="NAMES",
    help="Only these of the domains that can be left out, with what they need: posts,comments.",
)
@click.option("--minimal", is_flag=True, help="None of the domains that can be left out.")
@click.option("--dry-run", is_flag=True, help="Show what would be made, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for errors too.")
@click.option("--no-install", is_flag=True, help="Leave uv.lock and .venv for later.")
def new(
    *,
    name: str,
    path: Path,
    domains: tuple[str, ...],
    minimal: bool,
    dry_run: bool,
    as_json: bool,
    no_install: bool,
) -> None:
    """Create a complete FastAPI project in the folder NAME.

    A working backend with accounts, migrations and tests, and with PostgreSQL and Valkey servers
    of its own for local work. It gets fresh secrets in .env, a git repository with a first commit,
    exact versions in uv.lock and an environment in .venv.

    Accounts (auth and users) are always there. So are posts, profiles, comments, notifications
    and media, unless --domains or --minimal choose: what is left out leaves nothing behind.

    Either all of it appears, or nothing. It is yours: nothing in it refers back to this tool.

    NAME has lower-case letters and digits, with - or _ between: my-shop.
    """
    from fastwright.reports import json
    from fastwright.reports.text import project as text
    from fastwright.verbs import new as verb

    wanted = _wanted(domains, minimal=minimal)
    project = verb.plan(name, parent=path, install=not no_install, wanted=wanted)
    match dry_run, as_json:
        case True, True:
            sys.stdout.write(json.text(json.project(project)))
        case True, False:
            text.plan(project)
        case False, True:
            sys.stdout.write(json.text(json.project(verb.create(project))))
        case _:
            with suppress(BrokenPipeError):
                text.domains(project.domains)
            text.made(verb.create(project, watch=_while_read(text.step)))


def _while_read(show: Callable[[Step], None]) -> Callable[[Step], None]:
    """Return what shows steps as long as somebody reads: without them the project is made too."""

    def watch(step: Step) -> None:
        with suppress(BrokenPipeError):
            show(step)

    return watch


def _wanted(domains: tuple[str, ...], *, minimal: bool) -> list[str] | None:
    """Return the names that were given, in one option or in several; None if none was."""
    if minimal and domains:
        raise click.UsageError("--minimal leaves out what --domains asks for: give one of them.")
    if not domains:
        return [] if minimal else None
    names = [name.strip() for given in domains for name in given.split(",")]
    if not all(names):
        raise click.UsageError("--domains has an empty name: give posts,comments, or --minimal.")
    return names
