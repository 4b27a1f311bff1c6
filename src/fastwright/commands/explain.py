"""`fastwright explain`."""

import gc
import os
import sys
from pathlib import Path

import click

_EPILOG = """\
\b
Examples:
  fastwright explain async_routes/no-blocking-call
  fastwright explain auth-dependencies
  fastwright explain "How should I paginate lists?"
"""

# What makes a folder a project, as for a review.
_MARKS = ("pyproject.toml", ".git")


@click.command(short_help="Answer questions on practices and patterns.", epilog=_EPILOG)
@click.argument("words", nargs=-1, metavar="[WORDS]...")
@click.option(
    "--path",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Show the places of this codebase; by default, of the one around the working directory.",
)
@click.option("--no-codebase", is_flag=True, help="Look at no codebase.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for errors too.")
def explain(words: tuple[str, ...], path: Path | None, no_codebase: bool, as_json: bool) -> None:
    """Tell how something is done well in FastAPI, and why; without WORDS, list all there is.

    WORDS name a practice such as async_routes/no-blocking-call, as findings show it, a topic such
    as async_routes, or a pattern such as auth-dependencies; or they are a question. Patterns show
    code of the project that `fastwright new` makes. Inside a codebase its own places are shown too.
    """
    from fastwright.reports import json
    from fastwright.reports.text import explanation as text
    from fastwright.reports.text.progress import Progress
    from fastwright.verbs import explain as verb

    gc.disable()  # as in a review
    asked = " ".join(words) or None
    paths = None if no_codebase or asked is None else _codebase(path)
    with Progress() as watch:
        answer = verb.explain(asked, paths=paths, watch=watch)
    gc.freeze()
    if as_json:
        sys.stdout.write(json.text(json.answer(answer)))
    else:
        text.show(answer)


def _codebase(path: Path | None) -> tuple[Path, ...] | None:
    """Return where to look, if there is a project around the working directory.

    Whoever keeps all of a home folder in a repository does not want to have it read.
    """
    if path is not None:
        return (path,)
    here = Path.cwd()
    marked = (each for each in (here, *here.parents) if any((each / m).exists() for m in _MARKS))
    root = next(marked, None)
    return None if root is None or str(root) == os.environ.get("HOME") else (root,)
