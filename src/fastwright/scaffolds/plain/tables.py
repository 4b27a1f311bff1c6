"""The columns of a domain's table."""

from typing import Any

from fastwright.scaffolds.domain import Domain
from fastwright.scaffolds.plain.columns import Column, Columns
from fastwright.scaffolds.plain.shape import parent_of, table_of
from fastwright.scaffolds.plain.values import NOW
from fastwright.scaffolds.room import Orm, Room


def tables(domain: Domain, room: Room) -> dict[str, Any]:
    """Return the words for tables."""
    columns = Columns(room)
    return {
        "columns": [*columns.key(), *map(columns.declare, _columns(domain, room, columns))],
        "like_columns": _like_columns(domain, room, columns),
        "class_arguments": _class_arguments(room),
    }


def _columns(domain: Domain, room: Room, columns: Columns) -> list[Column]:
    """Return the columns of a domain's table, without its key."""
    parent = parent_of(domain, room)
    listed = [columns.reference(f"{parent.entity}_id", parent)] if parent else []
    if domain.is_owned and room.users:
        listed.append(columns.reference("owner_id", room.tables[room.users]))
    listed += map(columns.of, domain.fields)
    if domain.is_threaded:
        above = f'ForeignKey("{table_of(domain, room)}.{room.key}", ondelete="CASCADE")'
        listed.append(Column("parent_id", room.key_type, (above, "index=True"), optional=True))
        listed.append(Column("depth", "int", ("Integer",), default="0"))
    if domain.is_likeable:
        listed.append(Column("like_count", "int", ("Integer",), default="0", is_ours=True))
    moment = "DateTime(timezone=True)"
    listed += [
        Column("created_at", "datetime", (moment, "index=True"), factory=NOW, is_ours=True),
        Column("updated_at", "datetime", (moment,), factory=NOW, is_ours=True),
    ]
    if domain.is_soft_deleted:
        listed.append(Column("deleted_at", "datetime", (moment,), optional=True, is_ours=True))
    listed = [each for each in listed if each.name not in room.base_columns]
    if room.base_is_dataclass:  # whose fields with default values come last
        listed.sort(key=lambda each: each.optional or bool(each.default or each.factory))
    return listed


def _like_columns(domain: Domain, room: Room, columns: Columns) -> list[str]:
    if not (domain.is_likeable and room.users):
        return []
    liked = f'ForeignKey("{table_of(domain, room)}.{room.key}", ondelete="CASCADE")'
    return [
        *columns.key(),
        columns.declare(Column(f"{domain.entity}_id", room.key_type, (liked,))),
        columns.declare(columns.reference("user_id", room.tables[room.users])),
    ]


def _class_arguments(room: Room) -> str:
    return ", table=True" if room.orm is Orm.SQLMODEL else ""
