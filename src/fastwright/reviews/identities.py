"""What makes a finding the same one after its file has changed: not where it stands, but what."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fastwright.practice import Finding
from fastwright.reviews.sources import Sources


@dataclass(frozen=True, slots=True, order=True)
class Identity:
    """A finding, wherever its line has moved to.

    `text` is a digest of its line without regard to spaces: a secret that is found is not written
    down once more. `ordinal` tells equal ones apart, from 1 in the order of their lines.
    """

    practice: str
    path: str
    symbol: str
    text: str
    ordinal: int


def identify(findings: Iterable[Finding], sources: Sources) -> Iterator[tuple[Finding, Identity]]:
    """Yield each finding, in the order of lines, with its identity."""
    seen: Counter[tuple[str, str, str, str]] = Counter()
    for finding in sorted(findings, key=_position):
        at = finding.at
        line = " ".join(sources.line(at.path, at.line).split())
        text = hashlib.sha256(line.encode(errors="replace")).hexdigest()[:16]
        key = (finding.practice, at.path, at.symbol or "", text)
        seen[key] += 1
        yield finding, Identity(*key, seen[key])


def _position(finding: Finding) -> tuple[str, int, int, str]:
    return finding.at.path, finding.at.line, finding.at.column, finding.practice
