"""What a practice is, and what it finds: plain values, with no list of practices in them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from fastwright.source.edits import Edit
from fastwright.source.importing import Import
from fastwright.source.places import Place, Step

if TYPE_CHECKING:
    from fastwright.application.application import Application

__all__ = [
    "Clean",
    "Edit",
    "Effect",
    "Example",
    "Explanation",
    "Files",
    "Finding",
    "Fix",
    "Fixed",
    "Flagged",
    "Import",
    "Kind",
    "Part",
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


class Part(StrEnum):
    """A part of the application's contract that a fix may mean to change."""

    ASYNC = "async"  # whether a function is run in a thread: its name
    DEFAULT = "default"  # the default of a field or parameter: its name
    DEPENDENCY = "dependency"  # that a function is a dependency: its name
    LIFESPAN = "lifespan"  # what runs at start-up and shutdown: no name
    ORDER = "order"  # which route is tried first: the name of its function
    CONSTRAINT_NAMES = "constraint names"  # of tables: no name


@dataclass(frozen=True, slots=True, order=True)
class Effect:
    """What a fix means to change of the contract; everything else has to stay as it is."""

    part: Part
    name: str = ""


@dataclass(frozen=True, slots=True)
class Fix:
    """The edits that cure one finding, all of them or none.

    `imports` are what their new text needs, with the path of the file: they are added where they
    are missing, and imports that the edits leave unused are removed.
    """

    safety: Safety
    edits: tuple[Edit, ...]
    imports: tuple[tuple[str, Import], ...] = ()
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A place that departs from a practice, with the evidence."""

    at: Place
    message: str
    chain: tuple[Step, ...] = ()
    # Further places of the same thing.
    places: tuple[Place, ...] = ()
    # None where no fix is known, or a precondition of it is not proven.
    fix: Fix | None = None
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
    """Code with findings, marked as in `Flagged`, and what its fixes make of it.

    Of a practice without fixes, `after` is the same code as a person would mend it.
    """

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
    # Whether the check goes from function to function: those that do share most of their work.
    follows_calls: bool = False
