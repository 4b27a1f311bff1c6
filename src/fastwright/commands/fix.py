"""`fastwright fix`."""

import gc
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fastwright.commands import target
from fastwright.commands.review import names
from fastwright.errors import NotReadError, UsageError

if TYPE_CHECKING:
    from fastwright.fixes.plan import Plan

_EPILOG = """\
\b
Examples:
  fastwright fix --dry-run
  fastwright fix src/posts
  fastwright fix --only responses/raise-http-exception
  fastwright fix --unsafe --test "pytest -q"
  fastwright fix --env DATABASE_URL=sqlite://

Exit status: 0 nothing is left, 1 findings are left (see what is said of each), 2 could not run.
"""


@click.command(
    short_help="Mend what a review finds, and prove that it works as before.", epilog=_EPILOG
)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
@click.option(
    "--unsafe", is_flag=True, help="Make the fixes too that may change what the code does."
)
@click.option(
    "--only",
    metavar="NAME",
    multiple=True,
    help="Only these practices or topics (comma-separated or repeated).",
)
@click.option("--ignore", metavar="NAME", multiple=True, help="All but these practices or topics.")
@click.option("--allow-dirty", is_flag=True, help="Also mend files with uncommitted changes.")
@click.option(
    "--prove/--no-prove",
    default=None,
    help="Import the application before and after, and write only if its contract is the same. By"
    " default, if it can be imported; --prove and --app insist.",
)
@click.option(
    "--test",
    "tests",
    metavar="COMMAND",
    help='Run this before and after, in copies of the project: "pytest -q". What passed has to'
    " pass.",
)
@target.options
@click.option("--json", "as_json", is_flag=True, help="Tell it as JSON.")
def fix(
    *,
    paths: tuple[Path, ...],
    dry_run: bool,
    unsafe: bool,
    only: tuple[str, ...],
    ignore: tuple[str, ...],
    allow_dirty: bool,
    prove: bool | None,
    tests: str | None,
    app: str | None,
    python: Path | None,
    variables: tuple[str, ...],
    as_json: bool,
) -> None:
    """Mend what `fastwright review` finds in PATHs, by default in the whole project.

    The change is shown first. Then the application is imported before and after, in copies of the
    project and with the project's own Python, and compared: routes, parameters, answers,
    dependencies, middleware, tables. If anything is different that no fix means to change, nothing
    is written. Files are written all or none, whatever happens meanwhile.

    A fix touches nothing but what it has to: comments, formatting, line ends and encodings stay.
    Where it is not certain that a fix is right, there is none, and the finding stays.
    """
    gc.disable()
    from fastwright.reports import json
    from fastwright.reports.text import fix as text
    from fastwright.reports.text.progress import Progress
    from fastwright.verbs import fix as verb
    from fastwright.verbs.review import Options

    _refuse_senseless(tests, prove=prove)
    given = target.variables_of(variables)
    options = Options(only=names(only), ignore=names(ignore))

    def plan(spared: Mapping[str, str]) -> "Plan":
        try:
            with Progress() as watch:
                return verb.plan(paths, options, unsafe=unsafe, spared=spared, watch=watch)
        except OSError as error:
            raise NotReadError(f"{error.filename}: {error.strerror}.") from error

    def proven(planned: "Plan") -> "Plan":
        return verb.prove(
            planned,
            insist=prove or app is not None,
            reference=app,
            python=python,
            variables=given,
            tests=tests,
            say=_say,
        )

    planned = plan({})
    if not as_json:
        text.change(planned)
    if not (allow_dirty or dry_run):
        verb.refuse_dirty(planned)
    if prove is not False:
        planned = verb.narrow(proven(planned), plan, proven, _say)
    holds = planned.proof is None or planned.proof.holds
    if holds and not dry_run:
        planned = verb.apply(planned)
    if as_json:
        sys.stdout.write(json.text(json.fix(planned)))
    else:
        text.outcome(planned, dry_run=dry_run)
    click.get_current_context().exit(_status(planned))


def _refuse_senseless(tests: str | None, *, prove: bool | None) -> None:
    if prove is False and tests is not None:
        raise UsageError("--test is part of the proof: leave out --no-prove.")
    if tests is not None and not tests.strip():
        raise UsageError("--test is empty: give it a command.", suggestion='"pytest -q"')


def _say(said: str) -> None:
    sys.stderr.write(f"{said}\n")


def _status(planned: "Plan") -> int:
    """Return 1 as long as there is something that a review would find."""
    unwritten = bool(planned.fixed) and not planned.written
    return 1 if planned.left or unwritten else 0
