"""`fastwright add`."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from fastwright.commands import surroundings
from fastwright.errors import UnknownRoomError

if TYPE_CHECKING:
    from fastwright.scaffolds.asking import Options
    from fastwright.scaffolds.plan import Plan
    from fastwright.scaffolds.room import Room

Function = TypeVar("Function", bound=Callable[..., Any])

_STATUS = """\
Exit status: 0 done, or nothing to do; 1 something is left for you to paste or to run; 2 refused.
"""
_DOMAIN = f"""\
\b
Examples:
  fastwright add domain posts title:str{{200}} body:text --owner --public-read
  fastwright add domain comments body:text --under posts --owner --threaded
  fastwright add domain products 'name:str{{80}}:unique' 'price:decimal{{10,2}}:index' --dry-run
  fastwright add domain events 'title:str{{100}}' starts_at:datetime:index 'email:email?'
  fastwright add domain tags name --base app.db:Base --session app.db:get_session

{_STATUS}"""
_FIELD = f"""\
\b
Examples:
  fastwright add field posts 'subtitle:str{{120}}?'
  fastwright add field posts 'rating:int{{1..5}}=3'
  fastwright add field posts 'language:str{{2}}' --existing en

{_STATUS}"""
_ENDPOINT = f"""\
\b
Examples:
  fastwright add endpoint posts POST /{{post_id}}/publish
  fastwright add endpoint posts GET /count

{_STATUS}"""
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
_PYTHON = click.option(
    "--python",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="The project's Python, which tries the revision; by default, that of its environment.",
)


def _with(*options: Callable[[Any], Any]) -> Callable[[Function], Function]:
    def decorate(function: Function) -> Function:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


@click.group(short_help="Add a domain, a field, an endpoint or a client to a project.")
def add() -> None:
    """Add something whole to a project: code, tests, migration, and its place in what is there.

    All of it is written or nothing, again changes nothing, and `fastwright undo` takes it back.
    """


@add.command(epilog=_DOMAIN, short_help="Add a domain: tables, routes, rules, tests, migration.")
@click.argument("name", required=False)
@click.argument("fields", nargs=-1, metavar="[FIELD]...")
@click.option("--under", metavar="DOMAIN", help="Whose path it lies under: /posts/{post_id}/…")
@click.option("--owner", is_flag=True, help="Each belongs to the user who made it.")
@click.option("--threaded", is_flag=True, help="They answer one another, as comments do.")
@click.option("--soft-delete", is_flag=True, help="Rows stay when they are deleted.")
@click.option("--likeable", is_flag=True, help="Users can like them.")
@click.option("--searchable", metavar="FIELDS", help="What a search looks into: title,body.")
@click.option("--public-read", is_flag=True, help="Reading needs no account.")
@click.option("--no-tests", is_flag=True, help="Leave out the tests.")
@_with(*surroundings.OPTIONS, _PYTHON)
@click.option("--explain-project", is_flag=True, help="Show what is found of the project, and end.")
@_with(*_OPTIONS)
def domain(
    *,
    name: str | None,
    fields: tuple[str, ...],
    explain_project: bool,
    path: Path,
    dry_run: bool,
    as_json: bool,
    python: Path | None,
    **options: Any,  # noqa: ANN401 - what the options above are given
) -> None:
    """Add the domain NAME with its FIELDs, in the project's own style.

    Models, schemas, service, dependencies, router, exceptions, tests, the revision, and what other
    files have to say of it. In a project of `fastwright new` it is written as the domains are that
    come with it; in any other it uses what the project has: its base, session, users and layout.

    A field is name:type, as title:str{200}, price:decimal{10,2}, status:enum{draft,live}=draft,
    author:ref[users], published_at:datetime?; docs/fields.md tells all. Quote what has {} [] or ?.

    In a project of `fastwright new` the revision is written by Alembic in a copy of it, against an
    empty database that is started for it, and tried: up, no drift, down, up. In any other, the
    command that writes it is shown. Your own database is never touched.
    """
    from fastwright.reports.text.progress import Progress
    from fastwright.verbs import add as verb

    if explain_project:
        with Progress() as watch:
            room = verb.explain(surroundings.target(path, python, options), watch=watch)
        _explain(room, as_json=as_json)
        return
    if name is None:
        raise click.UsageError("Missing argument 'NAME'.")

    def plan() -> "Plan":
        target = surroundings.target(path, python, options)
        with Progress() as watch:
            wanted = verb.asked(name, fields, target, **_options(options))
            return verb.domain(wanted, target, watch=watch)

    try:
        planned = plan()
    except UnknownRoomError as error:
        if as_json or not surroundings.ask(error, options):
            raise
        planned = plan()
    _finish(planned, dry_run=dry_run, as_json=as_json)


@add.command(epilog=_FIELD, short_help="Add a field to a domain, with its migration.")
@click.argument("domain")
@click.argument("field")
@click.option("--existing", metavar="VALUE", help="What rows get that are there already.")
@_with(_PYTHON, *_OPTIONS)
def field(
    *,
    domain: str,
    field: str,
    existing: str | None,
    python: Path | None,
    path: Path,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Add FIELD to a DOMAIN of a project made by `fastwright new`.

    It comes into the table, the schemas, the statements that read it, the tests, and a revision. A
    field that cannot be empty needs a default, or what rows get that are there already.

    A field is written as in `fastwright add domain`; docs/fields.md tells all.
    """
    from fastwright.reports.text.progress import Progress
    from fastwright.scaffolds.language import parse
    from fastwright.verbs import add as verb

    target = verb.Target(path, python=python)
    with Progress() as watch:
        planned = verb.field(domain, parse(field), target, existing_rows=existing, watch=watch)
    _finish(planned, dry_run=dry_run, as_json=as_json)


