"""Text about a review: by practice, the worst first, each finding with its evidence."""

import re
from collections.abc import Iterator

from fastwright.practice import Finding, Kind, Place, Step
from fastwright.reports import phrases
from fastwright.reports.text import endpoint, terminal
from fastwright.reports.text.terminal import Line, PathShown, plain, printable, width
from fastwright.reviews.review import Review

_STYLES = {Kind.DEFECT: "bold red", Kind.RISK: "bold yellow", Kind.PRACTICE: "bold cyan"}
_NAME = re.compile(r"[\w.]+|")
_WIDTH = 96
# From more findings on, the end shows how many there are of each practice.
_MANY = 20
# How many files of a grouped finding or with faults, and how many unknown things, are listed.
_MOST_FILES = 12
_MOST_UNKNOWN = 8


def show(review: Review, shown: PathShown = str) -> None:
    """Write a review; `shown` makes paths from the reviewed root what the reader is shown."""
    terminal.write(_lines(review, shown))


def _lines(review: Review, shown: PathShown) -> Iterator[Line]:
    for each in review.endpoints:
        yield from endpoint.lines(each, shown)
    for name in _by_weight(review):
        found = [each for each in review.findings if each.practice == name]
        yield from _heading(review, name, found)
        for finding in found:
            yield from _finding(review, finding, shown)
    if len(review.findings) > _MANY:
        yield from _overview(review)
    yield from _closing(review, shown)


def _by_weight(review: Review) -> list[str]:
    """Return the practices with findings: defects, then risks, then house practices."""
    ranks = list(Kind)
    names = {each.practice: ranks.index(each.kind) for each in review.findings}
    return sorted(names, key=lambda name: (names[name], name))


def _overview(review: Review) -> Iterator[Line]:
    """Show how many findings there are of each practice, and at how many places."""
    names = _by_weight(review)
    longest = max(map(len, names))
    for name in names:
        found = [each for each in review.findings if each.practice == name]
        places = len(found) + sum(len(each.places) for each in found)
        kind = found[0].kind
        yield (
            (f"  {len(found):>5}  ", ""),
            (f"{kind:<8}", _STYLES[kind]),
            (f"  {name:<{longest}}" if places > len(found) else f"  {name}", ""),
            (f"  {places:>5} places" if places > len(found) else "", "dim"),
        )
    yield plain()


def _heading(review: Review, name: str, found: list[Finding]) -> Iterator[Line]:
    kind = found[0].kind
    yield (
        (kind, _STYLES[kind]),
        ("  ", ""),
        (name, "bold"),
        (f"  {phrases.number(len(found), 'finding')}", "dim"),
    )
    yield plain(review.practices[name].explanation.rule)
    yield ((f"More: fastwright explain {name}", "dim"),)
    yield plain()


def _finding(review: Review, finding: Finding, shown: PathShown) -> Iterator[Line]:
    at = finding.at
    symbol = f"  in {at.symbol}" if at.symbol else ""
    yield (
        ("  ", ""),
        (printable(f"{shown(at.path)}:{at.line}:{at.column}"), "underline"),
        (printable(symbol), "dim"),
    )
    fix = phrases.fix(finding)
    yield ((f"  {printable(finding.message)}", ""), (f" ({fix})" if fix else "", "dim"))
    yield from _source(review, at)
    yield from _chain(finding.chain, shown, " " * len(str(at.line)))
    yield from _places(finding.places, shown)
    yield plain()


def _source(review: Review, at: Place) -> Iterator[Line]:
    line = review.sources.line(at.path, at.line)
    text = line.lstrip()
    if not text:
        return
    column = max(at.column - 1 - (len(line) - len(text)), 0)
    name = _NAME.match(text, column)
    length = max(len(name.group()) if name else 0, 1)
    start = max(column - _WIDTH // 2, 0) if column + length > _WIDTH else 0
    before = " " * width(printable(text[start:column]))
    number = str(at.line)
    yield ((f"  {number} │ ", "dim"), (printable(text[start : start + _WIDTH]), ""))
    yield ((f"  {' ' * len(number)} │ ", "dim"), (before + "^" * min(length, _WIDTH), "bold"))


def _chain(chain: tuple[Step, ...], shown: PathShown, margin: str) -> Iterator[Line]:
    """Show the steps as a tree: each hangs on the one that led to it."""
    for depth, step in enumerate(chain):
        indent = " " * min(3 * depth, 30)
        yield (
            (f"  {margin} {indent}└─ ", "dim"),
            (printable(step.text), ""),
            (printable(f"  {shown(step.path)}:{step.line}"), "dim"),
        )


def _places(places: tuple[Place, ...], shown: PathShown) -> Iterator[Line]:
    if not places:
        return
    yield plain(f"  And at {phrases.number(len(places), 'more place')}:")
    files: dict[str, list[int]] = {}
    for place in places:
        files.setdefault(place.path, []).append(place.line)
    for path, lines in list(files.items())[:_MOST_FILES]:
        numbers = ", ".join(map(str, sorted(set(lines))))
        yield ((printable(f"    {shown(path)}:{numbers}"), "dim"),)
    if len(files) > _MOST_FILES:
        yield ((f"    … and {phrases.number(len(files) - _MOST_FILES, 'more file')}", "dim"),)


def _closing(review: Review, shown: PathShown) -> Iterator[Line]:
    style = "bold" if review.findings else "bold green"
    yield ((printable(f"{phrases.findings(review)} in {phrases.looked_at(review)}."), style),)
    for said in phrases.set_aside(review):
        yield plain(printable(said))
    if not review.endpoints:
        yield from _unknown(review, shown)
    yield from _damaged(review, shown)


def _damaged(review: Review, shown: PathShown) -> Iterator[Line]:
    """Say which files were read in part, or not at all."""
    left_out = [f"Left out: {shown(path)}: {reason}" for path, reason in review.unreadable]
    partly = [
        f"Partly read: {shown(step.path)}:{step.line} {step.text}" for step in review.partly_read
    ]
    for said in (left_out, partly):
        for line in said[:_MOST_FILES]:
            yield ((printable(line), "yellow"),)
        if len(said) > _MOST_FILES:
            what, _, _ = said[0].partition(":")
            more = phrases.number(len(said) - _MOST_FILES, "more file")
            yield ((f"{what}: {more}; --format json has all", "yellow"),)


def _unknown(review: Review, shown: PathShown) -> Iterator[Line]:
    """Say what could not be followed; an endpoint has said its own."""
    yield ((phrases.unresolved(review), "dim"),)
    for step in review.unknown[:_MOST_UNKNOWN]:
        yield ((printable(f"Unknown: {shown(step.path)}:{step.line} {step.text}"), "dim"),)
    if len(review.unknown) > _MOST_UNKNOWN:
        more = len(review.unknown) - _MOST_UNKNOWN
        yield ((f"Unknown: {phrases.number(more, 'more thing')}; --format json has all", "dim"),)
