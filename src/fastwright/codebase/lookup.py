"""What names stand for: in scopes, in modules and through imports."""

import builtins
from collections.abc import Iterable

from fastwright.codebase import annotations, names, results
from fastwright.codebase.definitions import Class, Function, Scope
from fastwright.codebase.imports import Found, Imports
from fastwright.codebase.knowledge import Knowledge
from fastwright.codebase.memo import Kept, Memo
from fastwright.codebase.modules import Module
from fastwright.codebase.parameters import Parameters
from fastwright.codebase.values import (
    ClassValue,
    Evaluator,
    External,
    Folder,
    FunctionValue,
    Instance,
    ModuleValue,
    Nothing,
    Text,
    TypeExpression,
    Value,
)
from fastwright.source.nodes import wrap
from fastwright.source.notes import Note, open_notes, used
from fastwright.source.scopes import Binding, Form

_BUILTINS = frozenset(dir(builtins))


class Lookup:
    """Finds what names stand for, and remembers it."""

    def __init__(
        self,
        imports: Imports,
        knowledge: Knowledge,
        parameters: Parameters,
        evaluator: Evaluator,
        memo: Memo[Value],
    ) -> None:
        self._imports = imports
        self._knowledge = knowledge
        self._parameters = parameters
        self._evaluator = evaluator
        self._memo = memo
        self._names: dict[tuple[int, str], tuple[Value, Note]] = {}
        self._members: Kept[tuple[str, str], Value] = {}
        self._states: Kept[str, Value] = {}

    def name(self, name: str, scope: Scope, position: int) -> Value | None:
        """Return what a name stands for at a place."""
        inner = names.inner(name, scope, position)
        if inner is not None:
            return self._bound(inner, scope)
        key = id(scope), name
        if key in self._names:
            return used(self._names[key])
        made = Note()
        open_notes.append(made.seen)
        try:  # not with `noted`: names lead to names, and Python's stack has an end
            value, is_everywhere = self._new_name(name, scope, position)
        finally:
            open_notes.pop()
        made = made.closed()
        open_notes[-1].append(made)
        if is_everywhere and value is not None:
            self._names[key] = value, made
        return value

    def _new_name(self, name: str, scope: Scope, position: int) -> tuple[Value | None, bool]:
        """Return what a name stands for, and whether that is the same everywhere in the scope."""
        found = names.bindings_of(name, scope)
        owner = names.parameter_owner(name, scope)
        if found is None:
            value = self._unbound(name, scope, owner)
        elif found[1] is owner:
            return self._rebound_parameter(name, owner, found[0], position), False
        else:
            bindings, where = found
            if where is scope and len(bindings) > 1:
                return self._last_of(names.at(bindings, position), where), False
            value = self._last_of(names.at(bindings, names.END), where)
            if value is None and isinstance(where, Function) and where.is_module:
                value = self._shared((where.module,), name)
        return value, True

    def in_module(self, module: Module, name: str) -> Value | None:
        """Return what a module has under a name, a submodule too."""
        key = module.path, name
        if key in self._members:
            return used(self._members[key])
        return self._memo.once(self._members, key, self._find_in_module, module, name)

    def in_state(self, name: str) -> Value | None:
        """Return what an application or a request carries under a name."""
        if name in self._states:
            return used(self._states[name])
        modules = [module for module in self._imports.modules if not module.is_test]
        return self._memo.once(self._states, name, self._shared, modules, f".state.{name}")

    def on_class(self, lines: tuple[Class | str, ...], name: str) -> Value | None:
        """Return what functions give to an attribute of a class by its name."""
        for each in lines:
            if isinstance(each, Class):
                value = self._shared((each.module,), f"{each.name}.{name}")
                if value is not None:
                    return value
        return None

    def _imported(self, module: Module, level: int, dotted: str, name: str | None) -> Value | None:
        """Return what `from dotted import name` or `import dotted` (no name) gives."""
        found = self._imports.find(module, level, dotted)
        if name is None:
            return found_value(found) or External(self._knowledge.canonical(dotted))
        if isinstance(found, Module):
            if found is module and not module.is_package:
                return None
            return self.in_module(found, name)
        if isinstance(found, str):
            return found_value(self._imports.below(found, name))
        return None if level else External(self._knowledge.canonical(f"{dotted}.{name}"))

    def _unbound(self, name: str, scope: Scope, owner: Function | None) -> Value | None:
        if owner is not None:
            return self._parameters.value(name, owner)
        found = self._from_stars(scope.module, name) or _builtin(name)
        return found or self._shared((scope.module,), name)

    def _rebound_parameter(
        self, name: str, owner: Function, bindings: list[Binding], position: int
    ) -> Value | None:
        above = names.above(bindings, position)
        value = self._last_of(above, owner)
        passed = all(binding[0] == Form.OTHER for binding in above)
        return self._parameters.value(name, owner) if value is None and passed else value

    def _last_of(self, bindings: list[Binding], where: Scope) -> Value | None:
        """Return the first that is followed of bindings in the order in which they count."""
        for binding in bindings:
            if binding[0] != Form.OTHER:
                value = self._bound(binding, where)
                if value != Nothing():
                    return value
        return None

    def _bound(self, binding: Binding, where: Scope) -> Value | None:
        """Return what a binding gives to its name."""
        match binding[0]:
            case Form.VALUE:
                return self._evaluator.value_of(binding[2], where)
            case Form.ANNOTATED:
                return self._annotated_binding(binding, where)
            case Form.IMPORTED:
                return self._imported(where.module, *binding[2:])
            case Form.FUNCTION:
                return FunctionValue(where.module.function_at(binding[2]))
            case Form.CLASS:
                return ClassValue(where.module.class_at(binding[2]))
            case Form.ENTERED:
                value = self._evaluator.value_of(binding[2], where)
                return results.entered(value, self._evaluator, self._knowledge)
            case Form.ITEM:
                return results.item_of(self._evaluator.value_of(binding[2], where))
            case Form.UNPACKED:
                return _unpacked(self._evaluator.value_of(binding[2], where), binding[3])
            case Form.CAUGHT:
                return annotations.instance_of(
                    self._evaluator.value_of(binding[2], where), self._evaluator
                )
        return None

    def _annotated_binding(self, binding: Binding, where: Scope) -> Value | None:
        if binding[2] is not None:
            value = self._evaluator.value_of(binding[2], where)
            if isinstance(value, Text | TypeExpression):
                return value
        described = self._evaluator.annotated(wrap(binding[3]), where)
        if binding[2] is None:
            return described
        value = self._evaluator.value_of(binding[2], where)
        if described is None or described == Instance("typing.TypeAlias"):
            return value
        match described, value:
            case Instance(of), Instance(made_of, made=made) if made and of == made_of:
                return value
            # `Base: type[DeclarativeBase] = Table`, `Base: DeclarativeMeta = declarative_base()`
            case (ClassValue() | External(), ClassValue() | External()) | (
                Instance(),
                ClassValue(),
            ):
                return value
            case Instance(str() as of), External() if of.endswith("Meta"):
                return value
        return described

    def _find_in_module(self, module: Module, name: str) -> Value | None:
        for binding in names.at(names.of_module(name, module), names.END):
            value = self._bound(binding, module.top)
            if value is not None and value != Nothing():
                return value
        if module.is_package:
            submodule = self._imports.below(module.folder, name)
            if submodule is not None:
                return found_value(submodule)
        return self._from_stars(module, name) or self._shared((module,), name)

    def _shared(self, modules: Iterable[Module], name: str) -> Value | None:
        """Return what functions give to a global or an attribute, if all give the same kind."""
        found: list[Value | None] = []
        for module in modules:
            for function, binding in module.shared(name):
                value = self._bound(binding, function)
                if value != Nothing():
                    found.append(value)
        kinds = {each.of if isinstance(each, Instance) else each for each in found}
        return found[0] if len(kinds) == 1 else None

    def _from_stars(self, module: Module, name: str) -> Value | None:
        for level, dotted in module.star_imports:
            found = self._imports.find(module, level, dotted)
            if isinstance(found, Module) and found is not module and not name.startswith("_"):
                value = self.in_module(found, name)
                if value is not None:
                    return value
        return None


def found_value(found: Found | None) -> Value | None:
    """Return what an import gives that leads to a module or a folder."""
    if isinstance(found, Module):
        return ModuleValue(found)
    return None if found is None else Folder(found)


def _builtin(name: str) -> Value | None:
    return External(f"builtins.{name}") if name in _BUILTINS else None


def _unpacked(value: Value | None, position: int) -> Value | None:
    match value:
        case Instance("builtins.tuple", arguments) if position < len(arguments):
            return arguments[position]
        case _:
            return None
