"""Text about what `add` writes, and `undo` takes back."""

from collections.abc import Iterable, Iterator

from fastwright.changes import diffs
from fastwright.changes.history import Undoing
from fastwright.changes.journal import Rewrite
from fastwright.reports import phrases
from fastwright.reports.text import terminal
from fastwright.reports.text.recovery import recovered
from fastwright.reports.text.terminal import CODE, Line, plain, printable
from fastwright.scaffolds.plan import Action, Command, Plan

_STYLES = {
    Action.CREATE: "green",
    Action.CHANGE: "yellow",
    Action.IDENTICAL: "dim",
    Action.CONFLICT: "bold red",
}
_LINES = {"+": "green", "-": "red", "@": "cyan"}


def plan(shown: Plan, *, dry_run: bool) -> None:
    """Write a plan, or what was done of it; a dry run shows every line of it."""
    terminal.write(_plan(shown, dry_run=dry_run))


def undoing(shown: Undoing) -> None:
    """Write what is taken back."""
    terminal.write(_undoing(shown))


def _plan(shown: Plan, *, dry_run: bool) -> Iterator[Line]:
    yield from recovered(shown.recovered)
    yield from _diffs(shown.rewrites if dry_run else ())
    yield from _diffs(each.rewrite for each in shown.conflicts)
    for entry in shown.entries:
        yield ((f"  {entry.action:<9}  ", _STYLES[entry.action]), (printable(entry.path), ""))
    yield plain()
    yield plain(_closing(shown))
    for note in shown.notes:
        yield plain(printable(note))
    yield from _left(shown)
    if not shown.conflicts and shown.rewrites:
        yield from _next(shown.next_commands, "Next:")


def _closing(shown: Plan) -> str:
    count = len(shown.rewrites)
    files = phrases.number(count, "file")
    if shown.conflicts:
        paths = phrases.number(len(shown.conflicts), "file has", "files have")
        return f"Nothing was written: {paths} another content. Move it away, or take another name."
    if not count:
        return "Nothing is to be written: all of it is there."
    if shown.written:
        return f"{files} written. `fastwright undo` takes them back."
    return f"{files} would be written; this was a dry run."


def _left(shown: Plan) -> Iterator[Line]:
    for snippet in shown.to_paste:
        yield plain()
        yield ((f"{printable(snippet.path)} is left to you. {printable(snippet.why)}", "yellow"),)
        yield plain("What belongs there:")
        yield from _code(snippet.text)
    for command in shown.to_run:
        yield plain()
        yield (("A command is left to you:", "yellow"),)
        yield plain(printable(f"    {command.line}"))
        yield plain("because")
        yield from _code(command.purpose)


def _next(commands: tuple[Command, ...], heading: str) -> Iterator[Line]:
    if not commands:
        return
    yield plain()
    yield plain(heading)
    width = max(len(each.line) for each in commands)
    for each in commands:
        yield plain(printable(f"  {each.line:<{width}}  {each.purpose}"))


def _undoing(shown: Undoing) -> Iterator[Line]:
    yield from recovered(shown.recovered)
    if not shown.written:
        yield from _diffs(shown.shown)
    for each in shown.shown:
        action, style = ("remove", "red") if each.after is None else ("restore", "yellow")
        yield ((f"  {action:<9}  ", style), (printable(each.path), ""))
    yield plain()
    done = "was undone." if shown.written else "would be undone; this was a dry run."
    yield plain(printable(f"`{shown.record.command}` {done}"))
    if any(b"\ndown_revision" in (each.before or b"") for each in shown.shown if not each.after):
        yield plain("A database that has its revision already cannot go on without it.")
        if shown.written:
            yield plain(
                "Add it once more, take the database back with `alembic downgrade -1`, undo."
            )
        else:
            yield plain("Take it back first: `alembic downgrade -1`.")


def _diffs(rewrites: Iterable[Rewrite]) -> Iterator[Line]:
    for rewrite in rewrites:
        for row in diffs.unified(rewrite):
            line = row.rstrip("\r\n")
            style = "bold" if line.startswith(("+++", "---")) else _LINES.get(line[:1], CODE)
            yield ((printable(line), style), ("", CODE))
        yield plain()


def _code(text: str) -> Iterator[Line]:
    for line in text.strip("\n").splitlines():
        yield ((printable(f"    {line}"), CODE),)
