"""What cannot be had together, or not in this project, and why."""

from collections.abc import Iterator

from fastwright.errors import OptionError
from fastwright.scaffolds import models
from fastwright.scaffolds.domain import Domain
from fastwright.scaffolds.fields import Kind, Visibility
from fastwright.scaffolds.house import keeping, near, unfit
from fastwright.scaffolds.house.unfit import Owner
from fastwright.scaffolds.room import Asks, Room, Table

# What the files of a domain call something else, so that nothing in them can be called so.
_ENTITIES = frozenset(
    {
        *("change", "database", "filter", "key", "like", "limit", "number", "owner", "param"),
        *("reader", "row", "scope", "service", "statement", "thread", "user", "writer"),
    }
)
_SEARCHED = 100_000  # characters in all; PostgreSQL's tsvector ends at 1 MiB


def check(domain: Domain, room: Room) -> None:
    """Raise `OptionError` with the first reason why a domain cannot be had like this."""
    for reason in _reasons(domain, room):
        raise reason


def _reasons(domain: Domain, room: Room) -> Iterator[OptionError]:
    yield from _called(domain, room)
    if all(field.visibility is Visibility.READ_ONLY for field in domain.fields):
        yield OptionError("Nothing could be written: at least one field must not be read-only.")
    parent = room.tables.get(domain.parent) if domain.parent else None
    if domain.parent:
        yield from _under(domain, parent, room)
    yield from _combined(domain)
    owner = Owner(domain.name, domain.entity, domain.entity, domain.is_threaded)
    keys = frozenset(keeping.of_domain(domain, room))
    for field in domain.fields:
        if parent and field.column == f"{parent.entity}_id":
            yield OptionError(f"{field.name} is what it lies under already: leave it out.")
        yield from unfit.reasons(field, owner, room, keys)


def _called(domain: Domain, room: Room) -> Iterator[OptionError]:
    if domain.entity in _ENTITIES:
        yield OptionError(
            f"One of “{domain.name}” would be called `{domain.entity}`, which means something else "
            "in every domain.",
            suggestion=f"custom_{domain.name}",
        )
    tables = {domain.entity, *([f"{domain.entity}_like"] if domain.is_likeable else [])}
    for model in models.read(room.root):
        if model.table in tables and model.domain != domain.name:
            yield OptionError(
                f"A table of {domain.name} would be `{model.table}`, which is that of "
                f"`{model.name}` in src/{model.domain}/models.py.",
                suggestion=f"custom_{domain.name}",
            )


def _under(domain: Domain, parent: Table | None, room: Room) -> Iterator[OptionError]:
    name = domain.parent or ""
    if parent is None:
        meant = near.domain(name, room.tables)
        yield OptionError(
            f"There is no domain “{name}” to lie under. "
            f"There are: {', '.join(sorted(room.tables))}.",
            suggestion=f"--under {meant}" if meant else None,
        )
    elif parent.lookup is None or parent.found is None or not (parent.path and parent.key):
        lookup = f"valid_{parent.entity}_id"
        yield OptionError(
            f"Nothing can lie under {name}: "
            + (f"it has no lookup `{lookup}`." if parent.key else "its rows have no `id`.")
        )
    elif domain.is_read_by_all and parent.asks is Asks.SOMEBODY:
        yield OptionError(f"--public-read: reading anything of {name} takes an account already.")


def _combined(domain: Domain) -> Iterator[OptionError]:
    if domain.is_threaded and domain.is_soft_deleted:
        yield OptionError(
            "--threaded keeps the place of what is deleted already: leave out --soft-delete."
        )
    if domain.is_threaded and domain.searchable:
        yield OptionError(
            "A page of threads is no list of matches: leave out --threaded or --searchable."
        )
    by_name = {field.name: field for field in domain.fields}
    texts = [by_name.get(name) for name in domain.searchable]
    for name, field in zip(domain.searchable, texts, strict=True):
        if field is None or field.kind not in {Kind.STR, Kind.TEXT}:
            yield OptionError(
                f"--searchable {name}: only a field of type str or text can be searched."
            )
        elif field.visibility is Visibility.WRITE_ONLY:
            yield OptionError(f"--searchable {name}: a search would tell what nobody may see.")
    if sum(int(field.maximum or 0) for field in texts if field) > _SEARCHED:
        yield OptionError(
            f"What is searched may have {_SEARCHED:,} characters in all: state less, as in "
            "body:text{20000}."
        )
