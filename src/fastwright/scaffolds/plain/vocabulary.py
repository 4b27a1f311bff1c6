"""The words that templates are filled with: what a domain is called and made of, in a project."""

from typing import Any

from fastwright.scaffolds import names
from fastwright.scaffolds.domain import Domain
from fastwright.scaffolds.fields import Kind
from fastwright.scaffolds.plain.access import access
from fastwright.scaffolds.plain.cursors import branches, sorted_by
from fastwright.scaffolds.plain.injection import Injection, parameters, signature
from fastwright.scaffolds.plain.modules import Modules
from fastwright.scaffolds.plain.queries import queries
from fastwright.scaffolds.plain.schemas import Schemas
from fastwright.scaffolds.plain.shape import (
    has_conflicts,
    parent_of,
    path_of,
    read,
    table_of,
    written,
)
from fastwright.scaffolds.plain.tables import tables
from fastwright.scaffolds.plain.testing import testing
from fastwright.scaffolds.room import Part, Room

MAX_DEPTH = 8  # of a thread

_FILTERED = {
    *(Kind.STR, Kind.EMAIL, Kind.URL, Kind.SLUG, Kind.INT, Kind.DECIMAL, Kind.BOOL, Kind.DATE),
    *(Kind.UUID, Kind.ENUM, Kind.REF),
}


def vocabulary(domain: Domain, room: Room, part: Part) -> dict[str, Any]:
    """Return what the template of a part can use."""
    modules = Modules(domain, room)
    injection = Injection(part, modules, room)
    return {
        **_naming(domain, room),
        **_fields(domain, room),
        **tables(domain, room),
        **queries(domain, room),
        **access(domain, room),
        **testing(domain, room),
        "domain": domain,
        "room": room,
        "part": part,
        "own": lambda other, name: modules.own(part, Part(other), name),
        "symbol": lambda symbol: modules.symbol(part, symbol),
        "injected": injection.injected,
        "depends": injection.depends,
        "depends_on": injection.depends_on,
        "path": injection.path,
        "signature": signature,
        "parameters": parameters,
        "parent_id": _parent_id(domain, room, injection),
    }


def _naming(domain: Domain, room: Room) -> dict[str, Any]:
    thing = names.spaced(domain.entity)
    parent = parent_of(domain, room)
    spaced = names.spaced(parent.entity) if parent else ""
    return {
        "Entity": names.pascal(domain.entity),
        "ENTITY": domain.entity.upper(),
        "thing": thing,
        "Thing": thing.capitalize(),
        "a_thing": names.with_article(thing),
        "many": names.spaced(domain.name),
        "table": table_of(domain, room),
        "parent": parent,
        "Parent": names.pascal(parent.entity) if parent else "",
        "parent_words": spaced,
        "a_parent": names.with_article(spaced) if parent else "",
        "list_path": path_of(domain, room),
        "max_depth": MAX_DEPTH,
    }


def _fields(domain: Domain, room: Room) -> dict[str, Any]:
    schemas = Schemas(room)
    given = written(domain)
    answered = read(domain)
    parent = parent_of(domain, room)
    scope = [(f"{parent.entity}_id", parent.key_type)] if parent else []
    user = room.tables[room.users] if room.users else None
    owner = [("owner_id", user.key_type)] if domain.is_owned and user else []
    sortable = sorted_by(answered)
    sorts = ["created_at", *(each.name for each in sortable)]
    return {
        "schemas": schemas,
        "key": room.key,
        "key_type": room.key_type,
        "user_key_type": user.key_type if user else "",
        "written": given,
        "read": answered,
        "owners": scope + owner,
        "never_null": ", ".join(f'"{each.column}"' for each in given if not each.optional),
        "text_names": ", ".join(f'"{each}"' for each in _texts(domain, schemas, room)),
        "moment_names": ", ".join(
            f'"{each.column}"' for each in given if each.kind is Kind.DATETIME
        ),
        "filtered": [
            each
            for each in answered
            if each.kind in _FILTERED and (each.index or each.unique or each.kind is Kind.REF)
        ],
        "sortable": sorts,
        "sorts": ", ".join(f'"{name}", "-{name}"' for name in sorts),
        "cursor_branches": branches(sortable, room),
        "has_conflicts": has_conflicts(domain),
    }


def _texts(domain: Domain, schemas: Schemas, room: Room) -> list[str]:
    """Return the names of what is given as text."""
    found = [each.column for each in written(domain) if schemas.is_text(each)]
    return [*found, "parent_id"] if domain.is_threaded and room.key_type == "str" else found


def _parent_id(domain: Domain, room: Room, injection: Injection) -> str | None:
    parent = parent_of(domain, room)
    if parent is None:
        return None
    name = f"{parent.entity}_id"
    return injection.depends_on(name, parent.key_type, f"{name}_of_{domain.name}")
