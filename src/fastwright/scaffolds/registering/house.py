"""Puts a domain into a project made by `fastwright new`: its files, and its place in others."""

from collections.abc import Callable

from fastwright.scaffolds.additions import (
    Addition,
    AddLayer,
    AddScopes,
    ImportForMigrations,
    IncludeRouter,
    ListRoutes,
    Rendered,
)
from fastwright.scaffolds.draft import Draft, Snippet
from fastwright.scaffolds.registering import collections, floors, imports
from fastwright.scaffolds.room import Room
from fastwright.scaffolds.splicing import (
    CannotBePutError,
    Node,
    assignments,
    behind,
    definition,
    parse,
)
from fastwright.source import importing
from fastwright.source.importing import Import

_OWN = frozenset({"src", "tests"})
_MAIN = "src/main.py"
_ENV = "alembic/env.py"
_PROJECT = "pyproject.toml"
_ROUTES = "tests/routes.py"
_SCOPES = "src/auth/constants.py"


def register(draft: Draft, room: Room, rendered: Rendered) -> None:
    """Put all that was rendered into a draft; what cannot be put safely is left to the user."""
    for path, text in rendered.files.items():
        draft.make(path, text)
    for addition in rendered.additions:
        _register(draft, room, addition)


def _register(draft: Draft, room: Room, addition: Addition) -> None:
    match addition:
        case IncludeRouter():
            _include(draft, room, addition)
        case ImportForMigrations():
            _import_for_migrations(draft, addition)
        case AddLayer():
            _add_layer(draft, addition)
        case ListRoutes():
            _list_routes(draft, room, addition)
        case AddScopes():
            _add_scopes(draft, addition)
        case _:
            raise TypeError(addition)


def _include(draft: Draft, room: Room, addition: IncludeRouter) -> None:
    router = addition.router
    alias = f"{router.module.split('.')[-2]}_{router.name}"
    wanted = Import(router.module, router.name, alias)

    def change(text: bytes) -> bytes | None:
        listed = collections.append(text, "DOMAINS", alias, room.line_length)
        return None if listed is None else importing.add(listed, wanted, _OWN)

    why = "There is no DOMAINS with the routers of the application."
    _change(draft, _MAIN, change, snippet=f"{wanted}\n\napp.include_router({alias})\n", why=why)


def _import_for_migrations(draft: Draft, addition: ImportForMigrations) -> None:
    package, _, module = addition.module.rpartition(".")
    wanted = Import(package, module, f"{package.rpartition('.')[2]}_{module}")
    _change(
        draft,
        _ENV,
        lambda text: imports.for_effect(text, wanted, _OWN),
        snippet=f"{wanted}  # noqa: F401\n",
        why="There is no such file to tell Alembic of the tables.",
    )


def _add_layer(draft: Draft, addition: AddLayer) -> None:
    def change(text: bytes) -> bytes | None:
        added = floors.add(text.decode(), addition.domain, addition.package, addition.below)
        return None if added is None else added.encode()

    above = " and ".join(f'"{each}"' for each in addition.below)
    _change(
        draft,
        _PROJECT,
        change,
        snippet=f'    "{addition.domain}",\n',
        why=f"The domain has to be a layer above {above} in the import contract.",
    )


def _list_routes(draft: Draft, room: Room, addition: ListRoutes) -> None:
    name = addition.domain
    wanted = Import(f"tests.{name}", "routes", name)
    routes, make = f"**{name}.ROUTES", f"{name}.make"

    def change(text: bytes) -> bytes | None:
        listed = collections.append(text, "ROUTES", routes, room.line_length)
        made = listed and collections.append(listed, "MAKERS", make, room.line_length)
        return importing.add(made, wanted, _OWN) if made else None

    _change(
        draft,
        _ROUTES,
        change,
        snippet=f"{wanted}\n\nROUTES = {{..., {routes}}}\nMAKERS = (..., {make})\n",
        why="There are no ROUTES and MAKERS that list those of each domain.",
    )


def _add_scopes(draft: Draft, addition: AddScopes) -> None:
    lines = [f'{name} = "{value}"' for name, value in addition.members]

    def change(text: bytes) -> bytes | None:
        body = _body(text, "Scope")
        members = list(assignments(body)) if body is not None else []
        if not members:
            return None
        known = {name for name, _ in members}
        new = [line for line in lines if line.partition(" ")[0] not in known]
        last = members[-1][1].parent
        return behind(text, last, "\n".join(new)) if new and last is not None else text

    why = "There is no class Scope with what personal access tokens are good for."
    _change(draft, _SCOPES, change, snippet="\n".join(f"    {line}" for line in lines), why=why)


def _body(text: bytes, name: str) -> Node | None:
    found = definition(parse(text), name)
    return None if found is None else found.child_by_field_name("body")


def _change(
    draft: Draft, path: str, change: Callable[[bytes], bytes | None], *, snippet: str, why: str
) -> None:
    """Change a file, or leave a snippet to the user where `change` returns None."""
    text = draft.text(path)
    try:
        changed = None if text is None else change(text)
    except CannotBePutError:
        changed = None
    if changed is None:
        draft.leave(Snippet(path, snippet, why))
    else:
        draft.put(path, changed)
