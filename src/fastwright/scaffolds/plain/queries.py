"""How a project's code asks its database."""

import re
from typing import Any

from fastwright.scaffolds import names
from fastwright.scaffolds.domain import Domain
from fastwright.scaffolds.plain.shape import parent_of
from fastwright.scaffolds.plain.values import now
from fastwright.scaffolds.room import Orm, Room


def queries(domain: Domain, room: Room) -> dict[str, Any]:
    """Return the words for what is asked of the database."""
    entity = names.pascal(domain.entity)
    is_sqlmodel = room.orm is Orm.SQLMODEL
    parent = parent_of(domain, room)
    scope = f"{parent.entity}_id" if parent else ""
    updated = room.base_columns.get("updated_at")

    def column(name: str, model: str = entity) -> str:
        return f"col({model}.{name})" if is_sqlmodel else f"{model}.{name}"

    def selected(condition: str | bool) -> str:
        wanted = [
            *([f"{column(scope)} == {scope}"] if scope else []),
            *([f"{column('deleted_at')}.is_(None)"] if domain.is_soft_deleted else []),
        ]
        if condition:
            name = re.match(r"\w+", str(condition))
            wanted.append(column(name[0]) + str(condition)[name.end() :] if name else "")
        where = f".where({', '.join(wanted)})" if wanted else ""
        return f"select({entity}){where}"

    def is_here() -> str:
        if parent is None or parent.gone is None:
            return ""
        test = "is_not(True)" if parent.gone_is_flag else "is_(None)"
        return f", {column(parent.gone, parent.model.name)}.{test}"

    def scalars(statement: str) -> str:
        if room.session.type.module.startswith("sqlmodel"):
            found = f"session.exec({statement})"
        elif room.orm is Orm.COLUMNS:
            found = f"session.execute({statement})"
        else:
            found = f"session.scalars({statement})"
        waited = f"(await {found})" if room.is_async else found
        return f"{waited}.scalars()" if ".execute(" in found else waited

    return {
        "is_sqlmodel": is_sqlmodel,
        "await": _await(room),
        "def": "async def" if room.is_async else "def",
        "session": f"session: {room.session.type.name}",
        "query": f"query: {entity}Query",
        "scope": f"{scope}: {parent.key_type}" if parent else None,
        "scope_arguments": f", {scope}={scope}" if scope else "",
        "execute": "exec" if room.session.type.module.startswith("sqlmodel") else "execute",
        "column": column,
        "parent_is_here": is_here(),
        "selected": selected,
        "scalars": scalars,
        "dump": "dict" if room.pydantic == 1 else "model_dump",
        "now": lambda name: now(name, room),
        "is_renewed": updated is not None and updated.is_renewed,
        "finish": "flush" if room.session.commits else "commit",
        "save": f"_save_{domain.entity}",
        # What goes with a thing's replies: the likes of these, and then they themselves.
        "removed_with_it": [
            *([(f"{entity}Like", f"{domain.entity}_id")] if domain.is_likeable else []),
            (entity, room.key),
        ]
        if domain.is_threaded
        else [],
    }


def _await(room: Room) -> str:
    return "await " if room.is_async else ""
