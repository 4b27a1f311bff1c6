"""Text about fixes: the change as a diff, then what was proven, written, and what stays."""

from collections import Counter
from collections.abc import Iterator

from fastwright.changes import diffs
from fastwright.fixes.plan import Plan
from fastwright.fixes.proof import Proof
from fastwright.reports import phrases
from fastwright.reports.text import terminal
from fastwright.reports.text.recovery import recovered
from fastwright.reports.text.terminal import CODE, Line, plain, printable

_STYLES = {"+": "green", "-": "red", "@": "cyan"}
# How many of what is left are listed for each reason, and how many tests.
_MOST = 12
_LAST_LINES = 20
_REQUIREMENTS = ("pyproject.toml", ".txt")


def change(plan: Plan) -> None:
    """Write the diff, and what is mended by it."""
    terminal.write(_change(plan))


def outcome(plan: Plan, *, dry_run: bool) -> None:
    """Write what came of it."""
    terminal.write(_outcome(plan, dry_run=dry_run))


def _change(plan: Plan) -> Iterator[Line]:
    yield from recovered(plan.recovered)
    for rewrite in plan.rewrites:
        for row in diffs.unified(rewrite):
            line = row.rstrip("\r\n")
            style = "bold" if line.startswith(("+++", "---")) else _STYLES.get(line[:1], CODE)
            yield ((printable(line), style), ("", CODE))
    if plan.rewrites:
        yield plain()
    for name, count in sorted(Counter(each.practice for each in plan.fixed).items()):
        yield ((f"{count:5} ", "bold"), (name, ""))


def _outcome(plan: Plan, *, dry_run: bool) -> Iterator[Line]:
    if plan.proof is not None:
        yield from _proof(plan.proof)
    files = phrases.number(len(plan.rewrites), "file")
    mended = phrases.number(len(plan.fixed), "finding")
    if not plan.fixed:
        yield (("Nothing to mend.", "bold"),)
    elif plan.written:
        yield ((f"Mended {mended} in {files}.", "bold green"),)
        if any(each.path.endswith(_REQUIREMENTS) for each in plan.rewrites):
            yield plain("Requirements may have changed: install them, and write lock files anew.")
    elif dry_run:
        yield ((f"Would mend {mended} in {files}.", "bold"),)
    else:
        yield (("Nothing was written.", "bold red"),)
    yield from _left(plan)


def _proof(proof: Proof) -> Iterator[Line]:
    if proof.unproven:
        yield (("Not proven, because the application was not imported:", "yellow"),)
        yield from _indented(proof.unproven)
    if proof.contract is not None:
        if proof.contract.changes:
            yield (("The contract would change in what no fix means to change:", "bold red"),)
            for each in proof.contract.changes:
                yield plain(printable(f"  {each.where}: {each.what} ({each.weight})"))
        else:
            yield (("Proven: the contract is the same.", "green"),)
    yield from _tests(proof)


def _tests(proof: Proof) -> Iterator[Line]:
    if proof.tests is not None:
        yield plain(f"{phrases.number(proof.tests, 'test')} passed before and after.")
    if proof.unsteady:
        yield plain(f"{phrases.number(len(proof.unsteady), 'test')} came out by chance.")
    if proof.broken:
        yield (("These passed before, and do not with what is mended:", "bold red"),)
        for name in proof.broken[:_MOST]:
            yield from _indented(name)
        if len(proof.broken) > _MOST:
            yield plain(f"  … and {phrases.number(len(proof.broken) - _MOST, 'more test')}")
        for line in proof.said.splitlines()[-_LAST_LINES:]:
            yield ((printable(f"  │ {line}"), "dim"),)


def _indented(text: str) -> Iterator[Line]:
    """Yield what may have several lines, such as how an import failed."""
    for line in text.splitlines():
        yield plain(printable(f"  {line}"))


def _left(plan: Plan) -> Iterator[Line]:
    if not plan.left:
        return
    yield plain(f"{phrases.number(len(plan.left), 'finding')} left:")
    reasons: dict[str, list[str]] = {}
    for each in plan.left:
        reasons.setdefault(each.why, []).append(each.finding.practice)
    for why, practices in sorted(reasons.items()):
        yield plain(printable(f"  {why}"))
        for name, count in sorted(Counter(practices).items()):
            yield ((f"  {count:5} {name}", "dim"),)
