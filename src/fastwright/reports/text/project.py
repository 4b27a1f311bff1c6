"""Text about a project that is planned or made."""

import sys

from fastwright.projects.domains import Selection
from fastwright.projects.plan import Outcome, Project, Step
from fastwright.reports.phrases import joined
from fastwright.reports.text import terminal

_STYLES = {
    Outcome.PLANNED: "cyan",
    Outcome.DONE: "green",
    Outcome.SKIPPED: "yellow",
    Outcome.FAILED: "bold red",
}


def plan(project: Project) -> None:
    """Show what would be made."""
    _print(f"{project.path} would be created; nothing is written.\n")
    for file in project.files:
        _print(f"  {file.path}")
    _print("")
    domains(project.domains)
    for step in project.steps:
        _print(*_step(step))


def domains(shown: Selection) -> None:
    """Show which domains a project has, because of whom, and which it goes without."""
    _print(f"  with     {joined(list(shown.included))}")
    for name, by in shown.added.items():
        _print(
            f"           {name} was added: {joined(list(by))} {'need' if by[1:] else 'needs'} it"
        )
    if shown.left_out:
        _print(f"  without  {joined(list(shown.left_out))}")


def step(shown: Step) -> None:
    """Show a step: on a terminal also while it is under way."""
    if shown.outcome is not Outcome.PLANNED:
        _print(*_step(shown))
    elif sys.stdout.isatty():
        sys.stdout.write(f"  {'…':<8} {shown.name}\r")
        sys.stdout.flush()


def made(project: Project) -> None:
    """Show what to do with a project that was made."""
    _print(f"\n{project.path} is ready. Next:\n")
    width = min(24, max(len(command.line) for command in project.next_commands))
    for command in project.next_commands:
        _print(f"  {command.line:<{width}}  {command.purpose}")


def _step(shown: Step) -> tuple[str, str]:
    return f"  {shown.outcome:<8} {shown.name:<12} {shown.detail}", _STYLES[shown.outcome]


def _print(line: str, style: str = "") -> None:
    terminal.write([((line, style),)])
