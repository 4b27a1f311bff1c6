"""Sentences that several reports share."""

from collections import Counter

from fastwright.practice import Finding, Kind, Safety
from fastwright.reviews.review import Review

_PLURALS = {
    Kind.DEFECT: ("defect", "defects"),
    Kind.RISK: ("risk", "risks"),
    Kind.PRACTICE: ("house practice", "house practices"),
}
_FIXES = {Safety.SAFE: "a safe fix is known", Safety.UNSAFE: "an unsafe fix is known"}
# How many of the paths that were asked for are named.
_MOST_PATHS = 3


def number(count: int, one: str, several: str | None = None) -> str:
    """Return `1 file`, `2 files`."""
    return f"{count:,} {one if count == 1 else several or f'{one}s'}"


def findings(review: Review) -> str:
    """Return how many findings there are of each kind: `2 defects and 1 risk`."""
    kinds = Counter(each.kind for each in review.findings)
    parts = [number(kinds[kind], *_PLURALS[kind]) for kind in Kind if kinds[kind]]
    return joined(parts) or "No findings"


def joined(parts: list[str]) -> str:
    """Return `a, b and c`."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def message(finding: Finding) -> str:
    """Return what a finding says, with how many further places it stands for."""
    if not finding.places:
        return finding.message
    return f"{finding.message} (and {number(len(finding.places), 'more place')})"


def fix(finding: Finding) -> str:
    """Return whether a fix is known; empty if not."""
    return _FIXES[finding.fix.safety] if finding.fix else ""


def looked_at(review: Review) -> str:
    """Return what the findings are of: `120 files with 40 routes`, or one endpoint's reach."""
    if review.endpoints:
        routes = sorted({f"{'|'.join(each.methods)} {each.path}" for each in review.endpoints})
        return f"what {joined(routes)} reaches"
    counts = review.counts
    files = number(counts.get("files", 0), "file")
    all_of_it = f"{files} with {number(counts.get('routes', 0), 'route')}"
    if not review.paths:
        return all_of_it
    several = len(review.paths) > _MOST_PATHS
    asked = f"{len(review.paths)} paths" if several else joined(list(review.paths))
    return f"{asked}, of {all_of_it}"


def set_aside(review: Review) -> list[str]:
    """Return what was found and is not shown, and why."""
    said = []
    if review.suppressed:
        said.append(f"{number(review.suppressed, 'finding')} accepted by comments.")
    if review.baseline_written:
        said.append(
            f"{_in_places(review.accepted)} are accepted from now on: {review.baseline_written}."
        )
    elif review.accepted:
        said.append(f"{_in_places(review.accepted)} are not new.")
    if review.stale:
        said.append(
            f"{number(review.stale, 'entry', 'entries')} of the baseline not found any more:"
            " --update-baseline removes them."
        )
    return said


def _in_places(count: int) -> str:
    """Return how many findings there are when a grouped one counts with each of its places."""
    return f"The findings in {number(count, 'place')}"


def unresolved(review: Review) -> str:
    """Return how many calls could not be followed, of those that may matter."""
    counts = review.counts
    of = counts.get("calls", 0)
    if not counts.get("routes", 0):
        return "No FastAPI route was found, and so nothing that follows from one."
    if not of:
        return "No route calls a function of the codebase."
    left = counts.get("unresolved", 0)
    return (
        f"Of {number(of, 'call')} that routes reach and the codebase may define,"
        f" {left:,} stayed unresolved ({left / of:.1%})."
    )
