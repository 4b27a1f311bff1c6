"""`fastwright review`."""

import gc
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fastwright.errors import InternalError, NotReadError, UsageError

if TYPE_CHECKING:
    from fastwright.practice import Kind
    from fastwright.reviews.review import Review

_EPILOG = """\
\b
Examples:
  fastwright review
  fastwright review --route "POST /posts"
  fastwright review --diff origin/main --format github
  fastwright review --only security,database/no-query-in-loop src/posts
  fastwright review --baseline baseline.json

\b
Accept one finding where it stands:
  time.sleep(1)  # fastwright: ignore[async_routes/no-blocking-call] the demo only

Exit status: 0 nothing found, 1 findings, 2 could not run.
"""


_FORMATS = ("text", "json", "sarif", "github", "markdown")


@click.command(short_help="Say what is wrong in a FastAPI codebase.", epilog=_EPILOG)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--route",
    metavar="ROUTE",
    help='One endpoint with everything it reaches: "POST /posts". Shows its dependency tree, its'
    " findings and what stayed unknown.",
)
@click.option(
    "--only",
    metavar="NAME",
    multiple=True,
    help="Only these practices or topics (comma-separated or repeated).",
)
@click.option("--ignore", metavar="NAME", multiple=True, help="All but these practices or topics.")
@click.option(
    "--kind", metavar="KIND", multiple=True, help="Only defect, risk or practice findings."
)
@click.option(
    "--diff", metavar="REV", help="Only what came in since a revision of git, wherever it shows."
)
@click.option(
    "--baseline",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Report only what FILE does not accept. A missing FILE is written and accepts what is"
    " found today.",
)
@click.option(
    "--update-baseline", is_flag=True, help="Write the baseline anew from today's findings."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    default="text",
    show_default=True,
    help="How findings are shown.",
)
@click.option(
    "--model",
    "as_model",
    is_flag=True,
    help="Show what was understood of the application, and what was not, as JSON.",
)
def review(
    *,
    paths: tuple[Path, ...],
    route: str | None,
    only: tuple[str, ...],
    ignore: tuple[str, ...],
    kind: tuple[str, ...],
    diff: str | None,
    baseline: Path | None,
    update_baseline: bool,
    form: str,
    as_model: bool,
) -> None:
    """Read a FastAPI codebase across its files and say, with proof, what is wrong.

    PATHs are files and folders to report on; the whole project around them is read. Without any,
    it is the project around the working directory.

    Imports, calls and dependencies are followed through the whole project; nothing of it is
    imported or run. What could not be followed is counted and said, never guessed.

    Defects are wrong as written, risks will hurt under load, growth or attack, and practices are
    house ways: of these, one finding stands for all places of its kind in a folder. `fastwright
    explain NAME` tells more about each. Settings are read from [tool.fastwright] in pyproject.toml:
    only, ignore, kind, exclude and baseline.
    """
    # Millions of objects that live until the end: looking for garbage doubles the time.
    gc.disable()
    from fastwright.reports import json
    from fastwright.reports.text.progress import Progress
    from fastwright.verbs import review as verb

    _refuse_empty({"--route": route, "--diff": diff, "--only": names(only), "--kind": names(kind)})
    if as_model and (route or diff or baseline or form not in {"text", "json"}):
        raise UsageError(
            "--model is JSON and shows all of the application: leave out --route, --diff,"
            " --baseline and --format."
        )
    options = verb.Options(
        only=names(only),
        ignore=names(ignore),
        kinds=_kinds(kind),
        route=route,
        diff=diff,
        baseline=baseline,
        update_baseline=update_baseline,
    )
    try:
        with Progress() as watch:
            if as_model:
                understood = verb.model(paths, watch=watch)
            else:
                found = verb.review(paths, options, watch=watch)
    except OSError as error:
        raise NotReadError(f"{error.filename}: {error.strerror}.") from error
    gc.freeze()  # At the end Python would look for garbage once more, however long it takes.
    if as_model:
        sys.stdout.write(json.text(understood))
        return
    _show(found, form)
    if found.failures:
        _fail(InternalError(_failures(found)), form)
    click.get_current_context().exit(1 if found.findings else 0)


def _fail(error: InternalError, form: str) -> None:
    """Say that the findings are not complete, beside a document that says it by itself too."""
    if form != "json":
        raise error
    from fastwright.reports.text import problem

    problem.error(error)
    click.get_current_context().exit(error.exit_status)


def _show(found: "Review", form: str) -> None:
    inside = _prefix(found.root)
    match form:
        case "json":
            from fastwright.reports import json

            sys.stdout.write(json.text(json.review(found)))
        case "sarif":
            from fastwright.reports import sarif

            sys.stdout.write(sarif.review(found, inside))
        case "github":
            from fastwright.reports import github

            sys.stdout.write(github.review(found, inside))
        case "markdown":
            from fastwright.reports import markdown

            sys.stdout.write(markdown.review(found, inside))
        case _:
            from fastwright.reports.text import review as text

            text.show(found, _from_here(found.root))


def _prefix(root: Path) -> str:
    """Return what leads from the working directory to a root in it; elsewhere, nothing does."""
    here = Path.cwd()
    inside = root.is_relative_to(here) and root != here
    return f"{root.relative_to(here).as_posix()}/" if inside else ""


def _from_here(root: Path) -> Callable[[str], str]:
    """Return how a path below the root is written for somebody in the working directory."""
    here = Path.cwd()
    if here != root and here.is_relative_to(root):
        return lambda path: Path(os.path.relpath(root / path, here)).as_posix()
    prefix = _prefix(root) if root.is_relative_to(here) else f"{root.as_posix()}/"
    return lambda path: f"{prefix}{path}"


def _refuse_empty(options: Mapping[str, str | tuple[str, ...] | None]) -> None:
    """Refuse what a variable of a script left empty: it would silently mean everything."""
    for option, value in options.items():
        if value is not None and not value:
            raise UsageError(f"{option} is empty: give it a value, or leave it out.")


def names(given: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the names that were given, each by an option of its own or with commas between."""
    names = [name.strip() for each in given for name in each.split(",")]
    return tuple(filter(None, names)) if given else None


def _kinds(given: tuple[str, ...]) -> "tuple[Kind, ...] | None":
    from fastwright.practice import Kind

    chosen = names(given)
    for name in chosen or ():
        if name not in set(Kind):
            raise UsageError(f"There is no kind “{name}”.", suggestion=f"one of {', '.join(Kind)}")
    return None if chosen is None else tuple(Kind(name) for name in chosen)


def _failures(found: "Review") -> str:
    reasons = "; ".join(f"{each.practice}: {each.reason}" for each in found.failures)
    return f"A check failed, so the findings are not complete. {reasons}. Please report this."
