"""Fields that a domain cannot have, or not in this project, and why."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from fastwright.errors import OptionError
from fastwright.scaffolds import names
from fastwright.scaffolds.fields import Field, Kind, OnDelete
from fastwright.scaffolds.house import keeping, near, samples
from fastwright.scaffolds.house.keeping import Key
from fastwright.scaffolds.language import spell
from fastwright.scaffolds.room import Room

_THREAD_COLUMNS = frozenset({"depth", "level", "more_cursor", "more_replies"})
_TEXT = 200_000  # characters; a request may have 1 MiB
_FEW = 1_000  # values; with less, a table would soon be full
_NAME = 63  # bytes of a name in PostgreSQL


@dataclass(frozen=True, slots=True)
class Owner:
    """What a field belongs to."""

    domain: str
    entity: str
    table: str
    is_threaded: bool


def check(field: Field, owner: Owner, room: Room) -> None:
    """Raise `OptionError` with the first reason why a domain cannot have a field like this."""
    key = keeping.of_field(field, owner.table, room)
    for reason in reasons(field, owner, room, frozenset([key] if key else [])):
        raise reason


def reasons(field: Field, owner: Owner, room: Room, keys: frozenset[Key]) -> Iterator[OptionError]:
    """Yield why a field cannot be had; `keys` are all the foreign keys that come with it."""
    if field.kind in {Kind.STR, Kind.TEXT} and int(field.maximum or 0) > _TEXT:
        shorter = replace(field, maximum=_TEXT)
        yield OptionError(f"{field.name} is too long for a request.", suggestion=spell(shorter))
    if owner.is_threaded and field.column in _THREAD_COLUMNS:
        yield OptionError(f"{field.name} is a name that threads need for themselves.")
    if field.column == f"{owner.entity}_id":
        yield OptionError(
            f"{field.name} would be called {field.column}, as the {owner.entity} itself is "
            "in paths."
        )
    values = samples.possible(field) if field.unique else None
    if values is not None and values < _FEW:
        yield OptionError(
            f"{field.name} has so few possible values that only {values} could be unique."
        )
    if len(f"{owner.entity}_{field.column}_fkey") > _NAME:
        yield OptionError(f"{field.name} is too long a name, together with {owner.entity}.")
    if field.kind is Kind.REF:
        yield from _of_reference(field, owner, room, keys)


def _of_reference(
    field: Field, owner: Owner, room: Room, keys: frozenset[Key]
) -> Iterator[OptionError]:
    target = field.target or ""
    if target == owner.domain:
        if not field.optional:
            yield OptionError(
                f"{field.name} refers to {target}: the first one could refer to none.",
                suggestion=spell(replace(field, optional=True)),
            )
    elif target not in room.tables:
        meant = near.domain(target, room.tables)
        yield OptionError(
            f"{field.name} refers to “{target}”, which is no domain. "
            f"There are: {', '.join(sorted(room.tables))}.",
            suggestion=spell(replace(field, target=meant)) if meant else None,
        )
    elif not room.tables[target].key:
        yield OptionError(f"{field.name} refers to {target}, whose rows have no `id` to refer to.")
    elif target != room.users and not room.tables[target].path:
        yield OptionError(f"{field.name} refers to {target}, of which no route reads one.")
    key = keeping.of_field(field, owner.table, room)
    kept = keeping.keeping(room, keys)
    empty = spell(replace(field, optional=True, on_delete=OnDelete.SET_NULL))
    if key in kept:
        what = "" if target == room.users else f", as what is in {target} goes with them"
        yield OptionError(
            f"{field.name} would keep accounts from being deleted{what}. Leave out restrict, so "
            f"that the {names.spaced(owner.entity)} goes too, or let it stay with none.",
            suggestion=empty,
        )
    for old in sorted(kept - keys):
        yield OptionError(
            f"{field.name} would let each {owner.entity} go with an account, and a {old.table} "
            "keeps it from that: the account could not be deleted.",
            suggestion=empty,
        )
