"""Findings as plain values, for `marshal` to keep."""

from typing import Any

from fastwright.practice import Finding, Fix, Kind, Place, Safety, Step


def of(finding: Finding) -> tuple[Any, ...]:
    """Return a finding as plain values; of its fix, a review only says how safe it is."""
    return (
        _place(finding.at),
        finding.message,
        tuple([step(each) for each in finding.chain]),
        tuple([_place(each) for each in finding.places]),
        finding.fix.safety.value if finding.fix else None,
        finding.practice,
        finding.kind.value,
    )


def step(told: Step) -> tuple[Any, ...]:
    """Return a link of the evidence as plain values."""
    return (told.path, told.line, told.text)


def _place(place: Place) -> tuple[Any, ...]:
    return (place.path, place.line, place.column, place.end_line, place.symbol)


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
