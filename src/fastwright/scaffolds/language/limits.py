"""The `{ }` of a type: how long, how large, how exact, or which."""

from dataclasses import dataclass, replace
from decimal import Decimal

from fastwright.scaffolds.fields import Kind
from fastwright.scaffolds.language.choices import choices_of
from fastwright.scaffolds.language.fault import Fault, Part
from fastwright.scaffolds.language.numbers import Number, Possible, digits_of, fitted, range_of


@dataclass(frozen=True, slots=True)
class Limits:
    """What a type's values are held to."""

    minimum: Number | None = None
    maximum: Number | None = None
    digits: tuple[int, int] | None = None
    choices: tuple[str, ...] = ()


# Without `{ }`.
USUAL = {
    Kind.STR: Limits(1, 255),
    Kind.TEXT: Limits(1, 20_000),
    Kind.SLUG: Limits(1, 100),
    Kind.URL: Limits(1, 500),
    Kind.EMAIL: Limits(1, 254),  # RFC 5321, section 4.5.3.1
    Kind.LIST: Limits(0, 50),
    Kind.DECIMAL: Limits(digits=(10, 2)),
}
LONGEST = {
    Kind.STR: 10_000,
    Kind.TEXT: 1_000_000,
    Kind.SLUG: 500,
    Kind.URL: 4_000,
    Kind.LIST: 1_000,
}
_LARGEST: dict[Kind, Number] = {
    Kind.INT: 2**63 - 1,
    Kind.FLOAT: 1e15,  # up to here a float knows every whole number
    Kind.DECIMAL: Decimal(10**38),
}


def limits_of(kind: Kind, groups: list[Part], *, behind: Part) -> Limits:
    """Return the limits that `{ }` state, and the usual ones for what they leave out.

    Raises `Fault` where they have no meaning for this type.
    """
    if kind is Kind.ENUM:
        return Limits(choices=choices_of(groups, behind=behind))
    limits = USUAL.get(kind, Limits())
    stated: set[str] = set()
    for group in groups:
        if kind not in LONGEST and kind not in _LARGEST:
            raise Fault(group, f"{kind} has no limits.", instead="")
        if not group.text.endswith("}"):
            raise Fault(group, "A } is expected at the end of this.", instead=f"{group.text}}}")
        inside = group.at(1, len(group.text) - 2)
        if not inside.text.strip():
            raise Fault(group, "A limit is expected inside.", instead="")
        digits = digits_of(inside) if kind is Kind.DECIMAL else None
        subject = "range" if digits is None else "digits"
        if subject in stated:
            raise Fault(group, "These limits are stated already.", instead="")
        stated.add(subject)
        limits = replace(limits, digits=digits) if digits else _ranged(kind, limits, inside)
    return _exact(limits, groups) if kind is Kind.DECIMAL else limits


def _ranged(kind: Kind, limits: Limits, inside: Part) -> Limits:
    """Return the limits with what a range states.

    Of a text or a list it is the length, and a single number the longest.
    """
    if kind in LONGEST:
        least, most = range_of(inside, Possible(int, 0, LONGEST[kind]), single=True)
        if most == 0:
            raise Fault(inside, "Nothing would be possible but an empty one.", instead="..1")
    else:
        most = _LARGEST[kind]
        least, most = range_of(inside, Possible(type(most), -most, most), single=False)
    minimum = limits.minimum if least is None else least
    maximum = limits.maximum if most is None else most
    if minimum is not None and maximum is not None and minimum > maximum:
        nearest = f"{maximum}..{minimum}" if None not in {least, most} else f"{most or least}"
        raise Fault(
            inside,
            f"The least, {minimum}, is more than the most, {maximum}.",
            instead=nearest if ".." in nearest else f"{nearest}..{nearest}",
        )
    return replace(limits, minimum=minimum, maximum=maximum)


def _exact(limits: Limits, groups: list[Part]) -> Limits:
    """Return the limits of a decimal, if its digits can express them."""
    if limits.digits is None:
        return limits
    fitting = [
        None if bound is None else fitted(Decimal(bound), limits.digits)
        for bound in (limits.minimum, limits.maximum)
    ]
    if fitting != [limits.minimum, limits.maximum]:
        ranged = next(group for group in groups if ".." in group.text)
        ends = ("" if bound is None else f"{bound:f}" for bound in fitting)
        raise Fault(
            ranged,
            f"A decimal of {limits.digits[0]} digits, {limits.digits[1]} of them behind the "
            "point, cannot be this exact or this large.",
            instead=f"{{{'..'.join(ends)}}}",
        )
    return limits
