"""The default of a field: what stands behind `=`."""

import re
from datetime import date, datetime, time
from decimal import Decimal

from fastwright.scaffolds.fields import SLUG, Field, Kind, Value
from fastwright.scaffolds.language.fault import Fault, Part, nearest
from fastwright.scaffolds.language.numbers import Number, fitted, number_of

NOW = {Kind.DATETIME: "now", Kind.DATE: "today"}

_APART = re.compile(r"[^a-z0-9]+")
_NUMBERS: dict[Kind, type[Number]] = {Kind.INT: int, Kind.FLOAT: float, Kind.DECIMAL: Decimal}
_MOMENTS: dict[Kind, type[date | time]] = {
    Kind.DATE: date,
    Kind.TIME: time,
    Kind.DATETIME: datetime,
}
_EXAMPLES = {
    Kind.DATE: "a date such as 2026-01-31",
    Kind.TIME: "a time without a zone, such as 09:30,",
    Kind.DATETIME: "a moment with its offset, such as 2026-01-31T09:30+00:00,",
}
_TRUTHS = {"true": True, "yes": True, "on": True, "1": True}
_NONE = {Kind.EMAIL, Kind.URL, Kind.UUID, Kind.LIST, Kind.JSON, Kind.REF}


def default_of(field: Field, stated: Part) -> Value:
    """Return the value that a default states; `now` and `today` stay words.

    The stated part begins with `=`. Raises `Fault` where the field can have no default, or not
    this one.
    """
    if field.kind in _NONE:
        raise Fault(stated, f"{field.kind} has no default.", instead="")
    if field.optional:
        raise Fault(
            stated,
            "What has a default need not be given anyway: leave out the ? or this.",
            instead="",
        )
    if field.unique:
        raise Fault(stated, "The second one of its kind would not be unique.", instead="")
    part = stated.at(1, len(stated.text) - 1)
    match field.kind:
        case Kind.STR | Kind.TEXT | Kind.SLUG:
            return _text(field, part)
        case Kind.INT | Kind.FLOAT | Kind.DECIMAL:
            return _number(field, part)
        case Kind.BOOL:
            if part.text not in {"true", "false"}:
                truth = str(_TRUTHS.get(part.text.strip().lower(), False)).lower()
                raise Fault(part, "true or false is expected here.", instead=truth)
            return part.text == "true"
        case Kind.ENUM:
            if part.text not in field.choices:
                raise Fault(
                    part,
                    f"One of its choices is expected here: {', '.join(field.choices)}.",
                    instead=nearest(part.text, field.choices) or field.choices[0],
                )
            return part.text
        case _:
            return _moment(field.kind, part)


def _text(field: Field, part: Part) -> str:
    text = part.text
    tidy = "".join(letter if letter.isprintable() else " " for letter in text).strip()
    if tidy != text:
        raise Fault(part, "Spaces at its ends and control characters cannot be kept.", instead=tidy)
    least, most = int(field.minimum or 0), int(field.maximum or 0)
    if not least <= len(text) <= most:
        raise Fault(
            part,
            f"{least} to {most} characters are expected here.",
            instead=text[:most].strip().ljust(least, "x"),
        )
    if field.kind is Kind.SLUG and text and not SLUG.fullmatch(text):
        raise Fault(
            part,
            "Lower-case letters and digits are expected here, with single - between words.",
            instead=_APART.sub("-", text.lower()).strip("-").ljust(least, "x"),
        )
    return text


def _number(field: Field, part: Part) -> Number:
    number = _NUMBERS[field.kind]
    value = number_of(part, number)
    low, high = field.minimum, field.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        raise Fault(
            part,
            f"A number within {{{_end(low)}..{_end(high)}}} is expected here.",
            instead=_end(low if low is not None and value < low else high),
        )
    if (
        field.digits
        and isinstance(value, Decimal)
        and (near := fitted(value, field.digits)) != value
    ):
        raise Fault(
            part,
            f"A decimal of {field.digits[0]} digits, {field.digits[1]} of them behind the point, "
            "cannot be this exact or this large.",
            instead=_end(near),
        )
    return value


def _end(bound: Number | None) -> str:
    return "" if bound is None else f"{bound:f}" if isinstance(bound, Decimal) else str(bound)


def _moment(kind: Kind, part: Part) -> str:
    """Return a date, time or datetime as ISO 8601 has it."""
    if part.text == NOW.get(kind):
        return part.text
    try:
        moment = _MOMENTS[kind].fromisoformat(part.text)
    except ValueError:
        moment = None
    if isinstance(moment, datetime | time) and (moment.tzinfo is None) is (kind is Kind.DATETIME):
        moment = None
    if moment is None:
        word, example = NOW.get(kind), _EXAMPLES[kind]
        raise Fault(
            part,
            f"{f'{word}, or ' if word else ''}{example} is expected here.",
            instead=word or "09:00",
        )
    return moment.isoformat()
