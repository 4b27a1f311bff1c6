"""Renders a domain: a new file for each part, or code for the end of files that are there."""

from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from fastwright.errors import OptionError
from fastwright.scaffolds import names
from fastwright.scaffolds.additions import (
    Addition,
    AppendToModule,
    ImportForMigrations,
    IncludeRouter,
    Rendered,
)
from fastwright.scaffolds.domain import Domain
from fastwright.scaffolds.plain.clashes import bound, told_apart
from fastwright.scaffolds.plain.modules import Modules
from fastwright.scaffolds.plain.placing import beside_parent
from fastwright.scaffolds.plain.shape import path_of, router_of
from fastwright.scaffolds.plain.tidying import parted, tidied
from fastwright.scaffolds.plain.vocabulary import vocabulary
from fastwright.scaffolds.room import Part, Room, Symbol

_PARTS = (
    Part.EXCEPTIONS,
    Part.MODELS,
    Part.SCHEMAS,
    Part.SERVICE,
    Part.DEPENDENCIES,
    Part.ROUTER,
    Part.TESTS,
)


def render(domain: Domain, room: Room) -> Rendered:
    """Return what a domain is made of in a project.

    Raises `OptionError` where something was asked for that the project lacks what it takes for.
    """
    _check(domain, room)
    room = beside_parent(domain, room)
    modules = Modules(domain, room)
    texts: dict[str, list[str]] = {}
    for part in _PARTS:
        if _is_wanted(part, domain, room):
            path = modules.path(part)
            texts.setdefault(path, []).append(tidied(_filled(part, domain, room), path, room))
    shared = {modules.path(part) for part in _PARTS if _is_shared(part, modules, domain, room)}
    files: dict[str, str] = {}
    additions: list[Addition] = []
    for path, fragments in texts.items():
        imports, bodies = _joined(fragments, path, modules, room)
        text = tidied("\n".join([*imports, "\n", bodies]), path, room)
        if path in shared:
            imports, bodies = parted(text)
            additions.append(AppendToModule(path, bodies, imports))
        else:
            files[path] = tidied(text, path, room, is_final=True)
    return Rendered(
        {**_packages(files, room), **files}, (*additions, *_registered(domain, room, modules))
    )


def _check(domain: Domain, room: Room) -> None:
    if (domain.is_owned or domain.is_likeable) and (room.user is None or room.users is None):
        option = "--owner" if domain.is_owned else "--likeable"
        raise OptionError(f"{option} needs a current user and their table, which were not found.")
    wanted = {domain.parent, *(field.target for field in domain.fields)} - {None}
    if missing := sorted(each for each in wanted if each and each not in room.tables):
        known = ", ".join(sorted(room.tables)) or "no tables"
        raise OptionError(f"There is no table of {', '.join(missing)}: the project has {known}.")


def _is_wanted(part: Part, domain: Domain, room: Room) -> bool:
    if part is Part.TESTS:
        return domain.has_tests and part in room.parts and room.session.function is not None
    return part is not Part.EXCEPTIONS or part in room.parts


def _is_shared(part: Part, modules: Modules, domain: Domain, room: Room) -> bool:
    return _is_wanted(part, domain, room) and modules.is_shared(part)


def _filled(part: Part, domain: Domain, room: Room) -> str:
    environment = Environment(
        loader=PackageLoader("fastwright.scaffolds.plain"),
        autoescape=select_autoescape(default_for_string=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    template = environment.get_template(f"{part}.py.jinja")
    return template.render(vocabulary(domain, room, part))


def _joined(
    fragments: list[str], path: str, modules: Modules, room: Room
) -> tuple[tuple[str, ...], str]:
    """Return the imports of several parts of one file, and their code."""
    package = modules.package(path)
    file = room.root / path
    known = bound(file.read_text("utf-8", "replace"), package) if file.is_file() else {}
    imports: dict[str, None] = {}
    bodies = []
    for fragment in fragments:
        code = told_apart(fragment, known, package)
        known |= bound(code, package)
        lines, body = parted(code)
        imports |= dict.fromkeys(lines)
        bodies.append(body)
    return tuple(imports), "\n\n".join(bodies)


def _packages(files: dict[str, str], room: Room) -> dict[str, str]:
    """Return the `__init__.py` that new folders need, where those beside them have one."""
    made = {}
    for path in files:
        missing = [each for each in (room.root / path).parents if not each.exists()]
        if missing and _has_packages(missing[-1].parent):
            for each in missing:
                made[(each / "__init__.py").relative_to(room.root).as_posix()] = ""
    return made


def _has_packages(folder: Path) -> bool:
    """Tell whether a folder, or any in it, is a package."""
    beside = [folder, *(each for each in folder.iterdir() if each.is_dir())]
    return any((each / "__init__.py").is_file() for each in beside)


def _registered(domain: Domain, room: Room, modules: Modules) -> list[Addition]:
    models = (
        names.pascal(domain.entity),
        *([f"{names.pascal(domain.entity)}Like"] if domain.is_likeable else []),
    )
    router = Symbol(modules.module(Part.ROUTER), router_of(domain, room))
    prefix = path_of(domain, room) if room.prefix_is_given else None
    additions: list[Addition] = [IncludeRouter(router, prefix)]
    if not modules.is_shared(Part.MODELS):
        additions.append(ImportForMigrations(modules.module(Part.MODELS), models))
    return additions
