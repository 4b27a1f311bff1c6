"""How a cursor's text becomes a value again: one that the column can be compared with."""

from collections.abc import Sequence

from fastwright.scaffolds.fields import Field, Kind
from fastwright.scaffolds.plain.schemas import ends, shown
from fastwright.scaffolds.plain.values import is_naive
from fastwright.scaffolds.room import Room

# What else can be sorted by is a moment, as `created_at` is.
_TEXTS = {Kind.STR, Kind.EMAIL, Kind.SLUG}
_OTHERS = {
    Kind.FLOAT: "float(text)",
    Kind.DATE: "date.fromisoformat(text)",
    Kind.TIME: "time.fromisoformat(text).replace(tzinfo=None)",
}
_SORTED = {*_TEXTS, *_OTHERS, Kind.INT, Kind.DECIMAL, Kind.DATETIME}


def sorted_by(answered: Sequence[Field]) -> list[Field]:
    """Return the fields that lists can be sorted by: what has an index and is never null."""
    return [
        each
        for each in answered
        if (each.index or each.unique) and not each.optional and each.kind in _SORTED
    ]


def branches(fields: Sequence[Field], room: Room) -> list[tuple[str, list[str]]]:
    """Return Python for each column that is no moment: a condition, and the lines below it.

    They read `name` and `text`; `ValueError` is raised for what the column cannot hold.
    """
    found = [
        (f'name == "{each.name}"', _lines(each)) for each in fields if each.kind != Kind.DATETIME
    ]
    if is_naive("created_at", room):
        naive = "return datetime.fromisoformat(text).replace(tzinfo=None)"
        found.append(('name == "created_at"', [naive]))
    return found


def _lines(field: Field) -> list[str]:
    match field.kind:
        case Kind.INT:
            low, high = (shown(each) for each in ends(field))
            return [
                f"if not {low} <= int(text) <= {high}:",
                "    raise ValueError(name)",
                "return int(text)",
            ]
        case Kind.DECIMAL:
            digits, behind = field.digits or (10, 2)
            return [
                "number = Decimal(text)",
                f"if abs(number) >= 10**{digits - behind} or round(number, {behind}) != number:",
                "    raise ValueError(name)",
                "return number",
            ]
        case kind if kind in _OTHERS:
            return [f"return {_OTHERS[kind]}"]
        case _:
            return [
                'if "\\0" in text.encode().decode():',
                "    raise ValueError(name)",
                "return text",
            ]
