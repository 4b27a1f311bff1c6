"""Tells the files of a project made by `fastwright new` of a new domain."""

from fastwright.scaffolds.additions import (
    Addition,
    AddLayer,
    AddScopes,
    ImportForMigrations,
    IncludeRouter,
    ListRoutes,
)
from fastwright.scaffolds.draft import OWN, Draft
from fastwright.scaffolds.registering import collections, effects, floors
from fastwright.scaffolds.splicing import CannotBePutError, Node, assignments, behind, definition
from fastwright.source.importing import Import

_MAIN = "src/main.py"
_ENV = "alembic/env.py"
_ROUTES = "tests/routes.py"
_SCOPES = "src/auth/constants.py"


def register(draft: Draft, addition: Addition) -> None:
    """Put an addition where it belongs; what cannot be put safely is left to the user."""
    match addition:
        case IncludeRouter():
            _include(draft, addition)
        case ImportForMigrations():
            _import_for_migrations(draft, addition)
        case AddLayer():
            floors.put(draft, addition.domain, addition.package, addition.below)
        case ListRoutes():
            _list_routes(draft, addition)
        case AddScopes():
            _add_scopes(draft, addition)
        case _:
            raise TypeError(addition)


def _include(draft: Draft, addition: IncludeRouter) -> None:
    router = addition.router
    alias = f"{router.module.split('.')[-2]}_{router.name}"
    wanted = Import(router.module, router.name, alias)
    if draft.change(
        _MAIN,
        lambda text, _: collections.append(text, "DOMAINS", alias),
        snippet=f"{wanted}\n\napp.include_router({alias})\n",
        why="There is no DOMAINS with the routers of the application.",
    ):
        draft.add_import(_MAIN, wanted)


def _import_for_migrations(draft: Draft, addition: ImportForMigrations) -> None:
    package, _, module = addition.module.rpartition(".")
    wanted = Import(package, module, f"{package.rpartition('.')[2]}_{module}")
    draft.change(
        _ENV,
        lambda text, _: effects.add(text, wanted, OWN),
        snippet=f"{wanted}  # noqa: F401\n",
        why="There is no such file to tell Alembic of the tables.",
    )


def _list_routes(draft: Draft, addition: ListRoutes) -> None:
    name = addition.domain
    wanted = Import(f"tests.{name}", "routes", name)
    routes, make = f"**{name}.ROUTES", f"{name}.make"

    def change(text: bytes, _: Node) -> bytes:
        return collections.append(collections.append(text, "ROUTES", routes), "MAKERS", make)

    if draft.change(
        _ROUTES,
        change,
        snippet=f"{wanted}\n\nROUTES = {{..., {routes}}}\nMAKERS = (..., {make})\n",
        why="There are no ROUTES and MAKERS that list those of each domain.",
    ):
        draft.add_import(_ROUTES, wanted)


def _add_scopes(draft: Draft, addition: AddScopes) -> None:
    lines = [f'{name} = "{value}"' for name, value in addition.members]

    def change(text: bytes, root: Node) -> bytes:
        scopes = definition(root, "Scope")
        body = None if scopes is None else scopes.child_by_field_name("body")
        members = [] if body is None else list(assignments(body))
        last = members[-1][1].parent if members else None
        if last is None:
            raise CannotBePutError
        known = {name for name, _ in members}
        new = [line for line in lines if line.partition(" ")[0] not in known]
        return behind(text, last, "\n".join(new)) if new else text

    draft.change(
        _SCOPES,
        change,
        snippet="\n".join(f"    {line}" for line in lines),
        why="There is no class Scope with what personal access tokens are good for.",
    )
