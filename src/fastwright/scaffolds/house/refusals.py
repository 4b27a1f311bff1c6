"""What cannot be had together, or not in this project, and why."""

from collections.abc import Iterator

from fastwright.errors import OptionError
from fastwright.scaffolds.domain import Domain
from fastwright.scaffolds.fields import Field, Kind, Visibility
from fastwright.scaffolds.house import samples
from fastwright.scaffolds.room import Asks, Room

# What the files of a domain call something else, so that nothing in them can be called so.
_ENTITIES = frozenset(
    {
        *("change", "database", "filter", "key", "like", "limit", "number", "owner", "param"),
        *("reader", "row", "scope", "service", "statement", "thread", "user", "writer"),
    }
)
_THREAD_COLUMNS = frozenset({"depth", "level", "more_cursor", "more_replies"})
_SEARCHED = 100_000  # characters in all; PostgreSQL's tsvector ends at 1 MiB
_TEXT = 200_000  # characters; a request may have 1 MiB
_FEW = 1_000  # values; with less, a table would soon be full
_NAME = 63  # bytes of a name in PostgreSQL


def check(domain: Domain, room: Room) -> None:
    """Raise `OptionError` with the first reason why a domain cannot be had like this."""
    for reason in _reasons(domain, room):
        raise OptionError(reason)


def _reasons(domain: Domain, room: Room) -> Iterator[str]:
    if domain.entity in _ENTITIES:
        yield (
            f"One of “{domain.name}” would be called `{domain.entity}`, which means something else "
            "in every domain."
        )
    if all(field.visibility is Visibility.READ_ONLY for field in domain.fields):
        yield "Nothing could be written: at least one field must not be read-only."
    yield from _unknown(domain, room)
    yield from _combined(domain)
    parent = room.tables.get(domain.parent) if domain.parent else None
    for field in domain.fields:
        if parent and field.column == f"{parent.entity}_id":
            yield f"{field.name} is what it lies under already."
        yield from _field(domain, field)


def _unknown(domain: Domain, room: Room) -> Iterator[str]:
    known = ", ".join(sorted(room.tables))
    if domain.parent:
        parent = room.tables.get(domain.parent)
        if parent is None:
            yield f"There is no domain “{domain.parent}” to lie under. There are: {known}."
        elif parent.lookup is None or parent.found is None or not parent.path:
            lookup = f"valid_{parent.entity}_id"
            yield f"Nothing can lie under {domain.parent}: it has no lookup `{lookup}`."
        elif domain.is_read_by_all and parent.asks is Asks.SOMEBODY:
            yield f"--public-read: reading anything of {domain.parent} takes an account already."
    for field in domain.fields:
        if field.target and field.target not in {*room.tables, domain.name}:
            refers = f"{field.name} refers to “{field.target}”"
            yield f"{refers}, which is no domain. There are: {known}."


def _combined(domain: Domain) -> Iterator[str]:
    if domain.is_threaded and domain.is_soft_deleted:
        yield "--threaded keeps the place of what is deleted already: leave out --soft-delete."
    if domain.is_threaded and domain.searchable:
        yield "A page of threads is no list of matches: leave out --threaded or --searchable."
    by_name = {field.name: field for field in domain.fields}
    texts = [by_name.get(name) for name in domain.searchable]
    for name, field in zip(domain.searchable, texts, strict=True):
        if field is None or field.kind not in {Kind.STR, Kind.TEXT}:
            yield f"--searchable {name}: only a field of type str or text can be searched."
        elif field.visibility is Visibility.WRITE_ONLY:
            yield f"--searchable {name}: a search would tell what nobody may see."
    if sum(int(field.maximum or 0) for field in texts if field) > _SEARCHED:
        most = f"{_SEARCHED:,} characters in all"
        yield f"What is searched may have {most}: state less, as in body:text{{20000}}."


def _field(domain: Domain, field: Field) -> Iterator[str]:
    column = field.column
    if field.kind in {Kind.STR, Kind.TEXT} and int(field.maximum or 0) > _TEXT:
        yield f"{field.name} is too long for a request: state {{{_TEXT}}} or less."
    if domain.is_threaded and column in _THREAD_COLUMNS:
        yield f"{field.name} is a name that threads need for themselves."
    if column == f"{domain.entity}_id":
        yield f"{field.name} would be called {column}, as the {domain.entity} itself is in paths."
    values = samples.possible(field) if field.unique else None
    if values is not None and values < _FEW:
        yield f"{field.name} has so few possible values that only {values} could be unique."
    if field.target == domain.name and not field.optional:
        yield f"{field.name} refers to {domain.name}: the first one could refer to none. Add ?."
    if len(f"{domain.entity}_{column}_fkey") > _NAME:
        yield f"{field.name} is too long a name, together with {domain.entity}."
