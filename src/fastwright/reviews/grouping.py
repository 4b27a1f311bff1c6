"""Groups findings of house practices: one finding a practice, folder and advice, with all places.

A style migration of four hundred places so never drowns a defect.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from fastwright.practice import Finding, Fix, Kind, Safety
from fastwright.reviews import suppressions

# What one message has of its own, of those that say the same.
_NAMES = re.compile(r"`[^`]*`|\d+")
_RANK = {kind: rank for rank, kind in enumerate(Kind)}


def group(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings in the order of files and lines, those of house practices grouped.

    A finding that has further places already was grouped by its practice, which knew better.
    """
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for number, finding in enumerate(sorted(findings, key=_position)):
        folder = finding.at.path.rpartition("/")[0]
        alone = (
            finding.kind is not Kind.PRACTICE
            or finding.places
            or finding.practice == suppressions.NAME
        )
        key = (finding.practice, folder, number if alone else _NAMES.sub("", finding.message))
        groups.setdefault(key, []).append(finding)
    return tuple(sorted(map(_merge, groups.values()), key=_position))


def _merge(findings: list[Finding]) -> Finding:
    first, *others = findings
    if not others:
        return first
    return replace(first, places=tuple(each.at for each in others), fix=_fix(findings))


def _fix(findings: list[Finding]) -> Fix | None:
    """Return what can be mended of them: all that is safe, else all that is not."""
    known = [each.fix for each in findings if each.fix]
    if not known:
        return None
    safe = [each for each in known if each.safety is Safety.SAFE]
    chosen = safe or known
    return Fix(
        chosen[0].safety,
        edits=tuple(edit for each in chosen for edit in each.edits),
        imports=tuple(needed for each in chosen for needed in each.imports),
        effects=tuple(effect for each in chosen for effect in each.effects),
    )


def _position(finding: Finding) -> tuple[str, int, int, int, str, str]:
    at = finding.at
    rank = _RANK[finding.kind]
    return at.path, at.line, at.column, rank, finding.practice, finding.message
