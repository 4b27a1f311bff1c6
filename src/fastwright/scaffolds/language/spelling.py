"""A field as text: the shortest that describes it."""

from decimal import Decimal

from fastwright.scaffolds.fields import Field, OnDelete, Visibility
from fastwright.scaffolds.language.limits import LONGEST, USUAL, Limits
from fastwright.scaffolds.language.numbers import Number


def spell(field: Field) -> str:
    """Return the text that `parse` reads as this field."""
    inside = field.items or field.target
    return "".join(
        (
            f"{field.name}:{field.kind}",
            f"[{inside}]" if inside else "",
            _limits(field),
            "?" if field.optional else "",
            *(f":{modifier}" for modifier in _modifiers(field)),
            "" if field.default is None else f"={_value(field.default)}",
        )
    )


def _limits(field: Field) -> str:
    usual = USUAL.get(field.kind, Limits())
    stated = [",".join(field.choices)] if field.choices else []
    if field.digits and field.digits != usual.digits:
        stated.append(f"{field.digits[0]},{field.digits[1]}")
    least = "" if field.minimum == usual.minimum else _value(field.minimum)
    most = "" if field.maximum == usual.maximum else _value(field.maximum)
    if most and not least and field.kind in LONGEST:
        stated.append(most)
    elif least or most:
        stated.append(f"{least}..{most}")
    return "".join(f"{{{each}}}" for each in stated)


def _modifiers(field: Field) -> list[str]:
    words = []
    if field.unique:
        words.append("unique")
    if field.index:
        words.append("index")
    if field.on_delete is not OnDelete.CASCADE:
        words.append(str(field.on_delete))
    if field.visibility is not Visibility.FULL:
        words.append(str(field.visibility))
    return words


def _value(value: Number | str | None) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case Decimal():
            return f"{value:f}"
        case float():
            return f"{Decimal(repr(value)):f}"
        case _:
            return str(value)
