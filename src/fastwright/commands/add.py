"""`fastwright add`."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from fastwright.scaffolds.plan import Plan

Function = TypeVar("Function", bound=Callable[..., Any])

_STATUS = """\
Exit status: 0 done, or nothing to do; 1 something is left for you to paste or to run; 2 refused.
"""
_CLIENT = f"""\
\b
Examples:
  fastwright add client weather
  fastwright add client tax_rates --dry-run

{_STATUS}"""

_OPTIONS = (
    click.option(
        "--path",
        type=click.Path(path_type=Path, exists=True),
        default=Path(),
        metavar="FOLDER",
        help="The project, or anything in it; by default, the one around this folder.",
    ),
    click.option("--dry-run", is_flag=True, help="Show every line of it, and write nothing."),
    click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for errors too."),
)


def _options(function: Function) -> Function:
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


@click.group(short_help="Add a domain, a field, an endpoint or a client to a project.")
def add() -> None:
    """Add something whole to a project: code, tests, migration, and its place in what is there.

    All of it is written or nothing, again changes nothing, and `fastwright undo` takes it back.
    """


@add.command(epilog=_CLIENT, short_help="Add a client of an outside HTTP service.")
@click.argument("name")
@_options
def client(*, name: str, path: Path, dry_run: bool, as_json: bool) -> None:
    """Add a package for the outside HTTP service NAME, in a project made by `fastwright new`.

    An asynchronous client that the lifespan opens and a dependency gives, with timeouts, retries
    and exceptions, its settings with a prefix of their own, and tests against a real server.
    """
    from fastwright.verbs import add as verb

    _finish(verb.client(name, path=path), dry_run=dry_run, as_json=as_json)


def _finish(plan: "Plan", *, dry_run: bool, as_json: bool) -> None:
    """Carry a plan out if that was asked for, show it, and end with its status."""
    from fastwright.reports import json
    from fastwright.reports.text import adding as text
    from fastwright.verbs import add as verb

    if not (dry_run or plan.conflicts):
        plan = verb.apply(plan)
    if as_json:
        sys.stdout.write(json.text(json.adding(plan)))
    else:
        text.plan(plan, dry_run=dry_run)
    click.get_current_context().exit(_status(plan))


def _status(plan: "Plan") -> int:
    if plan.conflicts:
        return 2
    return 1 if plan.to_paste or plan.to_run else 0
