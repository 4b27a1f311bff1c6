"""Findings as plain values, for `marshal` to keep."""

from dataclasses import astuple, replace
from typing import Any

from fastwright.practice import Finding, Fix, Kind, Place, Safety, Step


def of(finding: Finding) -> tuple[Any, ...]:
    """Return a finding as plain values; of its fix, a review only says how safe it is."""
    fix = finding.fix.safety.value if finding.fix else None
    at, message, chain, places, _, practice, kind = astuple(replace(finding, fix=None))
    return (at, message, chain, places, fix, practice, kind.value)


def finding(plain: tuple[Any, ...]) -> Finding:
    """Return the finding that `of` was given, without the edits of its fix."""
    at, message, chain, places, fix, practice, kind = plain
    return Finding(
        at=Place(*at),
        message=message,
        chain=tuple(Step(*each) for each in chain),
        places=tuple(Place(*each) for each in places),
        fix=Fix(Safety(fix), ()) if fix else None,
        practice=practice,
        kind=Kind(kind),
    )
