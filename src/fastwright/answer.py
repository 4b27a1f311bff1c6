"""The answer to a question about practices and patterns, ready to be shown."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastwright.pattern import Pattern
from fastwright.practice import Practice, Step


@dataclass(frozen=True, slots=True)
class Answer:
    """What is told: `best` names the one that is told in full, None where none stands out.

    Where none does although something was asked, `others` are what comes near.

    `places` are where the codebase does what the best one is about, `further` how many more there
    are, and `unread` why the codebase could not be looked at.
    """

    practices: Mapping[str, Practice]
    patterns: Mapping[str, Pattern]
    best: str | None = None
    # For each part of the best pattern, the code that shows it.
    examples: tuple[str, ...] = ()
    places: tuple[Step, ...] = ()
    further: int = 0
    looked: bool = False
    unread: str | None = None
    # Further answers, the nearest first.
    others: tuple[str, ...] = ()
