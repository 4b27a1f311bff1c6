"""`fastwright undo`."""

import sys
from pathlib import Path

import click

_EPILOG = """\
\b
Examples:
  fastwright undo --dry-run
  fastwright undo

Exit status: 0 done, 2 refused: nothing to undo, or files have changed since.
"""


@click.command(short_help="Take back what the last `add` has written.", epilog=_EPILOG)
@click.argument("path", type=click.Path(path_type=Path, exists=True), default=Path())
@click.option("--dry-run", is_flag=True, help="Show what would be taken back, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for errors too.")
def undo(*, path: Path, dry_run: bool, as_json: bool) -> None:
    """Take back the last command of `fastwright add` in the project around PATH.

    Files that it made go, and those that it changed get their old contents. If one of them has
    changed since, it is named and nothing is touched. Repeat it to walk further back.

    What commands wrote is remembered in .fastwright/, which git ignores. A database that already
    has a revision that goes has to be taken back first: alembic downgrade -1
    """
    from fastwright.reports import json
    from fastwright.reports.text import adding as text
    from fastwright.verbs import undo as verb

    found = verb.plan(path)
    if not dry_run:
        found = verb.apply(found)
    if as_json:
        sys.stdout.write(json.text(json.undoing(found)))
    else:
        text.undoing(found)
