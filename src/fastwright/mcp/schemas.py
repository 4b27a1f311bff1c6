"""What the tools answer with: the command line's own objects, described for models."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

Cut = Annotated[bool, Field(description="Whether it was too long, and lists and texts end early")]


class Step(BaseModel):
    """A place, and what happens there."""

    path: str
    line: int
    text: str


class Place(BaseModel):
    """A place in a file, and the function or class around it."""

    path: str
    line: int
    symbol: str | None


class Finding(BaseModel):
    """Where a codebase departs from a practice, with the evidence."""

    practice: str = Field(description="Ask `explain` about it")
    kind: str = Field(description="defect: wrong as written; risk: will hurt; practice: house way")
    path: str = Field(description="Relative to the reviewed root")
    line: int
    column: int
    end_line: int
    symbol: str | None
    message: str = Field(description="What to write instead, and why")
    chain: list[Step] = Field(description="How it comes to that, call by call")
    fix: str | None
    places: list[Place] = Field(description="Further places of the same, if they are grouped")
    more_places: int = 0
    cut: Cut = False


class Dependency(BaseModel):
    """A dependency of a route, with its own."""

    name: str
    at: Place | None
    dependencies: list["Dependency"]


class Endpoint(BaseModel):
    """A route with everything that it reaches."""

    methods: list[str]
    path: str
    name: str
    at: Place
    dependencies: list[Dependency]
    reached: int = Field(description="How many functions of the codebase it runs")
    unknown: list[Step] = Field(description="What could not be followed")
    cut: Cut = False


class ReviewAnswer(BaseModel):
    """A page of findings, the most urgent first; the summary is of all of them."""

    root: str = Field(description="The folder that paths are relative to")
    findings: list[Finding]
    total: int = Field(description="How many findings there are on all pages")
    by_practice: dict[str, int]
    summary: dict[str, Any]
    endpoints: list[Endpoint] = Field(default=[], description="Only where a route was asked for")
    next_cursor: str | None = Field(description="Give it back as `cursor` for the next page")


class ExplainAnswer(BaseModel):
    """Practices and patterns; `best` is told in full, with places of the codebase."""

    best: str | None
    practices: list[dict[str, Any]]
    patterns: list[dict[str, Any]]
    others: list[str] = Field(description="Names to ask for next")
    places: list[Step] = Field(description="Where the codebase does this, or departs from it")
    further_places: int
    codebase: dict[str, Any]
    cut: Cut = False


class ModelAnswer(BaseModel):
    """What is understood of an application: an overview, or a page of one section."""

    root: str
    sections: dict[str, int] = Field(description="How many items each section has")
    summary: dict[str, Any]
    entrypoint: str | None
    section: str | None = None
    items: list[Any]
    next_cursor: str | None


class ContractAnswer(BaseModel):
    """What can be observed of an application, or what has changed in it."""

    imported: str
    python: str = Field(description="What it was imported with")
    routes: list[dict[str, Any]] = Field(description="In the order of matching; not with `diff`")
    changes: list[dict[str, str]] = Field(
        description="weight: breaking for somebody, compatible, or internal"
    )
    summary: dict[str, int]
    more: int = Field(description="How many routes or changes are left out")


class File(BaseModel):
    """A file that is mended, or would be."""

    path: str = Field(description="Relative to the root")
    diff: str


class FixAnswer(BaseModel):
    """What is mended, or would be, and what stays."""

    root: str = Field(description="The folder that paths are relative to")
    written: bool
    fixed: dict[str, int] = Field(description="How many findings, by practice")
    files: list[File] = Field(description="What changes; long diffs are cut")
    left: dict[str, dict[str, int]] = Field(description="Why findings stay, and how many")
    proof: dict[str, Any] | None = Field(
        description="Whether the contract is the same before and after; null: nothing to prove"
    )
    recovered: dict[str, Any] | None = Field(description="What an interrupted run left, finished")
    plan_id: str | None = Field(description="Call again with it to write what is shown")
    cut: Cut = False


class Written(BaseModel):
    """A file that is written, or would be."""

    path: str = Field(description="Relative to the root")
    action: str = Field(description="create, change, identical, conflict; remove, restore by undo")
    diff: str


class AddAnswer(BaseModel):
    """What is added, or would be. What is left to paste or to run is part of the work."""

    root: str = Field(description="The folder that paths are relative to")
    command: str = Field(description="The same on a command line")
    written: bool
    files: list[Written] = Field(description="Long diffs are cut; a conflict stops all")
    to_paste: list[dict[str, str]] = Field(description="What could not be put in safely, and why")
    to_run: list[dict[str, str]] = Field(description="Commands that are left, and why")
    notes: list[str]
    next: list[str] = Field(description="Commands to run next")
    recovered: dict[str, Any] | None = Field(description="What an interrupted run left, finished")
    plan_id: str | None = Field(description="Call again with it to write what is shown")
    cut: Cut = False


class UndoAnswer(BaseModel):
    """What is taken back, or would be."""

    root: str
    command: str = Field(description="What is undone")
    written: bool
    files: list[Written]
    recovered: dict[str, Any] | None
    plan_id: str | None = Field(description="Call again with it to take back what is shown")
    cut: Cut = False


class NewAnswer(BaseModel):
    """A project, planned or made."""

    name: str
    path: str
    made: bool
    domains: dict[str, Any] = Field(
        description="Which are included, which of them were added for others, which are left out"
    )
    files: int
    folders: dict[str, int] = Field(description="How many files each top folder gets")
    steps: list[dict[str, Any]]
    next: list[str] = Field(description="Commands to run next")
    plan_id: str | None = Field(description="Call again with it to make what is planned")
