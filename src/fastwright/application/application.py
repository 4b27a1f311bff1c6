"""A FastAPI application as its code describes it: the one thing that practices look at."""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from fastwright.application import entrypoint, own_classes
from fastwright.application.dependencies import Dependencies, Dependency
from fastwright.application.entries import Entries, Entry, Role
from fastwright.application.idle import Idle
from fastwright.application.matching import Matching
from fastwright.application.migrations import Migrations
from fastwright.application.models import Model, Models
from fastwright.application.plain import plain
from fastwright.application.provided import Provided
from fastwright.application.requirements import Requirements
from fastwright.application.routers import Router, Routers
from fastwright.application.routes import Route, Routes
from fastwright.application.running import Running
from fastwright.application.serving import Serving
from fastwright.application.units import Units
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import Function, Scope
from fastwright.codebase.modules import Module
from fastwright.source import files, reading
from fastwright.source.cache import Cache
from fastwright.source.cells import Cells
from fastwright.source.files import SourceFile, Unreadable
from fastwright.source.ledgers import Ledger
from fastwright.source.notes import Once
from fastwright.source.syntax import Call

# The lists that a review is divided by.
_ENTRIES, _STARTS, _WITH_DEFAULTS = "entries", "starts", "with defaults"
_MODELS, _TABLES, _COROUTINES = "models", "tables", "coroutines"

# Called with what is under way, how many are done, and of how many.
Watch = Callable[[str, int, int], None]

_OTHER_FILES = (
    *("pyproject.toml", "alembic.ini", "setup.cfg", "uv.lock", "poetry.lock", "Pipfile"),
    ".gitignore",
)
_LARGEST_OTHER = 4 * 1024 * 1024
_SKIPPED_FOLDERS = {"node_modules", "site-packages", "venv", "__pycache__"}


