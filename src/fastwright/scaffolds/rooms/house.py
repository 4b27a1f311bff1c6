"""Reads the room of a project made by `fastwright new`: it is known by its structure."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from fastwright.errors import UnknownRoomError
from fastwright.scaffolds import models, names
from fastwright.scaffolds.endpoints import routers
from fastwright.scaffolds.models import Model
from fastwright.scaffolds.room import (
    Asks,
    Injected,
    Layout,
    Manner,
    Orm,
    Part,
    Place,
    Room,
    Symbol,
    Table,
    Tests,
)
from fastwright.scaffolds.splicing import Node, assignment, assignments, definition, parse, text_of

_MAIN = "src/main.py"
_KNOWN_BY = (
    *(_MAIN, "src/constraints.py", "src/database.py", "src/exceptions.py", "src/pagination.py"),
    *("src/auth/dependencies.py", "src/auth/models.py", "alembic/env.py", "tests/routes.py"),
)
_USERS = "users"
_LINE_LENGTH = 100
_LOOKUP_OF_ANOTHER = re.compile(r"(\w+)_dependencies\.valid_\w+_id\b")
_FILES = {part: f"src/{{domain}}/{part}.py" for part in Part}
_PARTS: Mapping[Part, str] = _FILES | {
    Part.TESTS: "tests/{domain}/test_{domain}.py",
    Part.FACTORY: "tests/{domain}/factories.py",
}
_PLACES = {
    "application": (_MAIN, "app ="),
    "routers": (_MAIN, "DOMAINS"),
    "session": ("src/database.py", "DbSession ="),
    "user": ("src/auth/dependencies.py", "CurrentUser ="),
    "base": ("src/models.py", "class With"),
    "migrations": ("alembic/env.py", "target_metadata"),
    "tests": ("tests/routes.py", "ROUTES"),
}


def read(root: Path) -> Room | None:
    """Return the room of a project of ours; None for any other project."""
    if not _is_ours(root) or assignment(_tree(root, _MAIN), "DOMAINS") is None:
        return None
    return _room(root)


def ours(root: Path, what: str) -> Room:
    """Return the room of a project of ours, however its application is put together by now.

    Raises `UnknownRoomError` for any other project: `what` is not for it.
    """
    if not _is_ours(root):
        raise UnknownRoomError(
            f"{root} was not made by `fastwright new`, and {what} are for such projects so far."
        )
    return _room(root)


def _is_ours(root: Path) -> bool:
    return all((root / each).is_file() for each in _KNOWN_BY)


def _room(root: Path) -> Room:
    user = Symbol("src.auth.schemas", "AuthenticatedUser")
    dependencies = "src.auth.dependencies"
    return Room(
        root=root,
        manner=Manner.HOUSE,
        layout=Layout.DOMAIN,
        parts=_PARTS,
        source="",
        orm=Orm.SQLMODEL,
        is_async=True,
        base=Symbol("sqlmodel", "SQLModel"),
        session=Injected(
            Symbol("src.database", "DbSession"),
            None,
            Symbol("sqlmodel.ext.asyncio.session", "AsyncSession"),
        ),
        user=Injected(Symbol(dependencies, "CurrentUser"), None, user),
        optional_user=Injected(Symbol(dependencies, "OptionalUser"), None, user),
        schema_base=Symbol("src.schemas", "CustomModel"),
        pydantic=2,
        tables=_tables(root),
        users=_USERS,
        key_type="int",
        routers=Symbol("src.main", "DOMAINS"),
        prefix="",
        prefix_is_given=False,
        migrations="alembic/versions",
        tests=Tests("tests", is_async=True, client="client", marker=None),
        line_length=_line_length(root),
        is_typed=True,
        found=dict(_places(root)),
        application=Symbol("src.main", "app"),
        router_path=_MAIN,
        models_index="alembic/env.py",
    )


def _tables(root: Path) -> Mapping[str, Table]:
    known = list(models.read(root))
    accounts = (each.table for each in known if (each.domain, each.name) == ("auth", "User"))
    users = Table(
        _USERS,
        "user",
        Symbol("src.auth.models", "User"),
        next(accounts, "user_account"),
        *("id", "int", None, {}),
    )
    found = {_USERS: users}
    for model in known:
        entity = names.singular(model.domain)
        if model.name == names.pascal(entity):
            found[model.domain] = _table(root, entity, model)
    return found


def _table(root: Path, entity: str, model: Model) -> Table:
    domain = model.domain
    lookup, found = f"valid_{entity}_id", None
    function = definition(_tree(root, f"src/{domain}/dependencies.py"), lookup)
    returned = text_of(function.child_by_field_name("return_type")) if function else ""
    if returned.isidentifier():
        found = Symbol(f"src.{domain}.schemas", returned)
    return Table(
        domain,
        entity,
        Symbol(f"src.{domain}.models", model.name),
        model.table,
        "id" if model.has_id else "",
        "int",
        Symbol(f"src.{domain}.dependencies", lookup) if found else None,
        {},
        found=found,
        asks=_asks(root, domain, entity),
        path=_path(root, domain, entity),
    )


def _asks(root: Path, domain: str, entity: str) -> Asks:
    """Return whom a lookup lets in: it may go through those of other domains."""
    tree = _tree(root, f"src/{domain}/dependencies.py")
    function = definition(tree, f"valid_{entity}_id")
    written = text_of(function.child_by_field_name("parameters")) if function else ""
    aliases = {name: text_of(each.child_by_field_name("right")) for name, each in assignments(tree)}
    for word in re.findall(r"\w+", written):
        written += aliases.get(word, "")
    if "CurrentUser" in written:
        return Asks.SOMEBODY
    if "OptionalUser" in written:
        return Asks.PERHAPS
    others = set(_LOOKUP_OF_ANOTHER.findall(written)) - {domain}
    asked = {_asks(root, other, names.singular(other)) for other in others}
    return next((each for each in (Asks.SOMEBODY, Asks.PERHAPS) if each in asked), Asks.NOBODY)


def _path(root: Path, domain: str, entity: str) -> str:
    """Return the path of one thing of a domain, as its router has it; empty if it has none."""
    file = root / f"src/{domain}/router.py"
    router = routers.read(file.read_bytes()) if file.is_file() else None
    end = f"/{{{entity}_id}}"
    paths = (each.path for each in router.routes if each.method == "GET") if router else ()
    return next((each for each in paths if each.endswith(end)), "")


def _tree(root: Path, path: str) -> Node:
    file = root / path
    return parse(file.read_bytes() if file.is_file() else b"")


def _line_length(root: Path) -> int:
    try:
        project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
        return int(project["tool"]["ruff"]["line-length"])
    except (KeyError, OSError, TypeError, ValueError):
        return _LINE_LENGTH


def _places(root: Path) -> Iterator[tuple[str, Place]]:
    for fact, (path, beginning) in _PLACES.items():
        file = root / path
        lines = file.read_text("utf-8", "replace").splitlines() if file.is_file() else []
        for number, line in enumerate(lines, 1):
            if line.strip().startswith(beginning):
                yield fact, Place(path, number)
                break
