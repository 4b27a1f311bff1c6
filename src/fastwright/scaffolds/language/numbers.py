"""The numbers in limits and defaults: ranges, single ones, and the digits of a decimal."""

import re
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal, localcontext

from fastwright.scaffolds.language.fault import Fault, Part

Number = int | float | Decimal

_MOST_DIGITS = 38
_NUMBER = r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{1,40})?|\.[0-9]{1,40})"
_FIRST = re.compile(_NUMBER)
_SINGLE = re.compile(rf"\s*({_NUMBER})\s*")
_RANGE = re.compile(rf"\s*({_NUMBER})?\s*\.\.\s*({_NUMBER})?\s*")
_DIGITS = re.compile(r"\s*([0-9]{1,40})\s*,\s*([0-9]{1,40})\s*")


@dataclass(frozen=True, slots=True)
class Possible:
    """Which numbers an end of a range can be."""

    number: type[Number]
    least: Number
    most: Number


def range_of(
    inside: Part, possible: Possible, *, single: bool
) -> tuple[Number | None, Number | None]:
    """Return both ends of `1..5`, None for one that is open; `5` is `..5` where `single`.

    Raises `Fault` where it is no range, or an end is not possible.
    """
    if match := _SINGLE.fullmatch(inside.text):
        if not single:
            raise Fault(inside, "A range is expected here, such as 1..5.", instead=f"..{match[1]}")
        return None, _end(inside, match, 1, possible)
    match = _RANGE.fullmatch(inside.text)
    if match is None or match[1] is match[2] is None:
        raise Fault(inside, "A range is expected here, such as 1..5.", instead=_likely(inside))
    return _end(inside, match, 1, possible), _end(inside, match, 2, possible)


def digits_of(inside: Part) -> tuple[int, int] | None:
    """Return how many digits `10,2` states, and how many of them are behind the point.

    None where it states something else. Raises `Fault` where no decimal can have these.
    """
    match = _DIGITS.fullmatch(inside.text)
    if match is None:
        return None
    total, behind = int(match[1]), int(match[2])
    if not 1 <= total <= _MOST_DIGITS or behind > total:
        most = min(max(total, behind, 1), _MOST_DIGITS)
        raise Fault(
            inside,
            f"A decimal has 1 to {_MOST_DIGITS} digits, and no more than these behind the point.",
            instead=f"{most},{min(total, behind, most)}",
        )
    return total, behind


def number_of(part: Part, number: type[Number]) -> Number:
    """Return the number that stands there; raises `Fault` where there is none of this type."""
    if not _FIRST.fullmatch(part.text):
        first = _FIRST.search(part.text)
        raise Fault(part, "A number is expected here.", instead=first[0] if first else "0")
    if number is int and "." in part.text:
        whole = part.text.split(".")[0]
        instead = whole if whole[-1:].isdigit() else "0"
        raise Fault(part, "A whole number is expected here.", instead=instead)
    return number(part.text)


def fitted(value: Decimal, digits: tuple[int, int]) -> Decimal:
    """Return the nearest value, towards zero, that so many digits can express."""
    total, behind = digits
    with localcontext(prec=2 * _MOST_DIGITS):
        step = Decimal(1).scaleb(-behind)
        most = Decimal(1).scaleb(total - behind) - step
        return most.copy_sign(value) if abs(value) > most else value.quantize(step, ROUND_DOWN)


def _end(inside: Part, match: re.Match[str], group: int, possible: Possible) -> Number | None:
    """Return one end of a range."""
    if match[group] is None:
        return None
    part = inside.at(match.start(group), len(match[group]))
    value = number_of(part, possible.number)
    if not possible.least <= value <= possible.most:
        raise Fault(
            part,
            f"A number from {possible.least} to {possible.most} is expected here.",
            instead=str(possible.least if value < possible.least else possible.most),
        )
    return value


def _likely(inside: Part) -> str | None:
    """Return the range that was probably meant: `1-5` → `1..5`."""
    match _FIRST.findall(inside.text.replace("-", " ")):
        case [most]:
            return f"..{most}"
        case [least, most, *_]:
            return f"{least}..{most}"
    return None
