"""Which files import something, by the words of their import statements."""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from fastwright.codebase.modules import Class, Function, Module
from fastwright.source.syntax import ImportFrom

_IMPORT = re.compile(rb"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import|import)\b([^\n#]*)", re.MULTILINE)
# What calls a function that it is given, with arguments that it is given as well.
_RUNS = re.compile(
    rb"\b(?:add_task|create_task|filter|map|partial|partialmethod|reduce|run_in_executor"
    rb"|run_in_threadpool|run_sync|starmap|submit|to_thread)\s*\(\s*([\w.]+)(?:\s*,\s*([\w.]+))?"
)
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

    def of(self, definition: Function | Class) -> list[Module]:
        """Return the files that import a function, a class or its module by name, and its own."""
        module = definition.module
        stem = module.folder.rpartition("/")[2] if module.is_package else module.stem
        found = {module, *self._by_word[definition.name], *self._by_word[stem]}
        return sorted(found, key=lambda each: each.path)

    @cached_property
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

    @cached_property
    def handed_on(self) -> frozenset[str]:
        """Return the last names of what may be called unseen, by `functools.partial`, say."""
        return frozenset(
            name.rpartition(b".")[2].decode("utf-8", "replace")
            for module in self._modules
            for names in _RUNS.findall(module.code)
            for name in names
        )

    @cached_property
    def _by_word(self) -> defaultdict[str, set[Module]]:
        found: defaultdict[str, set[Module]] = defaultdict(set)
        for module in self._modules:
            words = {
                word
                for source, names in _IMPORT.findall(module.code)
                for part in (source, names)
                for word in _WORD.findall(part)
            }
            # Of names over several lines only the statement itself knows.
            imported = {
                each.name
                for statement in module.body
                if isinstance(statement, ImportFrom)
                for each in statement.names
            }
            for name in imported.union(word.decode("utf-8", "replace") for word in words):
                found[name].add(module)
        return found
