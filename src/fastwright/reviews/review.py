"""The result of a review, ready to be shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fastwright.practice import Finding, Kind, Place, Practice, Step
from fastwright.reviews.sources import Sources


@dataclass(frozen=True, slots=True)
class Failure:
    """A practice that broke down on this codebase: a fault of this program."""

    practice: str
    reason: str


@dataclass(frozen=True, slots=True)
class Dependency:
    """A node of an endpoint's dependency tree; `at` is unknown for a library's."""

    name: str
    at: Place | None
    dependencies: tuple["Dependency", ...] = ()


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One route with what it depends on, how much it reaches, and what stayed unknown in that."""

    methods: tuple[str, ...]
    path: str
    name: str
    at: Place
    dependencies: tuple[Dependency, ...]
    reached: int
    unknown: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """What was found below `root`, by which practices, and how much was understood.

    `counts` are the application's own: files, lines, functions, routes, calls, resolved,
    unresolved. `suppressed` findings were accepted by a comment, `accepted` ones by the baseline
    or, comparing with a revision, because they are as old as that; `stale` counts the baseline's
    entries that are not found any more. `paths` are what was asked for, all of the root if
    nothing; `partly_read` is the first line of each file that could not be parsed.
    """

    root: Path
    findings: tuple[Finding, ...]
    practices: Mapping[str, Practice]
    counts: Mapping[str, int]
    sources: Sources
    paths: tuple[str, ...] = ()
    unreadable: tuple[tuple[str, str], ...] = ()
    partly_read: tuple[Step, ...] = ()
    unknown: tuple[Step, ...] = ()
    failures: tuple[Failure, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    suppressed: int = 0
    accepted: int = 0
    stale: int = 0
    baseline_written: Path | None = None

    def number(self, kind: Kind) -> int:
        """Return how many findings of a kind there are; a grouped one is one."""
        return sum(each.kind is kind for each in self.findings)
