"""A codebase as a whole: its modules, and the questions that can be asked about all of them."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from fastwright.codebase import origins
from fastwright.codebase.call_index import CallIndex
from fastwright.codebase.callers import Callers
from fastwright.codebase.calls import CallGraph
from fastwright.codebase.definitions import CallSite, Class, Function, Scope
from fastwright.codebase.habits import Habits
from fastwright.codebase.importers import Importers
from fastwright.codebase.imports import Imports
from fastwright.codebase.knowledge import Knowledge
from fastwright.codebase.modules import Module
from fastwright.codebase.naming import Naming
from fastwright.codebase.readers import Readers
from fastwright.codebase.resolver import Resolver
from fastwright.codebase.values import External, FunctionValue, Instance, Value
from fastwright.source import parts
from fastwright.source.cells import Cells
from fastwright.source.files import Unreadable
from fastwright.source.lazy import Lazy
from fastwright.source.notes import Answers, Once, note
from fastwright.source.reading import ReadFile
from fastwright.source.remembered import Remembered
from fastwright.source.scopes import Use
from fastwright.source.syntax import Call, Expression


class Codebase:
    """All Python files of a project that is read, and who refers to whom across them."""

    def __init__(self, files: Iterable[ReadFile | Unreadable]) -> None:
        self.unreadable: list[Unreadable] = []
        self.modules: list[Module] = []
        for file in files:
            if isinstance(file, Unreadable):
                self.unreadable.append(file)
            else:
                self.modules.append(Module(file))
        self.knowledge = Knowledge()
        self.imports = Imports(self.modules, self.knowledge.is_known_package)
        # What a review works out of single things, for the next one.
        self.remembered = Remembered()
        self.resolver = Resolver(self.imports, self.knowledge, self.remembered)
        self.resolver.parameters.passed = Callers(self.index, self.resolver).passed
        self.naming = Naming()
        self.library_calls = Answers(self._library_calls)
        self._is_anywhere = Answers(self._find_anywhere)
        self.graph = CallGraph(self.resolver, self.knowledge, self.modules)
        self.habits = Habits(self)
        self.graph.runs_others = self.habits.runs_others

    @Lazy
    def by_path(self) -> dict[str, Module]:
        """Return the modules by their paths."""
        return {module.path: module for module in self.modules}

    @Lazy
    def own_modules(self) -> list[Module]:
        """Return the modules but for tests."""
        return [module for module in self.modules if not module.is_test]

    @Once
    def functions(self) -> list[Function]:
        """Return all functions and methods, and each module's own code, tests left aside."""
        return [function for module in self.own_modules for function in module.functions]

    @Once
    def classes(self) -> list[Class]:
        """Return all classes, tests left aside."""
        return [definition for module in self.own_modules for definition in module.classes]

    @property
    def derived(self) -> list[Class]:
        """Return the classes with bases or decorators, tests left aside."""
        note((parts.DERIVED, ""))
        return self._derived

    @Lazy
    def _derived(self) -> list[Class]:
        return [module.class_of(key) for module in self.own_modules for key in module.words.derived]

    def function(self, path: str, key: str) -> Function:
        """Return a function by its place; raises KeyError where it has gone."""
        return self.by_path[path].function(key)

    def below(self, definition: Class) -> list[Class]:
        """Return the classes that derive from one, tests left aside."""
        return self.graph.overrides.below(definition)

    @property
    def with_defaults(self) -> list[Function]:
        """Return the functions with defaults for parameters, tests left aside."""
        note((parts.WITH_DEFAULTS, ""))
        return [
            module.function(key)
            for module in self.own_modules
            for key in module.words.with_defaults
        ]

    def decorated(self, *names: str) -> list[Function]:
        """Return the functions with decorators of some last names, tests left aside."""
        for each in names:
            note((parts.DECORATED, each))
        return [
            module.function(key)
            for module in self.own_modules
            for key in dict.fromkeys(key for name, key in module.words.decorated if name in names)
        ]

    def defines(self, name: str) -> bool:
        """Tell whether a function or class has a last name, tests left aside."""
        note((parts.DEFINED, name))
        return name in self._defined

    @Lazy
    def _defined(self) -> set[str]:
        return {name for module in self.own_modules for name in module.words.defined}

    @property
    def coroutines(self) -> set[str]:
        """Return the names of the functions that are async, tests left aside."""
        note((parts.COROUTINES, ""))
        return {name for module in self.own_modules for name in module.words.coroutines}

    def target(self, call: CallSite) -> Value | None:
        """Return what is called."""
        return self.resolver.value_of(call.called, call.function)

    def called(self, call: CallSite) -> str | None:
        """Return the dotted name of what is called of a library; of an object, its `__call__`."""
        match self.target(call):
            case External(name):
                return name
            case Instance(str() as name):
                return f"{name}.__call__"
        return None

    def _library_calls(self, function: Function) -> tuple[tuple[CallSite, str], ...]:
        """Return the calls of libraries that a function makes when it runs, with what is called."""
        calls = ((call, self.called(call)) for call in function.calls if call.runs_here)
        return tuple([(call, name) for call, name in calls if name])

    @Once
    def index(self) -> CallIndex:
        """Return the calls by what they call, those in tests left aside."""
        return CallIndex("modules", self.own_modules, self.by_path, self.resolver)

    @Once
    def _index_of_tests(self) -> CallIndex:
        tests = [module for module in self.modules if module.is_test]
        return CallIndex("tests", tests, self.by_path, self.resolver)

    @property
    def cells(self) -> tuple[Cells[Any, Any], ...]:
        """Return what a later review may take as it is."""
        return self.habits.cells, *self.index.cells, *self._index_of_tests.cells

    def calls_to(self, *names: str) -> Iterator[CallSite]:
        """Yield the calls of a library's functions, classes or methods, by their dotted names.

        Tests are left aside: see `calls_in_tests`.
        """
        for name in names:
            yield from self.index.to(self.knowledge.canonical(name))

    def calls_in_tests(self, *names: str) -> Iterator[CallSite]:
        """Yield the calls that tests make, as `calls_to` does for the others."""
        for name in names:
            yield from self._index_of_tests.to(self.knowledge.canonical(name))

    def calls_of(self, called: Function | Class) -> list[CallSite]:
        """Return the calls of a function or class of the codebase, but for those in tests."""
        return self.index.to(called)

    def calls_anywhere(self, called: Function | Class) -> list[CallSite]:
        """Return the calls of a function or class of the codebase, those in tests too.

        For functions of modules only the files that import them are looked into.
        """
        if isinstance(called, Class) or called.owner is not None:
            return [*self.index.to(called), *self._index_of_tests.to(called)]
        names = sorted(self.index.also_called([called.name]))
        indexes = self.index, self._index_of_tests
        is_decorator = any(each.decorates(called, name) for each in indexes for name in names)
        without = 0 if is_decorator else Use.IN_DECORATOR
        calling = self.index.modules_with(names, without)
        calling |= self._index_of_tests.modules_with(names, without)
        return [
            call
            for module in sorted(calling & self.importers.of(called), key=lambda each: each.path)
            for name in names
            for function, position, use in module.unnoted_calls_named(name)
            if not use & without
            and self.target(call := module.call(function, position)) == FunctionValue(called)
        ]

    def mentioning(self, word: bytes) -> Iterator[Module]:
        """Yield the modules that have a word in their code, tests too."""
        for module in self.modules:
            if module.has_word(word):
                note((parts.WORD, word, module.path))
                yield module
        note((parts.NO_WORD, word, ""))

    def like(
        self, pattern: re.Pattern[bytes], word: bytes = b"", *, of_tests: bool = False
    ) -> Iterator[Module]:
        """Yield the modules, those of tests if wanted, with something as a pattern says.

        A word that is in all such things spares looking closer at modules without it.
        """
        said = pattern.pattern, pattern.flags
        for module in self.modules if of_tests else self.own_modules:
            if module.has_word(word) and module.has_like(pattern):
                note((parts.PATTERN, *said, module.path))
                yield module
        note((parts.NO_PATTERN, *said, ""))

    def is_anywhere(
        self, pattern: re.Pattern[bytes], word: bytes = b"", *, of_tests: bool = False
    ) -> bool:
        """Tell whether `like` finds anything; what many ask is looked for once."""
        return self._is_anywhere((pattern, word, of_tests))

    def _find_anywhere(self, question: tuple[re.Pattern[bytes], bytes, bool]) -> bool:
        pattern, word, of_tests = question
        return any(self.like(pattern, word, of_tests=of_tests))

    @Once
    def importers(self) -> Importers:
        """Return which files import what."""
        return Importers(self.modules)

    @Once
    def readers(self) -> Readers:
        """Return which names of a module are read elsewhere."""
        return Readers(self.modules, self.imports)

    def origin(self, node: Expression, scope: Scope) -> tuple[Expression, Scope] | None:
        """Return the expression that a name was last given, with its scope, through imports.

        None where the name is no variable, or is changed in ways that are not followed.
        """
        return origins.follow(node, scope, self.resolver)

    def trail(self, node: Expression, scope: Scope) -> Iterator[tuple[Expression, Scope]]:
        """Yield an expression, then step by step what its name was given, with scopes.

        The last may be a name or attribute of which the origin is not known.
        """
        return origins.trail(node, scope, self.resolver)

    def items(self, node: Expression | None, scope: Scope) -> Iterator[tuple[Expression, Scope]]:
        """Yield the items of a list or tuple that is written out, here or where its name is bound.

        What is not written out as such has none.
        """
        if node is not None:
            yield from origins.items(node, scope, self.resolver)

    def decorators(self, decorated: Function | Class) -> Iterator[Value | None]:
        """Yield what decorates a function or class; where that is called, what is called."""
        scope: Scope
        if isinstance(decorated, Class):
            nodes, scope = decorated.decorators, decorated.scope
        else:
            nodes, scope = decorated.decorators, decorated.owner or decorated.outer or decorated
        for node in nodes:
            yield self.resolver.value(node.function if isinstance(node, Call) else node, scope)

    def is_a(self, definition: Class | str | None, *bases: str) -> bool:
        """Tell whether a class is, or derives from, one of a library's classes."""
        if definition is None:
            return False
        if isinstance(definition, str):
            return self.knowledge.is_subclass(definition, *bases)
        for each in self.resolver.lineage(definition):
            if isinstance(each, str) and self.knowledge.is_subclass(each, *bases):
                return True
        return False
