"""Which references would keep accounts from being deleted.

What belongs to an account goes with it. Where something else refers to that and restricts its
deletion, PostgreSQL refuses to delete the account, and its owner could do nothing about it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from fastwright.scaffolds import models
from fastwright.scaffolds.domain import Domain
from fastwright.scaffolds.fields import Field, OnDelete
from fastwright.scaffolds.room import Room


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """A foreign key, and what becomes of rows of `table` when those of `target` are deleted."""

    table: str
    target: str
    on_delete: str  # as the field language has it; empty where nothing is said


def of_field(field: Field, table: str, room: Room) -> Key | None:
    """Return the foreign key that a field of a table is, if it is one."""
    if field.target is None:
        return None
    known = room.tables.get(field.target)
    return Key(table, known.table if known else table, field.on_delete)


def of_domain(domain: Domain, room: Room) -> Iterator[Key]:
    """Yield the foreign keys that a new domain has."""
    if domain.parent:
        yield Key(domain.entity, room.tables[domain.parent].table, OnDelete.CASCADE)
    if domain.is_owned and room.users:
        on_delete = OnDelete.SET_NULL if domain.is_threaded else OnDelete.CASCADE
        yield Key(domain.entity, room.tables[room.users].table, on_delete)
    for field in domain.fields:
        key = of_field(field, domain.entity, room)
        if key is not None:
            yield key


def keeping(room: Room, new: frozenset[Key]) -> frozenset[Key]:
    """Return the keys that keep accounts from being deleted once a project has the new ones.

    Among them may be old ones: a new one may let what they refer to go with accounts.
    """
    there = frozenset(
        Key(model.table, key.table, key.on_delete.lower().replace(" ", "-"))
        for model in models.read(room.root)
        for key in model.foreign_keys
    )
    accounts = room.tables[room.users].table if room.users else ""
    return _restricting(there | new, accounts) - _restricting(there, accounts)


def _restricting(keys: frozenset[Key], accounts: str) -> frozenset[Key]:
    """Return the keys that keep accounts, or what goes with them, from being deleted."""
    going = {accounts}
    while (
        more := {
            key.table for key in keys if key.on_delete == OnDelete.CASCADE and key.target in going
        }
        - going
    ):
        going |= more
    return frozenset(
        key for key in keys if key.on_delete == OnDelete.RESTRICT and key.target in going
    )
