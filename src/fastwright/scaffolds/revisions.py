"""The revision in a plan: made in a copy of the project, or a command that is left to the user."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from fastwright.changes import copies
from fastwright.errors import MigrationError
from fastwright.scaffolds import autogenerate, servers
from fastwright.scaffolds.autogenerate import Revision
from fastwright.scaffolds.plan import Action, Command, Entry, Plan

_INI = "alembic.ini"
_VERSIONS = "alembic/versions"
_NUMBER = re.compile(r'^revision: str = "(\d{4})_', re.MULTILINE)


def of_the_house(
    plan: Plan,
    python: Path,
    *,
    message: str,
    slug: str,
    existing: Mapping[str, str] = MappingProxyType({}),
) -> Plan:
    """Return the plan for a project of ours with the revision for what it changes in the models.

    The project's own Python writes it, against servers of the project's own that are started for
    it and empty; `existing` is what rows get that are there, as in an `Outcome`. Where that does
    not work the plan says what is to be run instead.
    """
    if not plan.rewrites or plan.conflicts:
        return plan
    name = f"{_next_number(plan.root):04}_{slug}"
    with copies.copy(plan.root) as folder:
        copies.rewrite(folder, plan.rewrites)
        try:
            with servers.of_the_house(folder, python) as variables:
                revision = autogenerate.write(
                    folder,
                    python,
                    ini=_INI,
                    message=message,
                    name=name,
                    variables=variables,
                    existing=existing,
                )
        except MigrationError as error:
            left = Command(f'make revision MSG="{message}"', error.message)
            return replace(plan, to_run=(*plan.to_run, left))
    return plan if revision is None else _with(plan, revision)


def _with(plan: Plan, revision: Revision) -> Plan:
    entry = Entry(revision.path, Action.CREATE, None, revision.content)
    entries = sorted([*plan.entries, entry], key=lambda each: each.path)
    return replace(plan, entries=tuple(entries), tables=revision.tables)


def _next_number(root: Path) -> int:
    """Return the number behind that of the newest revision."""
    texts = (each.read_text("utf-8", "replace") for each in (root / _VERSIONS).glob("*.py"))
    numbers = [int(found[1]) for text in texts if (found := _NUMBER.search(text))]
    return max(numbers, default=0) + 1
