"""How one more module can be imported by Alembic's `env.py`, as that imports its others."""

import keyword
import re
from collections.abc import Iterator

from fastwright.application.application import Application
from fastwright.application.models import Model
from fastwright.codebase.loading import Loading
from fastwright.codebase.modules import Module
from fastwright.codebase.values import ClassValue
from fastwright.source.edits import Edit
from fastwright.source.importing.statements import Statement, identifiers, parse, top_level
from fastwright.source.scopes import Form

_WIDEST = 88
# What silences a linter about an import that does not stand at the top.
_NOT_AT_TOP = re.compile(rb"#.*noqa(?!:)|#.*noqa:.*\bE402\b")
_COMMENTS = re.compile(rb"[ \t]*(#[^\n]*)?\r?\n([ \t]*#[^\n]*\n)*")
_REST = re.compile(rb"[ \t\r]*(#.*)?")
_DEFINITIONS = {"function_definition", "class_definition", "decorated_definition"}


class EnvImports:
    """The own imports at the head of an `env.py`, and what they load."""

    def __init__(
        self, env: Module, application: Application, loading: Loading, loaded: set[Module]
    ) -> None:
        self._env = env
        self._application = application
        self._codebase = application.codebase
        self._loading = loading
        self._loaded = loaded
        self._head = _head(env.text)
        self._own = [each for each in self._head if self._base_of(env, each) is not None]
        bases = {self._base_of(env, each) for each in self._own}
        self._base = bases.pop() if len(bases) == 1 else None
        self._words = set(identifiers(parse(env.text).root_node))

    def edit(self, module: Module, tables: list[Model]) -> Edit | None:
        """Return the edit that imports a module; None where it may not be imported as it is."""
        dotted = self._dotted(module)
        if dotted is None or not self._can_be_imported(module):
            return None
        lines = self._lines(dotted, tables)
        line = next((each for each in lines if len(each) <= _WIDEST), None)
        return self._placed(line) if line else None

    def _base_of(self, importer: Module, statement: Statement) -> str | None:
        """Return the folder from which a statement imports modules of the codebase."""
        for dotted in _modules_of(statement):
            found = self._codebase.imports.find(importer, 0, dotted)
            if found is not None and not dotted.startswith("."):
                path = found if isinstance(found, str) else _path(found)
                return f"/{path}".removesuffix("/" + dotted.replace(".", "/"))
        return None

    def _dotted(self, module: Module) -> str | None:
        path = f"/{_path(module)}"
        if self._base is None or not path.startswith(f"{self._base}/"):
            return None
        parts = path.removeprefix(f"{self._base}/").split("/")
        if not all(each.isidentifier() and not keyword.iskeyword(each) for each in parts):
            return None
        dotted = ".".join(parts)
        return dotted if self._codebase.imports.find(self._env, 0, dotted) is module else None

    def _can_be_imported(self, module: Module) -> bool:
        """Tell whether the application loads a module too, and nothing else comes of it."""
        run = self._loading.at_import(module)
        new = {each: imported for each, imported in run.items() if each not in self._loaded}
        makers = {each.scope.module for each in self._application.routers.all}
        return (
            any(self._imports(each, module) for each in self._codebase.own_modules)
            and makers.isdisjoint(new)
            and not _has_circle(new)
            and all(self._only_declares(each) for each in new)
        )

    def _imports(self, importer: Module, module: Module) -> bool:
        name = _path(module).rpartition("/")[2].encode()
        if importer in (module, self._env) or not importer.mentions(name):
            return False
        return module in self._loading.imported(importer)

    def _only_declares(self, module: Module) -> bool:
        if module.is_test or module.facts.errors or module.mentions(b".create_all("):
            return False
        own = (self._base_of(module, each) for each in top_level(parse(module.text)))
        return all(base in (None, self._base) for base in own) and all(
            self._is_installed(dotted.partition(".")[0]) for dotted in self._loading.unknown(module)
        )

    def _is_installed(self, top: str) -> bool:
        """Tell whether a library is named by the project, or imported by what env.py loads."""
        return self._application.requirements.names(top) or any(
            each.mentions(top.encode())
            and any(other.partition(".")[0] == top for other in self._loading.unknown(each))
            for each in self._loaded
        )

    def _lines(self, dotted: str, tables: list[Model]) -> Iterator[str]:
        """Yield the lines that would do, the one that is most like those there are first."""
        package, _, name = dotted.rpartition(".")
        if sum(each.module == package for each in self._head) > 1 and self._is_free(name):
            yield f"from {package} import {name}"
        names = sorted({each.name for each in tables})
        if self._names_tables() and all(map(self._is_free, names)):
            yield f"from {dotted} import {', '.join(names)}"
        top = dotted.partition(".")[0]
        bound = self._env.bound(top)
        if all(each[0] == Form.IMPORTED and each[-1] is None for each in bound):
            yield f"import {dotted}"

    def _names_tables(self) -> bool:
        """Tell whether the imports there are name classes with tables."""
        tables = {each.definition for each in self._application.tables}
        for statement in self._own:
            found = self._codebase.imports.find(self._env, 0, statement.module or "")
            if isinstance(found, Module):
                names = [each.imported.name or "" for each in statement.items]
                values = [self._codebase.resolver.module_member(found, name) for name in names]
                if any(isinstance(v, ClassValue) and v.definition in tables for v in values):
                    return True
        return False

    def _is_free(self, name: str) -> bool:
        return name not in self._env.top.details.bindings and name not in self._words

    def _placed(self, line: str) -> Edit | None:
        """Return the edit that puts a line among the last own imports, in their order."""
        text = self._env.text
        group = self._group()
        keys = [each.sort_key for each in group]
        key = line.startswith("from"), line.split()[1].lower()
        before = [each for each in group if each.sort_key <= key or keys != sorted(keys)]
        start = text.rfind(b"\n", 0, group[0].start) + 1
        if before:
            end = text.find(b"\n", before[-1].end)
            start = end + 1
            if end < 0 or not _REST.fullmatch(text, before[-1].end, end):
                return None
        elif text[start : group[0].start].strip():
            return None
        beside = (before or group)[-1].start
        silenced = _NOT_AT_TOP.search(text[beside : text.find(b"\n", beside)])
        return self._env.insert(start, f"{line}  # noqa: {'E402, ' if silenced else ''}F401\n")

    def _group(self) -> list[Statement]:
        """Return the last own imports, as far as no empty line or other code parts them."""
        group = [self._own[-1]]
        for each in reversed(self._own[:-1]):
            if not _COMMENTS.fullmatch(self._env.text, each.end, group[0].start):
                break
            group.insert(0, each)
        return group


def _head(text: bytes) -> list[Statement]:
    """Return the import statements above the first definition."""
    tree = parse(text)
    starts = (
        each.start_byte for each in tree.root_node.named_children if each.type in _DEFINITIONS
    )
    end = next(starts, len(text))
    return [each for each in top_level(tree) if each.end <= end]


def _path(module: Module) -> str:
    return module.folder if module.is_package else module.path.removesuffix(".py")


def _modules_of(statement: Statement) -> list[str]:
    if statement.module is not None:
        return [statement.module]
    return [each.imported.module for each in statement.items]


def _has_circle(imported: dict[Module, tuple[Module, ...]]) -> bool:
    """Tell whether modules import each other: which is imported first then matters."""
    left = dict(imported)
    while left:
        free = [each for each, needs in left.items() if left.keys().isdisjoint(needs)]
        if not free:
            return True
        for each in free:
            del left[each]
    return False
