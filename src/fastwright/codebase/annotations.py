"""What annotations describe: the objects that variables, parameters and results will be."""

from functools import lru_cache

from fastwright.codebase.definitions import Scope
from fastwright.codebase.values import (
    ClassValue,
    Evaluator,
    External,
    Instance,
    Nothing,
    TypeExpression,
    Value,
)
from fastwright.source.facts import parse
from fastwright.source.nodes import wrap
from fastwright.source.reader.expressions import ExpressionReader
from fastwright.source.scopes import Scope as Notes
from fastwright.source.syntax import (
    Await,
    BinaryOperation,
    Constant,
    Expression,
    String,
    Subscript,
)

# Wrappers that say nothing about what the object is.
_TRANSPARENT = {
    "Annotated",
    "ClassVar",
    "Final",
    "InitVar",
    "NotRequired",
    "Optional",
    "ReadOnly",
    "Required",
    "TypeGuard",
}
_TYPING = ("typing.", "typing_extensions.")
# Generic classes of `typing` and `collections.abc` that are only other names of builtins.
_BUILTIN = {
    "List": "list",
    "Dict": "dict",
    "Tuple": "tuple",
    "Set": "set",
    "FrozenSet": "frozenset",
}


def described(node: Expression, scope: Scope, evaluator: Evaluator) -> Value | None:
    """Return an object of the type that an annotation describes."""
    match node:
        case String(text) if text:
            parsed = written(text)
            return described(parsed, scope, evaluator) if parsed else None
        case Constant("None"):
            return Nothing()
        case BinaryOperation(left, "|", right):
            return _first(left, right, scope, evaluator)
        case Subscript():
            return _generic(node, scope, evaluator)
        case _:
            return instance_of(evaluator.value(node, scope), evaluator)


def instance_of(value: Value | None, evaluator: Evaluator) -> Value | None:
    """Return an object of the type that a value is."""
    match value:
        case ClassValue(definition):
            return Instance(definition)
        case External(name):
            return Instance(_plain(name))
        case TypeExpression(node, scope):
            return evaluator.annotated(node, scope)
        case Nothing():
            return value
        case _:
            return None


def _first(left: Expression, right: Expression, scope: Scope, evaluator: Evaluator) -> Value | None:
    one = described(left, scope, evaluator)
    return described(right, scope, evaluator) if one is None or one == Nothing() else one


def _generic(node: Subscript, scope: Scope, evaluator: Evaluator) -> Value | None:
    base = evaluator.value(node.value, scope)
    items = node.items
    if isinstance(base, ClassValue):
        return Instance(base.definition, _arguments(items, scope, evaluator))
    if isinstance(base, TypeExpression):
        return evaluator.annotated(base.node, base.scope)  # a generic alias
    if not isinstance(base, External) or not items:
        return None
    name = _plain(base.name)
    short = name.removeprefix("typing.")
    if short in _TRANSPARENT:
        return described(items[0], scope, evaluator)
    if short == "Union":
        found = (described(each, scope, evaluator) for each in items)
        return next((each for each in found if each not in (None, Nothing())), None)
    if name == "builtins.type":
        return evaluator.value(items[0], scope)
    return Instance(name, _arguments(items, scope, evaluator))


def _arguments(
    items: tuple[Expression, ...], scope: Scope, evaluator: Evaluator
) -> tuple[Value | None, ...]:
    return tuple([described(each, scope, evaluator) for each in items])


def _plain(name: str) -> str:
    """Return one name for the many places where `typing` keeps a thing."""
    for prefix in _TYPING:
        if name.startswith(prefix):
            short = name.removeprefix(prefix)
            if short == "Type":
                return "builtins.type"
            return f"builtins.{_BUILTIN[short]}" if short in _BUILTIN else f"typing.{short}"
    if name.startswith("collections.abc."):
        return f"typing.{name.removeprefix('collections.abc.')}"
    return name


@lru_cache(maxsize=4096)
def written(text: str) -> Expression | None:
    """Return the expression in an annotation that is written as a string."""
    source = text.strip().encode()
    statements = parse(source).root_node.named_children
    if len(statements) != 1 or statements[0].type != "expression_statement":
        return None
    reader = ExpressionReader(source, Notes())
    node: Expression = wrap(reader.expression(statements[0].named_children[0]))
    return None if isinstance(node, String | Await) else node
