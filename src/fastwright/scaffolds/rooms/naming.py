"""How the modules of a project name each other: from which folder, or with dots."""

from collections import Counter
from collections.abc import Iterable, Iterator

from fastwright.codebase.codebase import Codebase
from fastwright.codebase.modules import Module
from fastwright.source.syntax import Import, ImportFrom

_TEST_FOLDERS = {"test", "tests"}


class Naming:
    """Counts the imports of modules, and names modules as most of them do."""

    def __init__(self, codebase: Codebase, modules: Iterable[Module]) -> None:
        self._codebase = codebase
        self._bases: Counter[str] = Counter()
        self._relative = 0
        for module in modules:
            self._bases.update(self._bases_of(module))
            self._relative += sum(_dots(module))

    @property
    def source(self) -> str | None:
        """Return the folder that most absolute imports start from; None where there are none."""
        found = self._bases.most_common(1)
        return found[0][0] if found else None

    @property
    def is_relative(self) -> bool:
        """Tell whether more imports begin with dots than not."""
        return self._relative > sum(self._bases.values())

    def _bases_of(self, module: Module) -> Iterator[str]:
        for dotted in _absolute(module):
            found = self._codebase.imports.find(module, 0, dotted)
            path = (
                "" if found is None else f"/{found if isinstance(found, str) else path_of(found)}"
            )
            if _TEST_FOLDERS.isdisjoint(path.split("/")):
                end = f"/{dotted.replace('.', '/')}"
                if path.endswith(end):
                    yield path.removesuffix(end).removeprefix("/")


def path_of(module: Module) -> str:
    """Return a module's path without its ending; a package's is its folder."""
    return module.folder if module.is_package else module.path.removesuffix(".py")


def dotted(module: Module, source: str) -> str:
    """Return how absolute imports that start from a folder name a module."""
    path = path_of(module)
    return (path.removeprefix(f"{source}/") if source else path).replace("/", ".")


def _absolute(module: Module) -> Iterator[str]:
    for statement in module.body:
        match statement:
            case Import(names):
                yield from (each.name for each in names)
            case ImportFrom(0, str() as name):
                yield name


def _dots(module: Module) -> Iterator[bool]:
    for statement in module.body:
        match statement:
            case ImportFrom(level):
                yield level > 0
