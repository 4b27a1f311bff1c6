"""Which files import something, by the words of their import statements."""

import re
from collections import defaultdict
from collections.abc import Iterable

from fastwright.codebase.definitions import Class, Function
from fastwright.codebase.modules import Module
from fastwright.source import parts
from fastwright.source.lazy import Lazy
from fastwright.source.notes import Once, note

_WORD = re.compile(rb"\w+")
# What replaces a function or class while a test runs, with text or an attribute that says which.
_REPLACES = re.compile(rb"\b(?:mock\w*|monkeypatch|patch|setattr)\b", re.IGNORECASE)
_REPLACED = re.compile(rb"['\"](?=([^'\"\s]+)['\"])|\.(\w+)\s*=[^=]")
# Modules that no import statement names, and what is read of them.
_UNNAMED = re.compile(rb"\b(?:import_module|__import__|reload|modules)\b")
_ATTRIBUTE = re.compile(rb"\.\s*(\w+)")
# What is found by its path: by a server, a queue, a registry or an entry point.
_PATH = re.compile(rb"['\"]\w+(?:\.\w+)*[.:](\w+)['\"]")


class Importers:
    """Finds the files that may use what a module defines, without looking into any."""

    def __init__(self, modules: Iterable[Module]) -> None:
        self._modules = list(modules)

    def of(self, definition: Function | Class) -> set[Module]:
        """Return the files that import a function, a class or its module by name, and its own."""
        module = definition.module
        stem = module.folder.rpartition("/")[2] if module.is_package else module.stem
        note((parts.IMPORTED, definition.name))
        note((parts.IMPORTED, stem))
        return {module, *self._by_word[definition.name], *self._by_word[stem]}

    def of_word(self, word: str) -> set[Module]:
        """Return the files of which import statements mention a word; `*` is for all names."""
        note((parts.IMPORTED, word))
        return self._by_word.get(word, set())

    @Once
    def found_by_text(self) -> frozenset[str]:
        """Return the names that something may be looked up by, or replaced by in a test."""
        found: set[bytes] = set()
        for module in self._modules:
            text = module.text
            found.update(_PATH.findall(text))
            if module.is_test or _REPLACES.search(text):
                for quoted, attribute in _REPLACED.findall(text):
                    found.update(_WORD.findall(quoted or attribute))
            if _UNNAMED.search(text):
                found.update(_ATTRIBUTE.findall(text))
        return frozenset(each.decode("utf-8", "replace") for each in found)

    def hand_on(self, name: str) -> bool:
        """Tell whether what has a last name may be called unseen, by `functools.partial`, say."""
        note((parts.HANDED_ON, name))
        return name in self._handed_on

    @Lazy
    def _handed_on(self) -> frozenset[str]:
        return frozenset(name for module in self._modules for name in module.words.handed_on)

    @Lazy
    def _by_word(self) -> defaultdict[str, set[Module]]:
        found: defaultdict[str, set[Module]] = defaultdict(set)
        for module in self._modules:
            for name in module.words.imported:
                found[name].add(module)
        return found
