"""What tests of a domain send and expect."""

import re
from functools import partial
from typing import Any

from fastwright.scaffolds import names
from fastwright.scaffolds.domain import Domain
from fastwright.scaffolds.fields import Kind
from fastwright.scaffolds.plain.examples import example, is_varied, literal_key, refused
from fastwright.scaffolds.plain.shape import parameter_of, parent_of, path_of, read, written
from fastwright.scaffolds.room import Orm, Room, Symbol, Table

# What JSON gives back as it was given, in every version.
_UNCHANGED = set(Kind) - {Kind.DECIMAL, Kind.DATETIME}
_ATTRIBUTE = re.compile(r'\{user\}(?:\.(?P<attribute>\w+)|\[["\'](?P<item>\w+)["\']\])?')


def testing(domain: Domain, room: Room) -> dict[str, Any]:
    """Return the words for tests."""
    given = written(domain)
    same = [each.column for each in given if each in read(domain) and each.kind in _UNCHANGED]
    changed = next(iter(same), None)
    parent = parent_of(domain, room)
    application = room.application.name if room.application else ""
    key = names.camel if room.is_camel else str
    models = [names.pascal(domain.entity), f"{names.pascal(domain.entity)}Like"]
    return {
        "values": [(each.column, example(each, room)) for each in given],
        "json_key": key,
        "id": key(room.key),
        "same": same,
        "same_tuple": _tuple([key(each) for each in same]),
        "never_null_keys": ", ".join(
            f'"{key(each.column)}"' for each in given if not each.optional
        ),
        "hidden": [each.column for each in given if each not in read(domain)],
        "refused": [(each.column, value) for each in given for value in refused(each)],
        "required": [each.column for each in given if not each.optional and each.default is None],
        "required_list": ", ".join(
            f'"{key(each.column)}"' for each in given if not each.optional and each.default is None
        ),
        "referenced": _referenced(domain, room),
        "changed": changed,
        "nullable": [each.column for each in given if each.optional and each in read(domain)],
        "is_repeatable": all(is_varied(each) or not each.unique for each in domain.fields),
        "unique": next((each.column for each in given if each.unique), None),
        "told_apart": {each.column for each in given if is_varied(each)},
        "literal_key": literal_key,
        "sql_key": partial(_sql_key, room=room),
        "needs_uuid_type": room.orm is Orm.COLUMNS and _uses_uuids(domain, room),
        "has_login": room.user is not None and room.user.function is not None,
        "user_value": _user_value(room),
        "application": f"{application}()" if room.is_factory else application,
        "tables": ", ".join(
            f"{model}.__table__" for model in (models if domain.is_likeable else models[:1])
        ),
        "own_path": _own_path(domain, room, parent),
        "parent_table": parent.domain if parent else "",
        "elsewhere": _elsewhere(domain, room, parent) if parent else "",
        "deleted": _elsewhere(domain, room, parent, "DELETED") if parent else "",
        "parent_columns": _parent_columns(parent) if parent else "",
    }


def _referenced(domain: Domain, room: Room) -> list[Symbol]:
    """Return the models that foreign keys lead to, and that nothing else may have imported."""
    imported = {domain.parent}
    if room.user is not None:
        imported |= {name for name, each in room.tables.items() if each.model == room.user.type}
    wanted = {field.target for field in domain.fields}
    if domain.is_owned or domain.is_likeable:
        wanted.add(room.users)
    return [room.tables[each].model for each in sorted(filter(None, wanted - imported))]


def _tuple(texts: list[str]) -> str:
    return f"({', '.join(map(repr, texts))},)"


def _user_value(room: Room) -> str:
    """Return Python for a user, as far as anyone looks at it."""
    match = _ATTRIBUTE.search(room.user.key) if room.user else None
    if room.user is None or match is None:
        return "key"
    key = "key" if room.user.key.startswith("{") else "str(key)"
    if match["attribute"]:
        return f"SimpleNamespace({match['attribute']}={key})"
    return f'{{"{match["item"]}": {key}}}' if match["item"] else key


def _own_path(domain: Domain, room: Room, parent: Table | None) -> str:
    path = path_of(domain, room)
    if parent is None:
        return f'"{path}"'
    return f'f"{path.replace(parameter_of(parent), f"{{{parent.entity.upper()}_ID}}")}"'


def _elsewhere(domain: Domain, room: Room, parent: Table, key: str | None = None) -> str:
    key = key or ("MISSING" if parent.key_type == "int" else literal_key(parent.key_type, 99999))
    path = path_of(domain, room).replace(parameter_of(parent), f"{{{key}}}")
    return f'f"{path}"'


def _parent_columns(parent: Table) -> str:
    """Return what the parent's table has beside its key."""
    if parent.gone is None:
        return ""
    return f', Column("{parent.gone}", {"Boolean" if parent.gone_is_flag else "DateTime"})'


def _sql_key(key_type: str, room: Room) -> str:
    if key_type == "UUID":
        return "postgresql.UUID(as_uuid=True)" if room.orm is Orm.COLUMNS else "Uuid"
    return "String" if key_type == "str" else "Integer"


def _uses_uuids(domain: Domain, room: Room) -> bool:
    used = {domain.parent, room.users if domain.is_owned or domain.is_likeable else None}
    used |= {field.target for field in domain.fields}
    keys = {room.tables[each].key_type for each in used - {None} if each}
    return "UUID" in keys | {room.key_type} or any(each.kind is Kind.UUID for each in domain.fields)