class Application:
    """What a codebase means to FastAPI.

    Everything is worked out when it is first asked for. Tests are part of the codebase, but not of
    the application: their routers, routes, dependencies and models are left aside.
    """

    def __init__(self, codebase: Codebase, texts: Mapping[str, str]) -> None:
        """`texts` are the project's other files, such as `alembic.ini`, by path."""
        self.codebase = codebase
        self.texts = texts
        self.dependencies = Dependencies(codebase)
        self._provided = Provided(codebase, self.dependencies)
        self.units = Units()
        self._own_classes = Ledger("own classes", lambda: own_classes.names(codebase))
        # Whether fixes are wanted that take long to work out: a review tells of none of those.
        self.is_mended = False

    @property
    def sources(self) -> list[SourceFile]:
        """Return the files that were read."""
        return [module.read.file for module in self.codebase.modules]

    @property
    def own_exceptions(self) -> tuple[str, ...]:
        """Return the names of the codebase's own exceptions."""
        return self._own_classes.row(own_classes.EXCEPTIONS) or ()

    @Once
    def routers(self) -> Routers:
        """Return the routers and applications, and what includes what."""
        return Routers(self.codebase, self._own_classes.row(own_classes.ROUTERS) or ())

    @Once
    def _routes(self) -> Routes:
        return Routes(self.codebase, self.routers, self.entrypoint)

    @Once
    def entrypoint(self) -> Router | None:
        """Return the application that the project names in `[tool.fastapi] entrypoint`."""
        return entrypoint.find(self.texts, self.codebase, self.routers)

    @property
    def routes(self) -> list[Route]:
        """Return all routes in the order of the files."""
        return self._routes.all

    @Once
    def routes_by_function(self) -> dict[Function, list[Route]]:
        """Return the routes of each function that has any, in the order of the files."""
        found: dict[Function, list[Route]] = {}
        for route in self.routes:
            found.setdefault(route.function, []).append(route)
        return found

    def told_by(self, route: Route) -> tuple[object, ...]:
        """Return, in plain values, all that is known of a route without looking into functions."""
        return (
            plain(route.function),
            plain(route.scope),
            route.scope.module.source(route.call),
            tuple(sorted(route.methods)),
            route.own_path,
            route.path,
        )

    @property
    def unknown_routes(self) -> list[tuple[Scope, Call]]:
        """Return registrations of which the router or the function is not known."""
        return self._routes.unknown

    @Once
    def serving(self) -> Serving:
        """Return which routes an application serves, or may serve."""
        return Serving(self.codebase, self.routers, self.routes)

    @Once
    def running(self) -> Running:
        """Return which modules the applications load."""
        return Running(self.codebase, self.routers)

    @Once
    def idle(self) -> Idle:
        """Return what surely no application runs."""
        return Idle(self.codebase, self.routers, self.routes, self.running)

    @Once
    def matching(self) -> Matching:
        """Return how routes are found: what their whole paths match, and which comes first."""
        return Matching(self.codebase, self.routers, self.routes)

    @Once
    def _entries(self) -> Entries:
        return Entries(
            self.codebase,
            self.routers,
            self._routes,
            self.dependencies,
            self._provided,
            idle=self.idle,
        )

    @Once
    def entries(self) -> list[Entry]:
        """Return the functions that FastAPI runs, each once."""
        if _ENTRIES in self.units.lists:
            return self.units.listed(_ENTRIES, self._entry)
        return self._entries.all()

    def each_entry(self) -> Iterator[Entry]:
        """Yield the entries one by one: a check judges each by itself, and may forget it then."""
        return self.units.each(_ENTRIES, lambda: self.entries, _key_of, self._entry)

    def each_with_defaults(self) -> Iterator[Function]:
        """Yield the functions with defaults for parameters one by one, as `each_entry` does."""
        return self.units.each(
            _WITH_DEFAULTS, lambda: self.codebase.with_defaults, _place_of, self._function
        )

    @Once
    def starts(self) -> list[Function]:
        """Return the functions that FastAPI runs for routes, each once."""
        if _STARTS in self.units.lists:
            return self.units.listed(_STARTS, self._function)
        run = (route for route in self.routes if not self.idle.has(route))
        return list(dict.fromkeys(each for route in run for each in self.functions_of(route)))

    def each_start(self) -> Iterator[Function]:
        """Yield the functions that FastAPI runs for routes one by one, as `each_entry` does."""
        return self.units.each(_STARTS, lambda: self.starts, _place_of, self._function)

    def each_calling(self, names: Iterable[str]) -> Iterator[Module]:
        """Yield the modules that call something by one of some names, as `each_entry` does."""
        wanted = sorted(names)
        return self.units.each(
            " ".join(("calling", *wanted)),
            lambda: sorted(self.codebase.index.modules_with(wanted), key=_path_of),
            _path_of,
            self.codebase.by_path.__getitem__,
        )

    def each_model(self) -> Iterator[Model]:
        """Yield the models one by one, as `each_entry` does."""
        return self.units.each(_MODELS, lambda: self.models.all, _place_of_model, self._model)

    def each_table(self) -> Iterator[Model]:
        """Yield the tables one by one, as `each_entry` does."""
        return self.units.each(_TABLES, lambda: self.tables, _place_of_model, self._model)

    def each_coroutine(self) -> Iterator[str]:
        """Yield the names of functions that are async one by one, as `each_entry` does."""
        return self.units.each(_COROUTINES, lambda: sorted(self.codebase.coroutines), str, str)

    @property
    def ledgers(self) -> dict[str, Ledger[Any, Any]]:
        """Return what a later review may take as it is, by its names."""
        graph = self.codebase.graph
        ledgers = graph.overrides.subclasses, graph.properties.names, self._own_classes
        return {each.name: each for each in ledgers}

    @property
    def cells(self) -> dict[str, Cells[Any, Any]]:
        """Return the same of what is found one by one."""
        return {each.name: each for each in (*self.codebase.cells, *self._provided.cells)}

    def _function(self, place: tuple[str, str]) -> Function:
        path, key = place
        return self.codebase.by_path[path].function(key)

    def _model(self, place: tuple[str, str]) -> Model:
        path, key = place
        model = self.models.of(self.codebase.by_path[path].class_of(key))
        if model is None:
            raise LookupError(f"{path} has no model {key}")
        return model

    def _entry(self, place: tuple[str, str, str]) -> Entry:
        path, key, role = place
        return Entry(self._function((path, key)), Role(role))

    @Once
    def served(self) -> set[Function]:
        """Return the functions that run when a request is answered, or at start-up."""
        return self.reached(entry.function for entry in self.entries)

    @Once
    def starting(self) -> set[Function]:
        """Return the functions that run at start-up or shutdown, and never for a request."""
        lifespans = [each.function for each in self.entries if each.role is Role.LIFESPAN]
        others = [each.function for each in self.entries if each.role is not Role.LIFESPAN]
        return self.reached(lifespans) - self.reached(others)

    def reached(self, starts: Iterable[Function]) -> set[Function]:
        """Return functions, and all that they run."""
        pending = list(dict.fromkeys(starts))
        found = set(pending)
        for function in pending:
            for edge in self.codebase.graph.edges(function):
                if edge.to not in found:
                    found.add(edge.to)
                    pending.append(edge.to)
        return found

    @Once
    def written_dependencies(self) -> list[Dependency]:
        """Return every `Depends` and `Security` that is written anywhere."""
        return list(self._entries.dependencies())

    @Once
    def models(self) -> Models:
        """Return the schemas, tables and settings."""
        return Models(self.codebase)

    @property
    def schemas(self) -> list[Model]:
        """Return the Pydantic models that are neither tables nor settings."""
        return self.models.schemas

    @property
    def tables(self) -> list[Model]:
        """Return the models that have a table."""
        return self.models.tables

    @property
    def settings(self) -> list[Model]:
        """Return the settings classes."""
        return self.models.settings

    @Once
    def migrations(self) -> Migrations:
        """Return the Alembic environments and revisions."""
        return Migrations(self.codebase, self.texts)

    @Once
    def requirements(self) -> Requirements:
        """Return which versions of its libraries the project asks for."""
        return Requirements(self.texts)

    def routes_of(self, router: Router) -> list[Route]:
        """Return the routes that an application serves, which is a router too."""
        return [
            route
            for route in self.routes
            if any(each.application is router for each in route.registrations)
        ]

    def dependencies_of(self, route: Route) -> tuple[Dependency, ...]:
        """Return a route's dependencies, not theirs: of applications and routers first.

        Those of a router that is included in several places are all there.
        """
        found: list[Dependency] = []
        for registration in route.registrations:
            found += self._of_router(registration.application)
            for inclusion in registration.inclusions:
                listed = inclusion.call.keyword("dependencies")
                found += self.dependencies.in_list(listed, inclusion.scope)
                found += self._of_router(inclusion.child)
        if not route.registrations:
            found += self._of_router(route.router)
        found += self.dependencies.in_list(route.keyword("dependencies"), route.scope)
        found += self.dependencies.of_function(route.function)
        return tuple(found)

    def dependency_tree(self, route: Route) -> tuple[Dependency, ...]:
        """Return a route's dependencies and all of theirs."""
        return tuple(self.dependencies.below(self.dependencies_of(route)))

    def functions_of(self, route: Route) -> list[Function]:
        """Return the functions that FastAPI runs for a route: its own, then its dependencies."""
        found = [route.function]
        for dependency in self.dependency_tree(route):
            found += self.dependencies.functions(dependency)
        return found

    def reached_from(self, route: Route) -> set[Function]:
        """Return the functions that serve a route: itself, its dependencies, and what they run."""
        return self.reached(self.functions_of(route))

    def _of_router(self, router: Router) -> list[Dependency]:
        return list(self.dependencies.in_list(router.keyword("dependencies"), router.scope))


