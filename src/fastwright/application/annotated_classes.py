"""Which of the codebase's classes an annotation names: what FastAPI reads or writes as JSON."""

from collections.abc import Iterator

from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import Class, Scope
from fastwright.codebase.values import ClassValue, External, Instance, TypeExpression, Value
from fastwright.source.syntax import BinaryOperation, Expression, String, Subscript


def named_in(annotation: Expression, scope: Scope, codebase: Codebase) -> Iterator[Class]:
    """Yield the classes in an annotation: of lists, unions, aliases and generic models too."""
    yield from _named_in(annotation, scope, codebase, set())


def _named_in(
    annotation: Expression, scope: Scope, codebase: Codebase, seen: set[int]
) -> Iterator[Class]:
    if id(annotation.raw) in seen:
        return  # an alias that names itself, as that of JSON does
    seen.add(id(annotation.raw))
    match annotation:
        case BinaryOperation(left, "|", right):
            yield from _named_in(left, scope, codebase, seen)
            yield from _named_in(right, scope, codebase, seen)
        case Subscript(base, items):
            yield from _in_generic(base, items, scope, codebase, seen)
        case String():
            yield from _described(codebase.resolver.annotated(annotation, scope))
        case _:
            match codebase.resolver.value(annotation, scope):
                case ClassValue(definition):
                    yield definition
                case TypeExpression(node, where):
                    yield from _named_in(node, where, codebase, seen)


def _in_generic(
    base: Expression,
    items: tuple[Expression, ...],
    scope: Scope,
    codebase: Codebase,
    seen: set[int],
) -> Iterator[Class]:
    match codebase.resolver.value(base, scope):
        case ClassValue(definition):
            yield definition
        case External(name) if name.endswith((".Annotated", ".Final", ".Mapped")):
            items = items[:1]
        case External(name) if name.endswith(
            (".Literal", ".ClassVar", ".Callable", ".type", ".Type")
        ):
            return
        case External() | TypeExpression():
            pass
        case _:
            return
    for item in items:
        yield from _named_in(item, scope, codebase, seen)


def _described(value: Value | None) -> Iterator[Class]:
    match value:
        case Instance(Class() as definition, arguments):
            yield definition
            for each in arguments:
                yield from _described(each)
        case Instance(_, arguments):
            for each in arguments:
                yield from _described(each)
