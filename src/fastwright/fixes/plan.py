"""What would be mended, written and proven, and what would stay: plain values."""

from dataclasses import dataclass
from pathlib import Path

from fastwright.application.application import Application
from fastwright.changes.journal import Recovered, Rewrite
from fastwright.fixes.proof import Proof
from fastwright.practice import Effect, Finding


@dataclass(frozen=True, slots=True)
class Left:
    """A finding that stays, and why."""

    finding: Finding
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be mended, and written, and what would stay. `written` tells whether it was."""

    root: Path
    rewrites: tuple[Rewrite, ...]
    fixed: tuple[Finding, ...]
    left: tuple[Left, ...]
    effects: tuple[Effect, ...]
    recovered: Recovered | None
    # The application as it was read, to find what proves that it works as before.
    before: Application
    proof: Proof | None = None
    written: bool = False