@dataclass(frozen=True, slots=True)
class Gathered:
    """The files of a project as they are now: all that an application is made of."""

    sources: tuple[SourceFile, ...]
    unreadable: tuple[Unreadable, ...]
    # The project's other files, such as `alembic.ini`, by path.
    texts: Mapping[str, str]


def gather(
    root: Path,
    paths: tuple[Path, ...] = (),
    *,
    exclude: tuple[str, ...] = (),
    within: Path | None = None,
) -> Gathered:
    """Return the files below `paths`, by default below `root`.

    `exclude` are patterns as in a `.gitignore`; links that lead out of `within` are not followed.
    """
    root = root.absolute()
    found = [files.read(path, root, within) for path in files.find(root, paths, exclude)]
    return Gathered(
        tuple(each for each in found if isinstance(each, SourceFile)),
        tuple(each for each in found if isinstance(each, Unreadable)),
        {shown: _text(path) for shown, path in _others(root, within)},
    )


def understand(
    gathered: Gathered,
    cache: Cache | None = None,
    watch: Watch = lambda _what, _done, _of: None,
) -> Application:
    """Return the application in files; `watch` is told how many are read.

    Nothing of it is imported or run, and a file that cannot be read is kept in
    `codebase.unreadable`.
    """
    read_files: Iterable[reading.ReadFile | Unreadable] = reading.read_all(
        gathered.sources, cache, lambda done, of: watch("reading", done, of)
    )
    return Application(Codebase([*read_files, *gathered.unreadable]), gathered.texts)


