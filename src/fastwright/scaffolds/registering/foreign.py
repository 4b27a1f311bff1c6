"""Tells the files of a project that we did not make of a new domain."""

import re
from pathlib import PurePosixPath

from fastwright.scaffolds import names
from fastwright.scaffolds.additions import (
    Addition,
    AppendToModule,
    ImportForMigrations,
    IncludeRouter,
)
from fastwright.scaffolds.draft import Draft, Snippet
from fastwright.scaffolds.registering import appending, inclusions, indexing, late, loops
from fastwright.scaffolds.registering.spelling import Spelling
from fastwright.scaffolds.room import Room
from fastwright.scaffolds.splicing import CannotBePutError
from fastwright.source import importing


def register(draft: Draft, room: Room, addition: Addition) -> None:
    """Put an addition where it belongs; what cannot be put safely is left to the user."""
    match addition:
        case AppendToModule():
            text = draft.text(addition.path) or b""
            own = Spelling(room, addition.path, text).own
            draft.put(addition.path, appending.append(text, addition, own))
        case IncludeRouter():
            _include(draft, room, addition)
        case ImportForMigrations():
            _import_models(draft, room, addition)
        case _:
            raise TypeError(addition)


def _include(draft: Draft, room: Room, addition: IncludeRouter) -> None:
    """Include a router behind the others, imported as they are."""
    path, receiver = room.router_path, room.routers.name
    text = draft.text(path) or b""
    spelling = Spelling(room, path, text)
    wanted, router = spelling.router(addition.router)
    arguments = ", ".join(filter(None, (router, _arguments(room, addition))))
    statement = f"{receiver}.include_router({arguments})"
    changed = inclusions.include(text, receiver, arguments) or _in_a_loop(text, receiver, router)
    if changed is None:
        why = f"{path} has no one place in which `{receiver}` includes routers."
        draft.leave(Snippet(path, f"{wanted}\n\n{statement}\n", why))
    elif changed != text and room.imports_late:
        draft.put(path, late.included(text, changed, str(wanted), statement))
    elif changed != text:
        draft.put(path, importing.add(changed, wanted, spelling.own))


def _in_a_loop(text: bytes, receiver: str, router: str) -> bytes | None:
    """Return a text in which the loop that includes all routers includes one more."""
    try:
        return loops.include(text, receiver, router)
    except CannotBePutError:
        return None


def _arguments(room: Room, addition: IncludeRouter) -> str | None:
    """Return what a router is included with, beside itself."""
    if room.inclusion is None:
        return f'prefix="{addition.path}"' if addition.path is not None else None
    path = (addition.path or "").lstrip("/")
    domain = names.kebab(_domain(addition))
    prefix, tags, rest = room.inclusion.partition("tags=")
    if re.search(r"prefix=[rR]?[fF]", prefix):
        path = path.replace("{", "{{").replace("}", "}}")
    title = domain.replace("-", " ").title()
    rest = rest.replace("{path}", domain).replace("{Path}", title)
    return prefix.replace("{path}", path) + tags + rest


def _domain(addition: IncludeRouter) -> str:
    """Return the last part of a router's path: what the domain is called."""
    if addition.path:
        return PurePosixPath(addition.path).name
    words = addition.router.name.removesuffix("router").strip("_")
    return names.plural(words or addition.router.module.rpartition(".")[2])


def _import_models(draft: Draft, room: Room, addition: ImportForMigrations) -> None:
    """Import new tables where the others are imported for Alembic's sake."""
    path = room.models_index
    text = draft.text(path) if path is not None else None
    if path is not None and text is not None:
        spelling = Spelling(room, path, text)
        draft.put(path, indexing.index(text, addition, spelling, path))
