"""Where a function iterates: what runs a sync generator that calling it only makes."""

from collections.abc import Iterator

from fastwright.codebase.definitions import CallSite, Function
from fastwright.codebase.resolver import Resolver
from fastwright.codebase.values import External
from fastwright.source.scopes import Form, Use
from fastwright.source.syntax import Call, Clause, Expression, For, Name, Starred, Yield, walk_all


def is_consumed(call: CallSite, resolver: Resolver) -> bool:
    """Tell whether the function that makes a generator also iterates over it."""
    function = call.function
    consumed = list(_consumed(function, resolver))
    if call.node in consumed:
        return True
    if not call.use & Use.ASSIGNED:
        return False
    names = {node.id for node in consumed if isinstance(node, Name)}
    return any(
        binding[0] == Form.VALUE and binding[2] and binding[2][:3] == call.node.raw[:3]
        for name in names
        for binding in function.details.bindings.get(name, ())
    )


def _consumed(function: Function, resolver: Resolver) -> Iterator[Expression]:
    """Yield what is iterated over, or handed to a builtin that does."""
    for node in walk_all(function.body):
        match node:
            case For(_, iterable) | Clause(_, iterable) if not node.is_async:
                yield iterable
            case Yield(value) if node.delegates and value is not None:
                yield value
            case Starred(value):
                yield value
            case Call(called, arguments):
                to = resolver.value(called, function)
                if isinstance(to, External) and to.name.startswith("builtins."):
                    yield from arguments