def read(root: Path, paths: tuple[Path, ...] = (), *, use_cache: bool = True) -> Application:
    """Return the application in the Python files below `paths`, by default below `root`."""
    gathered = gather(root, paths)
    if not use_cache:
        return understand(gathered)
    with Cache(root.absolute()) as cache:
        return understand(gathered, cache)


def state(
    root: Path,
    paths: tuple[Path, ...] = (),
    *,
    exclude: tuple[str, ...] = (),
    within: Path | None = None,
) -> str:
    """Return a digest that differs once any file that `read` would read has changed.

    It looks at sizes, times and inodes, not into the files.
    """
    root = root.absolute()
    known = hashlib.sha256()
    for path in (
        *files.find(root, paths, exclude),
        *(path for _, path in _others(root, within)),
    ):
        try:
            found = path.stat()
        except OSError:
            continue  # gone in this moment
        key = (path, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
        known.update(repr(key).encode(errors="replace"))
    return known.hexdigest()


def revise(application: Application, changed: Mapping[str, bytes]) -> Application:
    """Return an application in which some files have another text, in UTF-8, by path."""
    sources = [SourceFile(path, text) for path, text in changed.items() if path.endswith(".py")]
    read_again = {
        each.file.path if isinstance(each, reading.ReadFile) else each.path: each
        for each in reading.read_all(sources, None)
    }
    others = {path: text.decode("utf-8", "replace") for path, text in changed.items()}
    read_files = (read_again.get(each.path) or each.read for each in application.codebase.modules)
    texts = {path: others.get(path, text) for path, text in application.texts.items()}
    revised = Application(Codebase([*read_files, *application.codebase.unreadable]), texts)
    revised.is_mended = application.is_mended
    return revised


def read_texts(texts: Mapping[str, str]) -> Application:
    """Return the application in files that are given as text by path, without any cache."""
    sources = [
        SourceFile(path, text.encode()) for path, text in texts.items() if path.endswith(".py")
    ]
    others = {path: text for path, text in texts.items() if not path.endswith(".py")}
    return understand(Gathered(tuple(sources), (), others))


def _key_of(entry: Entry) -> tuple[str, str, str]:
    return *_place_of(entry.function), str(entry.role)


def _path_of(module: Module) -> str:
    return module.path


def _place_of_model(model: Model) -> tuple[str, str]:
    return model.definition.module.path, model.definition.key


def _place_of(function: Function) -> tuple[str, str]:
    return function.module.path, function.key


def _text(path: Path) -> str:
    """Return a file's text, with its line ends as they are."""
    return path.read_bytes().decode("utf-8", "replace")


def _others(root: Path, within: Path | None) -> Iterator[tuple[str, Path]]:
    """Yield the project's other files by their paths relative to the root."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(
            each for each in folders if each not in _SKIPPED_FOLDERS and not each.startswith(".")
        )
        for name in names:
            if name in _OTHER_FILES or (name.startswith("requirements") and name.endswith(".txt")):
                path = Path(folder, name)
                is_read = path.is_file() and not files.leads_out(path, within)
                if is_read and path.stat().st_size <= _LARGEST_OTHER:
                    yield PurePosixPath(path.relative_to(root)).as_posix(), path
