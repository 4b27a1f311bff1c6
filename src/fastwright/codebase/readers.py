"""Which names of a module other files read, also tests: by import, or as its attributes."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from fastwright.codebase.imports import Imports
from fastwright.codebase.modules import Module
from fastwright.source.notes import Answers, Once
from fastwright.source.scopes import Form

_IMPORTED_FROM = re.compile(rb"\bfrom[ \t]+([\w.]+)[\s\\]+import\b")
_WORD_END = re.compile(rb"\w$")
_Imported = tuple[int, str, str]  # level, module, name
_Source = tuple[Module, int, str]  # the file that imports, level, module


class Readers:
    """Finds what of a module is read elsewhere; of what is not sure, rather too much."""

    def __init__(self, modules: Iterable[Module], imports: Imports) -> None:
        self._modules = list(modules)
        self._imports = imports
        self.names = Answers(self._names)
        self._read_of = Answers(self._find_read)

    def _names(self, module: Module) -> frozenset[str]:
        """Return the names that are read of a module; `*` where all are."""
        return frozenset(self._find(module))

    def _find(self, module: Module) -> Iterator[str]:
        folder = module.folder.rpartition("/")[2].encode()
        for other, names in self._read_of(module.stem):
            # What stands elsewhere and never names the folder means another module.
            is_near = f"{other.folder}/".startswith(f"{module.folder}/")
            is_meant = is_near or folder in other.text
            if is_meant or b"import " + module.stem.encode() in other.text:
                yield from names if other is not module else ()
        for (other, level, dotted), taken in self._taken.get(module.stem, {}).items():
            if other is not module and self._imports.find(other, level, dotted) is module:
                yield from taken

    def _find_read(self, stem: str) -> list[tuple[Module, frozenset[str]]]:
        """Return the attributes that each file reads of what has a name, or is called otherwise."""
        name = stem.encode()
        return [
            (each, frozenset(_attributes(name, each.text)))
            for each in self._modules
            if name in each.text
        ]

    @Once
    def _taken(self) -> defaultdict[str, defaultdict[_Source, set[str]]]:
        """Return the names that are imported, by the last name of what they are imported from."""
        found: defaultdict[str, defaultdict[_Source, set[str]]]
        found = defaultdict(lambda: defaultdict(set))
        for module in self._modules:
            for level, dotted, name in _imports(module):
                found[dotted.rpartition(".")[2]][module, level, dotted].add(name)
        return found


def _attributes(name: bytes, text: bytes) -> Iterator[str]:
    """Yield what stands behind a name and a dot, or behind the name's alias and a dot."""
    aliases = set(re.findall(rb"%b\s+as\s+(\w+)" % name, text))
    for each in {name, *aliases}:
        for found in re.finditer(rb"%b\s*\.\s*(\w+)" % each, text):
            if not _WORD_END.search(text[max(found.start() - 1, 0) : found.start()]):
                yield found[1].decode("utf-8", "replace")


def _imports(module: Module) -> Iterator[_Imported]:
    if not _IMPORTED_FROM.search(module.text):
        return
    scopes = [
        *(each.details.bindings for each in module.functions),
        *(each.bindings for each in module.classes),
    ]
    for scope in scopes:
        for bindings in scope.values():
            for binding in bindings:
                if binding[0] == Form.IMPORTED and binding[4] is not None:
                    yield binding[2], binding[3], binding[4]
    for function in module.functions:
        for level, dotted in function.details.star_imports:
            yield level, dotted, "*"
