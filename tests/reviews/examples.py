"""Findings for the tests of what is done with them."""

from fastwright.practice import Edit, Finding, Fix, Kind, Place, Safety

DANGER, LOWER = "calls/no-danger", "naming/lower-case"


def defect(path: str, line: int, *, column: int = 1, symbol: str | None = None) -> Finding:
    """Return a finding of a defect."""
    at = Place(path, line, column, line, symbol)
    return Finding(at, "Leave out `danger()`.", practice=DANGER, kind=Kind.DEFECT)


def habit(path: str, line: int, *, fix: Safety | None = None) -> Finding:
    """Return a finding of a house practice."""
    at = Place(path, line, 1, line, None)
    known = Fix(fix, (Edit(path, line, line, "x"),)) if fix else None
    return Finding(at, f"Rename line {line}.", practice=LOWER, kind=Kind.PRACTICE, fix=known)
