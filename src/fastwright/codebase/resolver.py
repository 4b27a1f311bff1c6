"""Tells what expressions stand for, by following names through the whole codebase.

Nothing is guessed: what cannot be followed is None, and whoever asks has to stay silent about it.
"""

import builtins
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from fastwright.codebase import annotations, members, names, results
from fastwright.codebase.imports import Imports
from fastwright.codebase.knowledge import Knowledge
from fastwright.codebase.memo import Memo
from fastwright.codebase.modules import Class, Function, Module, Scope
from fastwright.codebase.types import object_of
from fastwright.codebase.values import (
    ClassValue,
    External,
    Folder,
    FunctionValue,
    Instance,
    ModuleValue,
    Nothing,
    Parent,
    Text,
    TypeExpression,
    Value,
)
from fastwright.source.nodes import Raw, wrap
from fastwright.source.scopes import Binding, Form
from fastwright.source.syntax import (
    Attribute,
    Await,
    BinaryOperation,
    Call,
    Collection,
    Comprehension,
    Conditional,
    Constant,
    Dict,
    Expression,
    FormattedString,
    Name,
    Number,
    Parameter,
    String,
    Subscript,
    Walrus,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_BUILTINS = frozenset(dir(builtins))
# Stands for no answer yet: None is an answer.
_UNKNOWN: Value = Text("")
_TYPE_MAKERS = ("typing.", "typing_extensions.", "collections.abc.")


class Resolver:
    """An `Evaluator` over a codebase; what it found once, it remembers."""

    def __init__(self, imports: Imports, knowledge: Knowledge) -> None:
        self._imports = imports
        self._knowledge = knowledge
        self._values: defaultdict[Scope, dict[int, Value | None]] = defaultdict(dict)
        self._annotated: dict[tuple[int, int], Value | None] = {}
        self._alive: list[Raw] = []  # so that no other node gets the same id
        self._names: dict[tuple[int, str], Value] = {}
        self._members: dict[tuple[str, str], Value | None] = {}
        self._lines: dict[Class, tuple[Class | str, ...]] = {}
        self._states: dict[str, Value | None] = {}
        self._returned: dict[FunctionValue, Value | None] = {}
        self._memo: Memo[Value] = Memo()
        self._rules: dict[int, Callable[[Any, Scope], Value | None]] = {
            Name.kind: self._name,
            Attribute.kind: self._attribute,
            Call.kind: self._call,
            Await.kind: self._await,
            String.kind: self._string,
            FormattedString.kind: lambda _node, _scope: Instance("builtins.str"),
            Number.kind: lambda _node, _scope: Instance("builtins.int"),
            Constant.kind: self._constant,
            Subscript.kind: self._subscript,
            BinaryOperation.kind: self._binary,
            Conditional.kind: self._conditional,
            Collection.kind: self._collection,
            Comprehension.kind: self._comprehension,
            Dict.kind: lambda _node, _scope: Instance("builtins.dict"),
            Walrus.kind: self._walrus,
        }
        # Called for a parameter without annotation that has a default: what FastAPI passes.
        self.injected: Callable[[Parameter, Function], Value | None] = lambda _p, _f: None
        # Called for a parameter that says nothing about itself: what callers pass.
        self.passed: Callable[[Parameter, Function], Value | None] = lambda _p, _f: None

    def value(self, node: Expression, scope: Scope) -> Value | None:
        """Return what an expression stands for."""
        raw = node.raw
        found = self._values[scope].get(id(raw), _UNKNOWN)
        return self._new_value(raw, scope) if found is _UNKNOWN else found

    def value_of(self, raw: Raw, scope: Scope) -> Value | None:
        """Return what an expression stands for; there is a view of it only where that is needed."""
        found = self._values[scope].get(id(raw), _UNKNOWN)
        return self._new_value(raw, scope) if found is _UNKNOWN else found

    def _new_value(self, raw: Raw, scope: Scope) -> Value | None:
        rule = self._rules.get(raw[0])
        if rule is None:
            return None
        self._alive.append(raw)
        return self._memo.once(self._values[scope], id(raw), rule, wrap(raw), scope)

    def annotated(self, node: Expression, scope: Scope) -> Value | None:
        """Return an object of the type that an annotation describes."""
        key = id(node.raw), id(scope)
        found = self._annotated.get(key, _UNKNOWN)
        if found is not _UNKNOWN:
            return found
        self._alive.append(node.raw)
        return self._memo.once(self._annotated, key, annotations.described, node, scope, self)

    def lineage(self, definition: Class) -> tuple[Class | str, ...]:
        """Return a class and its bases, nearest first; a library's classes by name."""
        if definition not in self._lines:
            self._lines[definition] = (definition,)
            self._lines[definition] = members.lineage(definition, self)
        return self._lines[definition]

    def member(self, value: Value | None, name: str) -> Value | None:
        """Return an attribute of something."""
        match value:
            case ModuleValue(module):
                return self.module_member(module, name)
            case Folder(path):
                return _found(self._imports.below(path, name))
            case External(owner):
                full = self._knowledge.canonical(f"{owner}.{name}")
                described = self._knowledge.attribute(full)
                return object_of(described) if described else External(full)
            case ClassValue(definition) | Instance(Class() as definition):
                return self._of_class(value, definition, name)
            case Instance("starlette.datastructures.State"):
                return self._state(name)
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

    def _of_class(self, value: Value, definition: Class, name: str) -> Value | None:
        lines = self.lineage(definition)
        found = self._set_on_class(lines, name)
        if found is not None:
            return found
        if isinstance(value, ClassValue):
            return members.of_class(definition, name, lines, self)
        return members.of_object(definition, name, lines, self, self._knowledge)

    def module_member(self, module: Module, name: str) -> Value | None:
        """Return what a module has under a name, a submodule too."""
        key = module.path, name
        found = self._members.get(key, _UNKNOWN)
        if found is not _UNKNOWN:
            return found
        return self._memo.once(self._members, key, self._module_member, module, name)

    def result(self, value: Value | None, call: Call | None, scope: Scope) -> Value | None:
        """Return what calling something gives."""
        match value:
            case FunctionValue():
                if value in self._returned:
                    return self._returned[value]
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

    def lookup(self, name: str, scope: Scope, position: int) -> Value | None:
        """Return what a name stands for at a place."""
        inner = names.inner(name, scope, position)
        if inner is not None:
            return self.bound(inner, scope)
        key = id(scope), name
        if key in self._names:
            return self._names[key]
        found = names.bindings_of(name, scope)
        owner = names.parameter_owner(name, scope)
        if found is None:
            value = self._unbound(name, scope, owner)
        elif found[1] is owner:
            return self._rebound_parameter(name, owner, found[0], position)
        else:
            bindings, where = found
            if where is scope and len(bindings) > 1:
                return self._last_of(names.at(bindings, position), where)
            value = self._last_of(names.at(bindings, names.END), where)
            if value is None and isinstance(where, Function) and where.is_module:
                value = self._shared((where.module,), name)
        if value is not None:
            self._names[key] = value  # the same everywhere in the scope
        return value

    def _unbound(self, name: str, scope: Scope, owner: Function | None) -> Value | None:
        if owner is not None:
            return self._parameter(name, owner)
        found = self._from_stars(scope.module, name) or self._builtin(name)
        return found or self._shared((scope.module,), name)

    def _rebound_parameter(
        self, name: str, owner: Function, bindings: list[Binding], position: int
    ) -> Value | None:
        above = names.above(bindings, position)
        value = self._last_of(above, owner)
        passed = all(binding[0] == Form.OTHER for binding in above)
        return self._parameter(name, owner) if value is None and passed else value

    def _last_of(self, bindings: list[Binding], where: Scope) -> Value | None:
        """Return the first that is followed of bindings in the order in which they count."""
        for binding in bindings:
            if binding[0] != Form.OTHER:
                value = self.bound(binding, where)
                if value != Nothing():
                    return value
        return None

    def bound(self, binding: Binding, where: Scope) -> Value | None:
        """Return what a binding gives to its name."""
        match binding[0]:
            case Form.VALUE:
                return self.value_of(binding[2], where)
            case Form.ANNOTATED:
                return self._annotated_binding(binding, where)
            case Form.IMPORTED:
                return self.imported(where.module, *binding[2:])
            case Form.FUNCTION:
                return FunctionValue(where.module.functions[binding[2]])
            case Form.CLASS:
                return ClassValue(where.module.classes[binding[2]])
            case Form.ENTERED:
                value = self.value_of(binding[2], where)
                return results.entered(value, self, self._knowledge)
            case Form.ITEM:
                return results.item_of(self.value_of(binding[2], where))
            case Form.UNPACKED:
                return self._unpacked(self.value_of(binding[2], where), binding[3])
            case Form.CAUGHT:
                return annotations.instance_of(self.value_of(binding[2], where), self)
        return None

    def imported(self, module: Module, level: int, dotted: str, name: str | None) -> Value | None:
        """Return what `from dotted import name` or `import dotted` (no name) gives."""
        found = self._imports.find(module, level, dotted)
        if name is None:
            return _found(found) or External(self._knowledge.canonical(dotted))
        if isinstance(found, Module):
            if found is module and not module.is_package:
                return None
            return self.module_member(found, name)
        if isinstance(found, str):
            return _found(self._imports.below(found, name))
        return None if level else External(self._knowledge.canonical(f"{dotted}.{name}"))

    def module_of(self, importer: Module, level: int, dotted: str) -> Module | None:
        """Return the module of the codebase that an import names."""
        found = self._imports.find(importer, level, dotted)
        return found if isinstance(found, Module) else None

    def _name(self, node: Name, scope: Scope) -> Value | None:
        return self.lookup(node.id, scope, node.start)

    def _attribute(self, node: Attribute, scope: Scope) -> Value | None:
        return self.member(self.value(node.value, scope), node.name)

    def _await(self, node: Await, scope: Scope) -> Value | None:
        return results.awaited(self.value(node.value, scope))

    def _string(self, node: String, _scope: Scope) -> Value | None:
        text = node.value
        return Instance("builtins.bytes") if text is None else Text(text)

    def _constant(self, node: Constant, _scope: Scope) -> Value | None:
        return Nothing() if node.text == "None" else Instance("builtins.bool")

    def _collection(self, node: Collection, scope: Scope) -> Value | None:
        return Instance(f"builtins.{node.form}", self._all(node.items, scope))

    def _comprehension(self, node: Comprehension, scope: Scope) -> Value | None:
        item = node.item
        inner = self.value(item, scope) if isinstance(item, Expression) else None
        return Instance(f"builtins.{node.form}", (inner,))

    def _walrus(self, node: Walrus, scope: Scope) -> Value | None:
        return self.value(node.value, scope)

    def _all(self, nodes: tuple[Expression, ...], scope: Scope) -> tuple[Value | None, ...]:
        return tuple([self.value(each, scope) for each in nodes])

    def _call(self, node: Call, scope: Scope) -> Value | None:
        match node.function:
            case Name("super") if isinstance(scope, Function):
                return self._super(scope)
            case Name("type") if len(node.arguments) == 1:
                value = self.value(node.arguments[0], scope)
                if isinstance(value, Instance) and isinstance(value.of, Class):
                    return ClassValue(value.of)
                return None
        value = self.value(node.function, scope)
        result = self.result(value, node, scope)
        if isinstance(result, Instance) and isinstance(value, ClassValue | External):
            return Instance(result.of, result.arguments, (node, scope))
        return result

    def _super(self, scope: Function) -> Value | None:
        function: Function | None = scope
        while function is not None and function.owner is None:
            function = function.outer
        return (
            None
            if function is None or function.owner is None
            else Parent(function.owner, function.owner)
        )

    def _subscript(self, node: Subscript, scope: Scope) -> Value | None:
        base = self.value(node.value, scope)
        match base:
            case ClassValue():
                return TypeExpression(node, scope)
            case External(name) if name.startswith(_TYPE_MAKERS) or self._is_type(name):
                return TypeExpression(node, scope)
            case Instance("builtins.dict" | "typing.Mapping", (_, item)):
                return item
            case Instance("builtins.tuple", arguments) if isinstance(node.items[0], Number):
                position = int(node.items[0].text) if node.items[0].text.isdigit() else -1
                return arguments[position] if 0 <= position < len(arguments) else None
            case TypeExpression():
                return TypeExpression(node, scope)  # a generic alias
            case Instance(str() as name, ()):
                getter = External(f"{name}.__getitem__")
                return results.of_external(getter.name, None, scope, self, self._knowledge)
            case _:
                return results.item_of(base)

    def _is_type(self, name: str) -> bool:
        return name.rpartition(".")[2][:1].isupper() or (
            name.startswith("builtins.") and isinstance(vars(builtins).get(name[9:]), type)
        )

    def _binary(self, node: BinaryOperation, scope: Scope) -> Value | None:
        left, operator, right = node.left, node.operator, node.right
        one = self.value(left, scope)
        match operator, one:
            case "|", ClassValue() | External() | TypeExpression() | Nothing():
                return TypeExpression(node, scope)
            case "+", Text(text):
                other = self.value(right, scope)
                return (
                    Text(text + other.value)
                    if isinstance(other, Text)
                    else Instance("builtins.str")
                )
            case "|", Instance():
                return self._piped((one, self.value(right, scope)), scope)
            case "or", _:
                other = self.value(right, scope)
                return other if one is None or one == Nothing() else one
            case "and", _:
                return self.value(right, scope)
            case "/", Instance(str()):
                return one  # paths
            case _:
                return None

    def _piped(self, values: tuple[Value | None, ...], scope: Scope) -> Value | None:
        """Return what `one | other` gives, which either of them may say."""
        for each in values:
            if isinstance(each, Instance) and isinstance(each.of, str):
                found = self.result(External(f"{each.of}.__or__"), None, scope)
                if found is not None:
                    return found
        return None

    def _conditional(self, node: Conditional, scope: Scope) -> Value | None:
        one = self.value(node.body, scope)
        return self.value(node.otherwise, scope) if one in (None, Nothing()) else one

    def _annotated_binding(self, binding: Binding, where: Scope) -> Value | None:
        if binding[2] is not None:
            value = self.value(wrap(binding[2]), where)
            if isinstance(value, Text | TypeExpression):
                return value
        described = self.annotated(wrap(binding[3]), where)
        if binding[2] is None:
            return described
        value = self.value(wrap(binding[2]), where)
        if described is None or described == Instance("typing.TypeAlias"):
            return value
        match described, value:
            case Instance(of), Instance(made_of, made=made) if made and of == made_of:
                return value
        return described

    def _unpacked(self, value: Value | None, position: int) -> Value | None:
        match value:
            case Instance("builtins.tuple", arguments) if position < len(arguments):
                return arguments[position]
            case _:
                return None

    def _parameter(self, name: str, function: Function) -> Value | None:
        parameter = next(each for each in function.parameters if each.name == name)
        owner = function.owner
        is_method = owner is not None and not members.is_static(function)
        if owner is not None and is_method and parameter == function.parameters[0]:
            if members.is_classmethod(function):
                return ClassValue(owner)
            return Instance(owner)
        outer = function.outer or function
        value: Value | None = None
        if parameter.annotation is not None:
            value = self.annotated(parameter.annotation, outer)
            if parameter.form == "*":
                return Instance("builtins.tuple", (value,))
            if parameter.form == "**":
                return Instance("builtins.dict", (Instance("builtins.str"), value))
        if value is None:
            value = self.injected(parameter, function)
        if value is None and parameter.default is not None:
            value = self.value(parameter.default, outer)
            value = None if value == Nothing() else value
        if value is None and parameter.annotation is None and not parameter.form.startswith("*"):
            return self.passed(parameter, function)
        return value

    def _module_member(self, module: Module, name: str) -> Value | None:
        for binding in names.at(names.of_module(name, module), names.END):
            value = self.bound(binding, module.top)
            if value is not None and value != Nothing():
                return value
        if module.is_package:
            submodule = self._imports.below(module.folder, name)
            if submodule is not None:
                return _found(submodule)
        return self._from_stars(module, name) or self._shared((module,), name)

    def _shared(self, modules: Iterable[Module], name: str) -> Value | None:
        """Return what functions give to a global or an attribute, if all give the same kind."""
        found: list[Value | None] = []
        for module in modules:
            for index, binding in module.facts.shared.get(name, ()):
                value = self.bound(binding, module.functions[index])
                if value != Nothing():
                    found.append(value)
        kinds = {each.of if isinstance(each, Instance) else each for each in found}
        return found[0] if len(kinds) == 1 else None

    def _set_on_class(self, lines: tuple[Class | str, ...], name: str) -> Value | None:
        """Return what functions give to an attribute of a class by its name."""
        for each in lines:
            if isinstance(each, Class):
                value = self._shared((each.module,), f"{each.name}.{name}")
                if value is not None:
                    return value
        return None

    def _state(self, name: str) -> Value | None:
        """Return what an application or a request carries under a name."""
        if name not in self._states:
            modules = [module for module in self._imports.modules if not module.is_test]
            self._memo.once(self._states, name, self._shared, modules, f".state.{name}")
        return self._states.get(name)

    def _from_stars(self, module: Module, name: str) -> Value | None:
        for level, dotted in names.star_imports(module):
            found = self._imports.find(module, level, dotted)
            if isinstance(found, Module) and found is not module and not name.startswith("_"):
                value = self.module_member(found, name)
                if value is not None:
                    return value
        return None

    def _builtin(self, name: str) -> Value | None:
        return External(f"builtins.{name}") if name in _BUILTINS else None

    def _function_member(self, function: Function, name: str) -> Value | None:
        kinds = results.decorator_kinds(function, self, self._knowledge)
        if "task" in kinds:
            return External(f"celery.Task.{name}")
        made = results.decorated(function, self)
        return self.member(made, name) if isinstance(made, Instance) else None


def _found(found: Module | str | None) -> Value | None:
    if isinstance(found, Module):
        return ModuleValue(found)
    return None if found is None else Folder(found)
