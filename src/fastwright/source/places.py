"""Places in the reviewed files, as reports name them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere in a file: `path` relative to the reviewed root, lines and columns from 1."""

    path: str
    line: int
    column: int
    end_line: int
    symbol: str | None

    def step(self, text: str) -> "Step":
        """Return this place as a link of the evidence: `text` says what happens there."""
        return Step(self.path, self.line, text)


@dataclass(frozen=True, slots=True)
class Step:
    """One link of the evidence: a place, and what happens there."""

    path: str
    line: int
    text: str
