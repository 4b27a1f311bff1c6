"""What would be done to the files that assistants read: plain values."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Action(StrEnum):
    """What happens to a file."""

    CREATE = "create"
    CHANGE = "change"
    REMOVE = "remove"
    IDENTICAL = "identical"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Change:
    """One file: what it holds now and afterwards, None where it is not there.

    `shown` is its path as a person would write it; `note` says why there is a conflict, and
    `snippet` what to put there by hand.
    """

    path: Path
    shown: str
    action: Action
    before: bytes | None = None
    after: bytes | None = None
    note: str = ""
    snippet: str = ""


@dataclass(frozen=True, slots=True)
class AgentPlan:
    """All changes for the assistants that were found or named."""

    root: Path
    assistants: tuple[str, ...]
    changes: tuple[Change, ...]

    @property
    def writes(self) -> tuple[Change, ...]:
        """Return the changes that touch a file."""
        return tuple(
            each
            for each in self.changes
            if each.action in {Action.CREATE, Action.CHANGE, Action.REMOVE}
        )

    @property
    def conflicts(self) -> tuple[Change, ...]:
        """Return the files that are left alone because they are somebody else's."""
        return tuple(each for each in self.changes if each.action is Action.CONFLICT)
