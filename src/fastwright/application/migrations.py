"""Alembic: the environments of a codebase, their settings and revisions."""

import configparser
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fastwright.application.folders import upward
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import Scope
from fastwright.codebase.modules import Module
from fastwright.source.notes import Once
from fastwright.source.syntax import Assign, Collection, Expression, Name, String


@dataclass(frozen=True, eq=False)
class Revision:
    """One revision: `parents` are the revisions that it follows."""

    module: Module
    identifier: str | None
    parents: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Environment:
    """An `env.py` with its `alembic.ini`, where there is one, and its revisions."""

    module: Module
    ini_path: str | None
    settings: Mapping[str, str]
    revisions: tuple[Revision, ...]


class Migrations:
    """The Alembic environments of a codebase."""

    def __init__(self, codebase: Codebase, texts: Mapping[str, str]) -> None:
        self._codebase = codebase
        self._texts = texts

    @Once
    def revisions(self) -> list[Revision]:
        """Return all revisions."""
        return [_revision(module) for module in self._codebase.modules if module.is_migration]

    @Once
    def environments(self) -> list[Environment]:
        """Return every environment: a module `env` that configures Alembic's context."""
        modules = dict.fromkeys(
            call.function.module
            for call in self._codebase.calls_to("alembic.context.configure")
            if call.function.module.stem == "env"
        )
        return [self._environment(module) for module in modules]

    def target_metadata(self, module: Module) -> Iterator[tuple[Expression, Scope]]:
        """Yield what an `env.py` passes as `target_metadata`, each item of a list."""
        for call in self._codebase.calls_to("alembic.context.configure"):
            node = call.node.keyword("target_metadata")
            if call.function.module is module and node is not None:
                items = list(self._codebase.items(node, call.function))
                yield from items or [(node, call.function)]

    def _environment(self, module: Module) -> Environment:
        ini_path, settings = self._ini(module.folder)
        below = tuple(
            each for each in self.revisions if each.module.path.startswith(f"{module.folder}/")
        )
        return Environment(module, ini_path, settings, below)

    def _ini(self, folder: str) -> tuple[str | None, Mapping[str, str]]:
        """Return the settings of the nearest `alembic.ini` upward, whose folder they name."""
        for each in upward(folder):
            path = f"{each}/alembic.ini".lstrip("/")
            if path in self._texts:
                return path, _settings(self._texts[path])
        return None, {}


def _settings(text: str) -> Mapping[str, str]:
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return {}
    return dict(parser["alembic"]) if parser.has_section("alembic") else {}


def _revision(module: Module) -> Revision:
    identifier: str | None = None
    parents: tuple[str, ...] = ()
    for statement in module.body:
        match statement:
            case Assign((Name("revision"),), _, String(text)):
                identifier = text
            case Assign((Name("down_revision"),), _, value) if value is not None:
                parents = tuple(_texts(value))
    return Revision(module, identifier, parents)


def _texts(value: Expression) -> list[str]:
    match value:
        case String(str() as text):
            return [text]
        case Collection(_, items):
            return [item.value for item in items if isinstance(item, String) and item.value]
        case _:
            return []
