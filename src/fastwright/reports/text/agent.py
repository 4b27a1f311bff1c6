"""Text about what is put into a project for coding assistants."""

import difflib
from collections.abc import Iterator

from fastwright.agents import insertions, wording
from fastwright.agents.assistants import Assistant
from fastwright.agents.plan import Action, AgentPlan, Change
from fastwright.reports.text import terminal
from fastwright.reports.text.terminal import Line, plain

_STYLES = {
    Action.CREATE: "green",
    Action.CHANGE: "yellow",
    Action.REMOVE: "red",
    Action.IDENTICAL: "dim",
    Action.CONFLICT: "bold red",
}


def plan(shown: AgentPlan, *, done: bool) -> None:
    """Write a plan, or what was done of it."""
    terminal.write(_plan(shown, done=done))


def texts(assistants: tuple[Assistant, ...]) -> None:
    """Write all texts, with the files that they go to."""
    terminal.write(_texts(assistants))


def _plan(shown: AgentPlan, *, done: bool) -> Iterator[Line]:
    if not shown.assistants:
        yield plain("No assistant was found here: name one with --for, or take --all.")
        yield plain("These files many of them read:")
    there = [
        each
        for each in shown.changes
        if each.action is not Action.IDENTICAL or each.before is not None
    ]
    for change in there:
        note = f"  {change.note}" if change.note else ""
        action = (f"  {change.action:<9}  ", _STYLES[change.action])
        yield (action, (change.shown, ""), (note, "dim"))
    for change in shown.changes:
        if change.action is Action.CHANGE and not done:
            yield plain()
            yield from _difference(change)
    for change in shown.conflicts:
        yield plain()
        yield plain(f"{change.shown} was left alone. What belongs there:")
        yield from (plain(f"    {line}") for line in change.snippet.splitlines())
    if there:
        yield plain()
    yield plain(_closing(shown, done=done))


def _closing(shown: AgentPlan, *, done: bool) -> str:
    count = len(shown.writes)
    files = "1 file" if count == 1 else f"{count} files"
    if not count:
        return "Nothing is to be done."
    return f"{files} changed." if done else f"{files} would change; this was a dry run."


def _difference(change: Change) -> Iterator[Line]:
    before, after = (
        (each or b"").decode(errors="replace").splitlines()
        for each in (change.before, change.after)
    )
    lines = difflib.unified_diff(before, after, change.shown, change.shown, lineterm="", n=2)
    for line in lines:
        style = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1], "")
        yield ((line, style),)


def _texts(assistants: tuple[Assistant, ...]) -> Iterator[Line]:
    yield from _text("AGENTS.md", wording.section())
    yield from _text(".agents/skills/fastwright/SKILL.md", wording.skill())
    for each in assistants:
        yield from _text(each.agent, wording.agent(each))
        path = f"~/{each.server.path}" if each.server.home else each.server.path
        yield from _text(path, insertions.snippet(each.server))


def _text(path: str, text: str) -> Iterator[Line]:
    yield ((f"==> {path}", "bold"),)
    yield from (plain(line) for line in text.splitlines())
    yield plain()
