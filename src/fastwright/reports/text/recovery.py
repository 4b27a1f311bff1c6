"""Text about a run that was interrupted, and what became of it."""

from collections.abc import Iterator

from fastwright.changes.journal import Recovered
from fastwright.reports import phrases
from fastwright.reports.text.terminal import Line, plain, printable


def recovered(found: Recovered | None) -> Iterator[Line]:
    """Yield what was found of an interrupted run, if there was one."""
    if found is None:
        return
    if not found.completed:
        yield plain("An interrupted run was found: it had written nothing.")
        return
    files = phrases.number(len(found.files), "file")
    yield plain(f"An interrupted run was found and completed: {files} written.")
    for path in found.changed:
        yield ((printable(f"Left as it is, because it has changed since: {path}"), "yellow"),)
