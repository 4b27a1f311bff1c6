"""A project before and after it is made: plain values, shared by the verbs and the reports."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath

from fastwright.projects.domains import Selection


@dataclass(frozen=True)
class ProjectFile:
    """One file of a project: where it goes, what it holds, and the mode it is created with."""

    path: PurePosixPath
    content: bytes
    mode: int


class Outcome(StrEnum):
    """How a step stands."""

    PLANNED = "planned"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True)
class Step:
    """One step of making a project, and a few words on it: what it does, did, or why it did not."""

    name: str
    outcome: Outcome
    detail: str


@dataclass(frozen=True)
class Command:
    """A command to type next, and what it does."""

    line: str
    purpose: str


@dataclass(frozen=True)
class Project:
    """A project, planned or made: `steps` tell which of the two."""

    name: str
    path: Path
    domains: Selection
    files: tuple[ProjectFile, ...]
    steps: tuple[Step, ...]
    next_commands: tuple[Command, ...]
