"""From the words that a domain is asked for with to the domain."""

from collections.abc import Iterable
from typing import TypedDict, Unpack

from fastwright.errors import OptionError
from fastwright.scaffolds import names
from fastwright.scaffolds.domain import Domain
from fastwright.scaffolds.language import parse_all


class Options(TypedDict, total=False):
    """What else is asked for; see `Domain`."""

    parent: str | None
    is_owned: bool
    is_threaded: bool
    is_soft_deleted: bool
    is_likeable: bool
    searchable: tuple[str, ...]
    is_read_by_all: bool
    has_tests: bool


def domain(name: str, fields: Iterable[str], **options: Unpack[Options]) -> Domain:
    """Return the domain; `fields` are in the field language.

    Raises `ImpossibleNameError`, `UnreadableFieldError`, and `OptionError` where it has no field or
    is searchable by what is none.
    """
    entity = names.entity_of(name)
    read = parse_all(fields)
    if not read:
        raise OptionError(
            f"{name} has no field: say what it is made of.",
            suggestion=f"fastwright add domain {name} title:str body:text",
        )
    known = [each.column for each in read]
    for searched in options.get("searchable", ()):
        if searched not in known:
            raise OptionError(
                f"{name} has no field “{searched}” to search; it has {', '.join(known)}."
            )
    return Domain(name, entity, read, **options)
