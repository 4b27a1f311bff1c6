"""Finds what an import means: a module of the codebase, a folder of modules, or a library."""

import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from fastwright.codebase.modules import Module

Found = Module | str  # a module, or the path of a folder of modules


class Imports:
    """The codebase's modules by where they are, and the rules of Python's import."""

    def __init__(self, modules: Iterable[Module], is_known_library: Callable[[str], bool]) -> None:
        self._modules = {module.path: module for module in modules}
        self._is_known_library = is_known_library
        self.modules = tuple(self._modules.values())
        self._folders: set[str] = set()
        for path in self._modules:
            folder = path.rpartition("/")[0]
            while folder not in self._folders:
                self._folders.add(folder)
                folder = folder.rpartition("/")[0]
        self._tops = self._index_tops()
        self._bases: dict[str, tuple[str, ...]] = {}
        self._absolute: dict[tuple[str, str], Found | None] = {}

    def at(self, path: str) -> Module:
        """Return the module in a file."""
        return self._modules[path]

    def find(self, importer: Module, level: int, dotted: str) -> Found | None:
        """Return what `dotted`, after `level` dots, is; None for what is not of the codebase."""
        if level:
            folder = importer.folder
            for _ in range(level - 1):
                folder = folder.rpartition("/")[0]
            return self.below(folder, dotted)
        key = importer.folder, dotted
        if key not in self._absolute:
            self._absolute[key] = self._find_absolute(importer, dotted)
        return self._absolute[key]

    @property
    def top_names(self) -> frozenset[str]:
        """Return the names that absolute imports of the codebase's own modules may begin with."""
        return frozenset((*self._tops, *(path.partition("/")[0] for path in self._folders)))

    def below(self, folder: str, dotted: str) -> Found | None:
        """Return the module or folder that a dotted name leads to from a folder."""
        found: Found | None = self._modules.get(_join(folder, "__init__.py"), folder)
        for part in filter(None, dotted.split(".")):
            place = _join(folder, part)
            package = self._modules.get(f"{place}/__init__.py")
            module = package or self._modules.get(f"{place}.py")
            if module is not None:
                found = module
            elif place in self._folders:
                found = place
            else:
                return None
            folder = place
        return found

    def _find_absolute(self, importer: Module, dotted: str) -> Found | None:
        top = dotted.partition(".")[0]
        external = top in sys.stdlib_module_names or self._is_known_library(top)
        for base in self._bases_of(importer.folder):
            if external and f"{_join(base, top)}/__init__.py" not in self._modules:
                continue
            if self.below(base, top) not in (None, importer):
                return self.below(base, dotted)
        if external:
            return None
        for base in self._packages_around(importer.folder):
            # A program that is started in its own folder imports from there, package or not.
            if self.below(base, top) != importer and (found := self.below(base, dotted)):
                return found
        nearest = sorted(self._tops.get(top, ()), key=lambda base: -_shared(base, importer.folder))
        for base in nearest:
            found = self.below(base, dotted)
            if found is not None:
                return found
        return None

    def _bases_of(self, folder: str) -> tuple[str, ...]:
        """Return the folders that imports start from for files in a folder, nearest first."""
        if folder not in self._bases:
            found = []
            current = folder
            while True:
                if _join(current, "__init__.py") not in self._modules:
                    found += [current, _join(current, "src")]
                if not current:
                    break
                current = current.rpartition("/")[0]
            self._bases[folder] = tuple(found)
        return self._bases[folder]

    def _packages_around(self, folder: str) -> Iterator[str]:
        """Yield the packages that a folder is or lies in, nearest first."""
        while True:
            if _join(folder, "__init__.py") in self._modules:
                yield folder
            if not folder:
                return
            folder = folder.rpartition("/")[0]

    def _index_tops(self) -> dict[str, list[str]]:
        """Return for each name that could be imported first the folders that it stands in."""
        tops: defaultdict[str, set[str]] = defaultdict(set)
        for path in self._modules:
            folder, _, name = path.rpartition("/")
            if name == "__init__.py":
                parent, _, top = folder.rpartition("/")
                if _join(parent, "__init__.py") not in self._modules:
                    tops[top].add(parent)
            elif _join(folder, "__init__.py") not in self._modules:
                tops[name.removesuffix(".py")].add(folder)
        return {top: sorted(folders) for top, folders in tops.items()}


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _shared(one: str, other: str) -> int:
    """Return how many leading folders two paths share."""
    count = 0
    for left, right in zip(one.split("/"), other.split("/"), strict=False):
        if left != right:
            break
        count += 1
    return count
