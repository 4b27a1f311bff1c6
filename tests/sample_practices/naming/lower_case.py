"""naming/lower-case: functions with capitals in their names."""

from collections.abc import Iterator

from fastwright.application.application import Application
from fastwright.practice import Explanation, Finding, Kind, Practice


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each function."""
    for function in application.codebase.functions:
        if not function.is_module and function.name != function.name.lower():
            yield Finding(function.module.place(function.node), f"Rename `{function.name}`.")


PRACTICE = Practice(
    kind=Kind.PRACTICE,
    explanation=Explanation(
        rule="Functions have lower-case names.",
        why="Capitals shout.",
        bad="def Shout(): ...\n",
        good="def whisper(): ...\n",
        when_not="Never mind.",
        fix_safety="There is no fix.",
    ),
    check=check,
    examples=(),
)
