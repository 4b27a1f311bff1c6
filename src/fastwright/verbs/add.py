"""`add`: something whole into a project that is there. Planning writes nothing; `apply` does.

Each function returns the plan of one command, and first finishes what an interrupted run has left.
"""

from dataclasses import replace
from pathlib import Path

from fastwright.changes import history, journal
from fastwright.errors import ConflictsError
from fastwright.reviews import scope
from fastwright.scaffolds import plan as plans
from fastwright.scaffolds.clients import add_client
from fastwright.scaffolds.plan import Command, Plan

_CHECK = Command("make check", "format, lint, types, import contracts and tests")


def client(name: str, *, path: Path = Path(), within: Path | None = None) -> Plan:
    """Return the plan of a package for an outside HTTP service in the project around a path."""
    root = scope.find((path,), within).root
    recovered = journal.recover(root)
    planned = plans.plan(root, f"add client {name}", add_client(root, name))
    return replace(planned, next_commands=(_CHECK,), recovered=recovered)


def apply(plan: Plan) -> Plan:
    """Write all that is planned, or nothing, and remember it for `undo`; return the plan so.

    Raises `ConflictsError` if files are in the way, and as the journal does.
    """
    if plan.conflicts:
        raise ConflictsError(
            f"{', '.join(each.path for each in plan.conflicts)}: another content is there already."
            " Nothing was written.",
            suggestion="move it away, or choose another name",
        )
    if plan.rewrites:
        history.write(plan.root, plan.command, plan.rewrites)
    return replace(plan, written=True)
