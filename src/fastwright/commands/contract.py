"""`fastwright contract`."""

import sys
from pathlib import Path

import click

from fastwright.commands import target
from fastwright.errors import UsageError

_EPILOG = """\
\b
Examples:
  fastwright contract
  fastwright contract --diff origin/main
  fastwright contract --save contract.json
  fastwright contract --diff contract.json --format markdown
  fastwright contract --app shop.main:app --env DATABASE_URL=sqlite://

Exit status: 0 nothing breaks, 1 something breaks, 2 could not run.
"""


@click.command(short_help="Show what clients rely on, and what a change breaks.", epilog=_EPILOG)
@click.argument("path", type=click.Path(path_type=Path), default=Path(), metavar="[PATH]")
@target.options
@click.option("--diff", metavar="REV|FILE", help="Compare with a revision of git, or a saved file.")
@click.option(
    "--save",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the contract as JSON.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json", "markdown")),
    default="text",
    show_default=True,
    help="How it is shown.",
)
def contract(
    *,
    path: Path,
    app: str | None,
    python: Path | None,
    variables: tuple[str, ...],
    diff: str | None,
    save: Path | None,
    form: str,
) -> None:
    """Import the application, and show what clients and the framework can observe of it.

    Routes in the order of matching, what they take and answer, dependencies, middleware, handlers
    and tables. With --diff, each change is breaking, compatible or internal: moved modules and
    renamed functions are none.

    This runs the project's code, in a process of its own with the project's Python; no request is
    served and no lifespan run.
    """
    from fastwright.reports import json
    from fastwright.reports.text import contract as text
    from fastwright.verbs import contract as verb

    given = target.variables_of(variables)
    found = verb.target(path, reference=app, python=python)
    sys.stderr.write(f"Importing {found.reference} with {found.python}.\n")
    now = verb.snapshot(found, given)
    if save is not None:
        save.write_text(json.text(now), "utf-8")
    if diff is None:
        if form == "markdown":
            raise UsageError("--format markdown is for --diff.")
        if form == "json":
            sys.stdout.write(json.text(now))
        elif save is None:
            text.show(now)
        return
    before = verb.load(Path(diff)) if Path(diff).is_file() else verb.at_revision(found, diff, given)
    compared = verb.compare(before, now)
    match form:
        case "json":
            sys.stdout.write(json.text(json.comparison(compared)))
        case "markdown":
            sys.stdout.write(text.markdown(compared))
        case _:
            text.compared(compared)
    click.get_current_context().exit(1 if compared.breaks else 0)
