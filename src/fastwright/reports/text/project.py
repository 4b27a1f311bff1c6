"""Text for people: coloured by Rich on a terminal, plain where it is piped."""

import sys

from fastwright.errors import FastwrightError
from fastwright.projects.plan import Outcome, Project, Step

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
    for step in project.steps:
        _print(*_step(step))


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


def error(shown: FastwrightError) -> None:
    """Show an error, on standard error."""
    hint = f" Try: {shown.suggestion}" if shown.suggestion else ""
    sys.stderr.write(f"{shown.message}{hint}\n")


def _step(shown: Step) -> tuple[str, str]:
    return f"  {shown.outcome:<8} {shown.name:<12} {shown.detail}", _STYLES[shown.outcome]


def _print(line: str, style: str = "") -> None:
    if not sys.stdout.isatty():
        sys.stdout.write(f"{line}\n")
        return
    # Only a terminal needs Rich, and importing it takes longer than making a project.
    from rich.console import Console

    Console(soft_wrap=True, highlight=False).print(line, style=style, markup=False)
