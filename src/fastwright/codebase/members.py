"""Attributes: of modules, classes and objects, through inheritance."""

from collections.abc import Iterator

from fastwright.codebase.definitions import Class, Function
from fastwright.codebase.knowledge import Knowledge
from fastwright.codebase.types import object_of
from fastwright.codebase.values import (
    ClassValue,
    Evaluator,
    External,
    FunctionValue,
    Instance,
    Nothing,
    Parent,
    Value,
)
from fastwright.source.nodes import wrap
from fastwright.source.scopes import Binding, Form
from fastwright.source.syntax import Attribute, Call, Expression, Name, Subscript

_DEEPEST_INHERITANCE = 40  # classes, one below the other


def lineage(definition: Class, evaluator: Evaluator) -> tuple[Class | str, ...]:
    """Return a class and its bases, nearest first; a library's classes by name."""
    found: dict[Class | str, None] = {}
    _collect(definition, evaluator, found, _DEEPEST_INHERITANCE)
    return tuple(found)


def _collect(
    definition: Class, evaluator: Evaluator, found: dict[Class | str, None], depth: int
) -> None:
    if definition in found or not depth:
        return
    found[definition] = None
    for base in definition.bases:
        match evaluator.value(_without_arguments(base), definition.scope):
            case ClassValue(parent):
                _collect(parent, evaluator, found, depth - 1)
            case External(name, Class() as parent):
                _collect(parent, evaluator, found, depth - 1)
                found.setdefault(name)
            case External(name) | Instance(str() as name):
                found.setdefault(name)
    for decorator in definition.decorators:
        made = evaluator.value(decorator, definition.scope)
        if isinstance(decorator, Call) and isinstance(made, External):
            found.setdefault(made.name)  # a class that the decorator adds, as `as_declarative` does


def _without_arguments(base: Expression) -> Expression:
    return base.value if isinstance(base, Subscript) else base


def of_class(
    definition: Class, name: str, lines: tuple[Class | str, ...], evaluator: Evaluator
) -> Value | None:
    """Return what a class has under a name, for use on the class itself."""
    found = _find(name, lines)
    match found:
        case Function():
            bound = _decorator(found) == "classmethod"
            return FunctionValue(found, ClassValue(definition) if bound else None)
        case (owner, binding):
            return _from_binding(owner, binding, evaluator)
        case str():
            return External(found)
    return None


def of_object(
    definition: Class,
    name: str,
    lines: tuple[Class | str, ...],
    evaluator: Evaluator,
    knowledge: Knowledge,
) -> Value | None:
    """Return what an object of a class has under a name."""
    receiver = Instance(definition)
    found = _find(name, lines)
    match found:
        case Function():
            decorator = _decorator(found)
            if decorator in {"property", "cached_property", "hybrid_property"}:
                return evaluator.result(FunctionValue(found, receiver), None, found)
            if decorator == "staticmethod":
                return FunctionValue(found)
            return FunctionValue(found, receiver)
        case (owner, binding):
            value = _from_binding(owner, binding, evaluator)
            if value is not None:
                return value
    assigned = _assigned(name, lines, evaluator)
    if assigned is not None:
        return assigned
    if isinstance(found, str):
        return of_external(found.rpartition(".")[0], name, knowledge)
    return None


def of_external(owner: str, name: str, knowledge: Knowledge) -> Value:
    """Return what an object of a library's class has under a name."""
    full = f"{owner}.{name}"
    described = knowledge.attribute(full)
    return object_of(described) if described else External(full)


def _find(
    name: str, lines: tuple[Class | str, ...]
) -> Function | tuple[Class, Binding] | str | None:
    """Return the nearest definition: a method, a binding, or the dotted name in a library."""
    external: str | None = None
    for each in lines:
        if isinstance(each, str):
            external = external or f"{each}.{name}"
            continue
        bound = each.bound(name)
        if bound:
            last = bound[-1]
            if last[0] == Form.FUNCTION:
                return _getter(each, bound)
            return each, last
    return external


def _getter(owner: Class, bound: list[Binding]) -> Function:
    """Return the function itself, and of a property with a setter the getter."""
    functions = [owner.module.function_at(each[2]) for each in bound if each[0] == Form.FUNCTION]
    return next((each for each in functions if _decorator(each) == "property"), functions[-1])


def _decorator(function: Function) -> str | None:
    """Return the last part of the innermost decorator's name, which decides how it is bound."""
    for decorator in reversed(function.decorators):
        match decorator:
            case Name(name) | Attribute(_, name):
                return name
            case Call(Name(name) | Attribute(_, name)):
                return name
    return None


def _from_binding(owner: Class, binding: Binding, evaluator: Evaluator) -> Value | None:
    match binding[0]:
        case Form.ANNOTATED:
            return evaluator.annotated(wrap(binding[3]), owner)
        case Form.VALUE:
            return evaluator.value_of(binding[2], owner)
        case Form.CLASS:
            return ClassValue(owner.module.class_at(binding[2]))
    return None


def _assigned(name: str, lines: tuple[Class | str, ...], evaluator: Evaluator) -> Value | None:
    """Return what methods assign to the attribute, the first that is known."""
    for method, binding in _assignments(name, lines):
        value: Value | None = None
        if binding[0] == Form.ANNOTATED:
            value = evaluator.annotated(wrap(binding[3]), method)
        if value is None and binding[0] in (Form.ANNOTATED, Form.VALUE) and binding[2]:
            value = evaluator.value_of(binding[2], method)
        if value is not None and value != Nothing():
            return value
    return None


def _assignments(name: str, lines: tuple[Class | str, ...]) -> Iterator[tuple[Function, Binding]]:
    for each in lines:
        if isinstance(each, Class):
            yield from each.assigned(name)


def of_parent(
    parent: Parent, name: str, evaluator: Evaluator, knowledge: Knowledge
) -> Value | None:
    """Return what `super()` has under a name: what comes after the class in the object's line."""
    lines = lineage(parent.receiver, evaluator)
    if parent.definition in lines:
        lines = lines[lines.index(parent.definition) + 1 :]
    return of_object(parent.receiver, name, lines, evaluator, knowledge)


def is_static(function: Function) -> bool:
    """Tell whether a method takes no object."""
    return _decorator(function) == "staticmethod"


def is_classmethod(function: Function) -> bool:
    """Tell whether a method's first parameter is its class."""
    return _decorator(function) == "classmethod" or function.name in {
        "__new__",
        "__init_subclass__",
        "__class_getitem__",
    }
