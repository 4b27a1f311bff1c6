"""What a practice is, and what it finds: plain values, with no list of practices in them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from fastwright.source.places import Place, Step

if TYPE_CHECKING:
    from fastwright.application.application import Application

__all__ = [
    "Clean",
    "Example",
    "Explanation",
    "Files",
    "Finding",
    "Fixed",
    "Flagged",
    "Kind",
    "Place",
    "Practice",
    "Safety",
    "Step",
]


class Kind(StrEnum):
    """How much a finding matters."""

    DEFECT = "defect"
    RISK = "risk"
    PRACTICE = "practice"


class Safety(StrEnum):
    """Whether a fix may be made without being asked for by name."""

    SAFE = "safe"
    UNSAFE = "unsafe"


@dataclass(frozen=True, slots=True)
class Finding:
    """A place that departs from a practice, with the evidence."""

    at: Place
    message: str
    chain: tuple[Step, ...] = ()
    # Further places of the same thing.
    places: tuple[Place, ...] = ()
    fix: Safety | None = None
    # The practice's name and kind are stamped on by the catalogue.
    practice: str = ""
    kind: Kind = Kind.PRACTICE


@dataclass(frozen=True, slots=True)
class Explanation:
    """The parts that every explanation has; `bad` and `good` are code."""

    rule: str
    why: str
    bad: str
    good: str
    when_not: str
    fix_safety: str
    # Title of a document → its address.
    references: Mapping[str, str] = field(default_factory=dict)


Files = str | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Clean:
    """Code with nothing to find: one file (`app.py`), or several by path."""

    title: str
    files: Files


@dataclass(frozen=True, slots=True)
class Flagged:
    """Code with findings, each on a line that ends in the comment `# <- here`."""

    title: str
    files: Files


@dataclass(frozen=True, slots=True)
class Fixed:
    """Code with findings, marked as in `Flagged`, and the same code without."""

    title: str
    before: Files
    after: Files


Example = Clean | Flagged | Fixed


@dataclass(frozen=True, slots=True)
class Practice:
    """One thing that a good FastAPI codebase does."""

    kind: Kind
    explanation: Explanation
    check: "Callable[[Application], Iterator[Finding]]"
    examples: tuple[Example, ...]
