"""Comments that accept a finding: `# fastwright: ignore[topic/name] reason`.

A comment speaks of the statement on whose lines it stands; alone on its line, of the next one.
The statement of a function or class goes from its decorators to the colon, not into its body.
"""

import difflib
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace

from fastwright.practice import Explanation, Finding, Kind, Place, Practice
from fastwright.reviews.sources import Sources

NAME = "fastwright/unused-ignore"

_FORM = re.compile(r"#\s*fastwright:\s*(?P<word>\w+)(?:\s*\[(?P<names>[^\]]*)\])?")
_DEFINITION = re.compile(r"\s*(async\s+def|def|class)\b")
_HEADER_END = re.compile(r":\s*(#.*)?$")
# How like `ignore` a word must be to be taken for a slip of the pen.
_LIKE = 0.6
# What other tools write instead.
_FOREIGN = {"allow", "disable", "noqa", "nosec", "off", "skip"}


@dataclass(slots=True)
class Ignore:
    """A comment: the practices it names, the first lines it speaks of, and what it has accepted."""

    path: str
    line: int
    column: int
    names: tuple[str, ...]
    lines: frozenset[int]
    used: set[str] = field(default_factory=set)

    def reaches(self, place: Place) -> bool:
        """Tell whether the place begins on the comment's line or on those it speaks of."""
        return place.line in self.lines

    def is_within(self, place: Place) -> bool:
        """Tell whether the comment stands on a later line of the place's statement."""
        return place.line < self.line <= place.end_line


def read(comments: Iterable[tuple[str, int, str]], sources: Sources) -> Iterator[Ignore]:
    """Yield what comments accept; each has a path, a line and its text."""
    for path, line, text in comments:
        yield from _in_comment(path, line, text, sources)


def apply(
    findings: Iterable[Finding], ignores: Collection[Ignore], sources: Sources
) -> list[Finding]:
    """Return the findings, and the further places in them, that no comment accepts.

    The comments that accept something know it afterwards.
    """
    findings = list(findings)
    places = [(each.practice, at) for each in findings for at in (each.at, *each.places)]
    accepted: set[tuple[str, Place]] = set()
    # Whoever begins on the line comes before whoever only contains it.
    for fits in (Ignore.reaches, Ignore.is_within):
        waiting = _waiting(ignores)
        for practice, place in places:
            for ignore in waiting.get((place.path, practice), ()):
                if fits(ignore, _statement(place, sources)):
                    ignore.used.add(practice)
                    accepted.add((practice, place))
    return [left for each in findings if (left := _without(each, accepted))]


def leftovers(
    ignores: Iterable[Ignore],
    *,
    ran: Collection[str],
    known: Collection[str],
    nearest: Callable[[str], str | None],
) -> Iterator[Finding]:
    """Yield a finding for each comment that names nothing, what is unknown, or what is not found.

    Whether a practice that did not run would find something is not known: it is passed over.
    """
    for ignore in ignores:
        if not ignore.names:
            yield _finding(
                ignore, "Write `# fastwright: ignore[topic/name] reason`: this accepts nothing."
            )
        for name in ignore.names:
            if name not in known:
                yield _finding(ignore, _unknown(name, known, nearest(name)))
            elif name in ran and name not in ignore.used:
                yield _finding(ignore, f"Remove `ignore[{name}]`: it is not found here any more.")


def _unknown(name: str, known: Iterable[str], near: str | None) -> str:
    if any(each.startswith(f"{name}/") for each in known):
        return f"Name one practice of `{name}`: a comment accepts no whole topic."
    hint = f"write `{near}`" if near else "`fastwright explain` lists them all"
    return f"There is no practice `{name}`: {hint}."


def _in_comment(path: str, line: int, text: str, sources: Sources) -> Iterator[Ignore]:
    whole = sources.line(path, line)
    start = whole.rfind(text)
    for form in _FORM.finditer(text):
        word = form["word"]
        is_like = difflib.SequenceMatcher(None, word, "ignore").ratio() >= _LIKE
        if not is_like and word not in _FOREIGN:
            continue
        names = tuple(name.strip() for name in (form["names"] or "").split(",") if name.strip())
        before = whole[: max(start, 0)].strip()
        yield Ignore(
            path=path,
            line=line,
            column=max(start, 0) + form.start() + 1,
            names=names if word == "ignore" else (),
            lines=frozenset(_spoken_of(sources.lines(path), line, before)),
        )


def _spoken_of(lines: list[str], line: int, before: str) -> Iterator[int]:
    """Yield the comment's line, and what follows it that it speaks of too.

    That is the next statement if there is nothing `before` it, and what a decorator decorates.
    """
    yield line
    decorated = before.startswith("@")
    if before and not decorated:
        return
    for number in range(line + 1, len(lines) + 1):
        text = lines[number - 1].strip()
        if decorated or (text and not text.startswith("#")):
            yield number
            decorated = decorated or text.startswith("@")
            if not decorated or _DEFINITION.match(text):
                return


def _statement(place: Place, sources: Sources) -> Place:
    """Return a place without the body, if it is that of a function or class."""
    if place.end_line == place.line or not _DEFINITION.match(sources.line(place.path, place.line)):
        return place
    end = place.line
    while end < place.end_line and not _HEADER_END.search(sources.line(place.path, end)):
        end += 1
    return replace(place, end_line=end)


def _waiting(ignores: Iterable[Ignore]) -> dict[tuple[str, str], list[Ignore]]:
    """Return the comments that have accepted nothing yet, by path and practice."""
    found: dict[tuple[str, str], list[Ignore]] = {}
    for ignore in ignores:
        for name in ignore.names:
            if name not in ignore.used:
                found.setdefault((ignore.path, name), []).append(ignore)
    return found


def _without(finding: Finding, accepted: Collection[tuple[str, Place]]) -> Finding | None:
    """Return what is left of a finding.

    What stands at the first of several places of a house practice stands at the next one instead.
    """
    places = tuple(each for each in finding.places if (finding.practice, each) not in accepted)
    if (finding.practice, finding.at) not in accepted:
        return replace(finding, places=places)
    if finding.kind is Kind.PRACTICE and places:
        return replace(finding, at=places[0], places=places[1:])
    return None


def _finding(ignore: Ignore, message: str) -> Finding:
    at = Place(ignore.path, ignore.line, ignore.column, ignore.line, None)
    return Finding(at, message, practice=NAME, kind=PRACTICE.kind)


PRACTICE = Practice(
    kind=Kind.PRACTICE,
    explanation=Explanation(
        rule="A comment that accepts a finding names a practice that finds something there.",
        why=(
            "A comment that is left over, or whose name is misspelt, accepts nothing today."
            " Tomorrow it silently accepts a new defect on its line, and until then a reader"
            " believes that somebody looked."
        ),
        bad="sleep(1)  # fastwright: ignore[async_routes/no-bloking-call] only in the demo\n",
        good="sleep(1)  # fastwright: ignore[async_routes/no-blocking-call] only in the demo\n",
        when_not="A comment for a practice that was left out of this run is left alone.",
        fix_safety="There is no fix: whether the finding is gone for good is for a person to say.",
    ),
    # What it finds is left over after all others ran; no check of one codebase can know it.
    check=lambda _: iter(()),
    examples=(),
)