@add.command(epilog=_ENDPOINT, short_help="Add a route to a domain.")
@click.argument("domain")
@click.argument("method")
@click.argument("route", metavar="ROUTE")
@_with(*_OPTIONS)
def endpoint(
    *, domain: str, method: str, route: str, path: Path, dry_run: bool, as_json: bool
) -> None:
    """Add METHOD ROUTE to a DOMAIN of a project made by `fastwright new`.

    The route takes what its path leads to, with the same rights as its neighbours, and comes with
    a function of the service, a response and tests. ROUTE goes on behind the domain's own path.
    """
    from fastwright.verbs import add as verb

    planned = verb.endpoint(domain, method.upper(), route, verb.Target(path))
    _finish(planned, dry_run=dry_run, as_json=as_json)


@add.command(epilog=_CLIENT, short_help="Add a client of an outside HTTP service.")
@click.argument("name")
@_with(*_OPTIONS)
def client(*, name: str, path: Path, dry_run: bool, as_json: bool) -> None:
    """Add a package for the outside HTTP service NAME, in a project made by `fastwright new`.

    An asynchronous client that the lifespan opens and a dependency gives, with timeouts, retries
    and exceptions, its settings with a prefix of their own, and tests against a real server.
    """
    from fastwright.verbs import add as verb

    _finish(verb.client(name, verb.Target(path)), dry_run=dry_run, as_json=as_json)


def _options(options: dict[str, Any]) -> "Options":
    """Return the options of a domain as they are called in code."""
    return {
        "parent": options["under"],
        "is_owned": options["owner"],
        "is_threaded": options["threaded"],
        "is_soft_deleted": options["soft_delete"],
        "is_likeable": options["likeable"],
        "searchable": tuple(options["searchable"].split(",")) if options["searchable"] else (),
        "is_read_by_all": options["public_read"],
        "has_tests": not options["no_tests"],
    }


def _explain(room: "Room", *, as_json: bool) -> None:
    from fastwright.reports import json
    from fastwright.reports.text import room as text

    if as_json:
        sys.stdout.write(json.text(json.room(room)))
    else:
        text.explain(room)


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
