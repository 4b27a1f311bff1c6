"""Tells what expressions stand for, by following names through the whole codebase.

Nothing is guessed: what cannot be followed is None, and whoever asks has to stay silent about it.
"""

from collections import defaultdict

from fastwright.codebase import annotations, members, results
from fastwright.codebase.definitions import Class, Function, Scope
from fastwright.codebase.expressions import Expressions
from fastwright.codebase.imports import Imports
from fastwright.codebase.knowledge import Knowledge
from fastwright.codebase.lineages import Lineages
from fastwright.codebase.lookup import Lookup, found_value
from fastwright.codebase.memo import Kept, Memo
from fastwright.codebase.modules import Module
from fastwright.codebase.parameters import Parameters
from fastwright.codebase.types import object_of
from fastwright.codebase.values import (
    ClassValue,
    External,
    Folder,
    FunctionValue,
    Instance,
    ModuleValue,
    Parent,
    Text,
    TypeExpression,
    Value,
)
from fastwright.source.nodes import Raw, wrap
from fastwright.source.notes import open_notes, used
from fastwright.source.remembered import Remembered
from fastwright.source.syntax import Call, Expression, Name, Subscript


class Resolver:
    """An `Evaluator` over a codebase; what it found once, it remembers."""

    def __init__(self, imports: Imports, knowledge: Knowledge, remembered: Remembered) -> None:
        self._imports = imports
        self._knowledge = knowledge
        self._memo: Memo[Value] = Memo()
        self.parameters = Parameters(self)
        self._lookup = Lookup(imports, knowledge, self.parameters, self, self._memo)
        self._rules = {**Expressions(self, knowledge).rules, Name.kind: self._name}
        self._values: defaultdict[Scope, Kept[int, Value]] = defaultdict(dict)
        self._annotated: Kept[tuple[int, int], Value] = {}
        self._alive: list[Raw] = []  # so that no other node gets the same id
        self._lineages = Lineages(imports.at, self, remembered)
        self._returned: Kept[FunctionValue, Value] = {}

    def value(self, node: Expression, scope: Scope) -> Value | None:
        """Return what an expression stands for."""
        return self.value_of(node.raw, scope)

    def value_of(self, raw: Raw, scope: Scope) -> Value | None:
        """Return what an expression stands for; there is a view of it only where that is needed."""
        kept = self._values[scope].get(id(raw))
        if kept is not None:
            open_notes[-1].append(kept[1])
            return kept[0]
        rule = self._rules.get(raw[0])
        if rule is None:
            return None
        self._alive.append(raw)
        return self._memo.once(self._values[scope], id(raw), rule, wrap(raw), scope)

    def annotated(self, node: Expression, scope: Scope) -> Value | None:
        """Return an object of the type that an annotation describes."""
        key = id(node.raw), id(scope)
        if key in self._annotated:
            return used(self._annotated[key])
        self._alive.append(node.raw)
        return self._memo.once(self._annotated, key, annotations.described, node, scope, self)

    def lineage(self, definition: Class) -> tuple[Class | str, ...]:
        """Return a class and its bases, nearest first; a library's classes by name."""
        return self._lineages.of(definition)

    def member(self, value: Value | None, name: str) -> Value | None:
        """Return an attribute of something."""
        match value:
            case ModuleValue(module):
                return self._lookup.in_module(module, name)
            case Folder(path):
                return found_value(self._imports.below(path, name))
            case External(owner):
                full = self._knowledge.canonical(f"{owner}.{name}")
                described = self._knowledge.attribute(full)
                return object_of(described) if described else External(full)
            case ClassValue(definition) | Instance(Class() as definition):
                return self._of_class(value, definition, name)
            case Instance("starlette.datastructures.State"):
                return self._lookup.in_state(name)
            case Instance(str() as owner):
                return members.of_external(owner, name, self._knowledge)
            case Parent():
                return members.of_parent(value, name, self, self._knowledge)
            case FunctionValue(function):
                return self._function_member(function, name)
            case Text():
                return External(f"builtins.str.{name}")
            case _:
                return None

    def module_member(self, module: Module, name: str) -> Value | None:
        """Return what a module has under a name, a submodule too."""
        return self._lookup.in_module(module, name)

    def result(self, value: Value | None, call: Call | None, scope: Scope) -> Value | None:
        """Return what calling something gives."""
        match value:
            case FunctionValue():
                if value in self._returned:
                    return used(self._returned[value])
                return self._memo.once(
                    self._returned, value, results.of_function, value, self, self._knowledge
                )
            case ClassValue(definition):
                return Instance(definition)
            case External(name):
                return results.of_external(name, call, scope, self, self._knowledge)
            case Instance(Class()):
                method = self.member(value, "__call__")
                return self.result(method, call, scope) if method else None
            case Instance("sqlalchemy.orm.sessionmaker", made=(Call() as maker, where)) if (
                chosen := maker.keyword("class_")
            ):
                return annotations.instance_of(self.value(chosen, where), self)
            case Instance(str() as name):
                return results.of_external(f"{name}.__call__", call, scope, self, self._knowledge)
            case TypeExpression(node=Subscript(base), scope=where):
                return self.result(self.value(base, where), call, scope)
            case _:
                return None

    def module_of(self, importer: Module, level: int, dotted: str) -> Module | None:
        """Return the module of the codebase that an import names."""
        found = self._imports.find(importer, level, dotted)
        return found if isinstance(found, Module) else None

    def _name(self, node: Name, scope: Scope) -> Value | None:
        return self._lookup.name(node.id, scope, node.start)

    def _of_class(self, value: Value, definition: Class, name: str) -> Value | None:
        lines = self.lineage(definition)
        found = self._lookup.on_class(lines, name)
        if found is not None:
            return found
        if isinstance(value, ClassValue):
            return members.of_class(definition, name, lines, self)
        return members.of_object(definition, name, lines, self, self._knowledge)

    def _function_member(self, function: Function, name: str) -> Value | None:
        kinds = results.decorator_kinds(function, self, self._knowledge)
        if "task" in kinds:
            return External(f"celery.app.task.Task.{name}")
        made = results.decorated(function, self)
        return self.member(made, name) if isinstance(made, Instance) else None
