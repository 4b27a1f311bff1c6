"""What the tools ask of the verbs, as plain values; it runs in a process of its own."""

from collections.abc import Callable
from pathlib import Path

from fastwright.changes import journal
from fastwright.changes.journal import Rewrite
from fastwright.practice import Kind
from fastwright.projects.plan import Project, Step
from fastwright.reports import json
from fastwright.reports.json import Document
from fastwright.scaffolds.domain import Domain
from fastwright.scaffolds.language import parse
from fastwright.scaffolds.plan import Plan as Added
from fastwright.verbs import add as adding
from fastwright.verbs import contract as contracts
from fastwright.verbs import explain as explaining
from fastwright.verbs import fix as fixing
from fastwright.verbs import new as making
from fastwright.verbs import review as reviewing
from fastwright.verbs import undo as undoing
from fastwright.verbs.add import Target

Watch = Callable[[str, int, int], None]


def review(paths: tuple[Path, ...], options: reviewing.Options, watch: Watch) -> Document:
    """Return a review with the state of the files that it was made of, the most urgent first."""
    state = reviewing.state(paths, within=options.within)
    found = reviewing.review(paths, options, watch=watch)
    document = json.review(found)
    findings = document["findings"]
    if isinstance(findings, list):
        findings.sort(key=lambda finding: list(Kind).index(finding["kind"]))
    return {**document, "root": str(found.root), "state": state}


def model(path: Path, within: Path, watch: Watch) -> Document:
    """Return what is understood of an application, with the state of its files."""
    state = reviewing.state((path,), within=within)
    return {**reviewing.model((path,), within=within, watch=watch), "state": state}


def state(paths: tuple[Path, ...], within: Path, _watch: Watch) -> str:
    """Return the state of the files that a review of the paths would read."""
    return reviewing.state(paths, within=within)


def explain(
    words: str | None, paths: tuple[Path, ...] | None, within: Path | None, watch: Watch
) -> Document:
    """Return what answers a question, with places of the codebase where paths are given."""
    return json.answer(explaining.explain(words, paths=paths, within=within, watch=watch))


def contract(
    path: Path, within: Path, reference: str | None, diff: str | None, watch: Watch
) -> Document:
    """Return an application's contract, or what has changed in it since a revision."""
    target = contracts.target(path, reference=reference, within=within)
    described: Document = {"imported": target.reference, "python": str(target.python)}
    watch("importing", 0, 1)
    now = contracts.snapshot(target)
    if diff is None:
        return {**described, "routes": now["routes"], "changes": [], "summary": {}}
    before = contracts.at_revision(target, diff)
    return {**described, "routes": [], **json.comparison(contracts.compare(before, now))}


def fix(
    paths: tuple[Path, ...],
    options: reviewing.Options,
    unsafe: bool,
    allow_dirty: bool,
    watch: Watch,
) -> tuple[Document, Path, tuple[Rewrite, ...]]:
    """Return what would be mended, with the proof, and what is to be written where."""
    planned = fixing.plan(paths, options, unsafe=unsafe, watch=watch)
    if not allow_dirty:
        fixing.refuse_dirty(planned)
    watch("proving", 0, 1)
    planned = fixing.prove(planned)
    return json.fix(planned), planned.root, planned.rewrites


def write(root: Path, rewrites: tuple[Rewrite, ...], _watch: Watch) -> None:
    """Write all files, or none."""
    journal.write(root, rewrites)


def add_domain(wanted: Domain, target: Target, watch: Watch) -> tuple[Added, Document]:
    """Return the plan of a domain, as it is and as it is told."""
    return _told(adding.domain(wanted, target, watch=watch))


def add_field(
    domain: str, written: str, existing: str | None, target: Target, watch: Watch
) -> tuple[Added, Document]:
    """Return the plan of a field, likewise."""
    wanted = parse(written)
    return _told(adding.field(domain, wanted, target, existing_rows=existing, watch=watch))


def add_endpoint(
    domain: str, method: str, path: str, target: Target, _watch: Watch
) -> tuple[Added, Document]:
    """Return the plan of a route, likewise."""
    return _told(adding.endpoint(domain, method, path, target))


def add_client(name: str, target: Target, _watch: Watch) -> tuple[Added, Document]:
    """Return the plan of a client, likewise."""
    return _told(adding.client(name, target))


def apply_added(plan: Added, _watch: Watch) -> Document:
    """Carry out a plan of what is added."""
    return json.adding(adding.apply(plan))


def undo(path: Path, within: Path, carry_out: bool, _watch: Watch) -> Document:
    """Return what takes the last command back, or was."""
    found = undoing.plan(path, within=within)
    return json.undoing(undoing.apply(found) if carry_out else found)


def _told(plan: Added) -> tuple[Added, Document]:
    return plan, json.adding(plan)


def new(project: Project, watch: Watch) -> Document:
    """Make a planned project."""
    total = len(project.steps)
    done: list[str] = []

    def seen(step: Step) -> None:
        if step.name not in done:
            done.append(step.name)
        watch(step.name, len(done) - 1, total)

    return json.project(making.create(project, watch=seen))
