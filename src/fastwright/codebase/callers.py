"""What callers pass for a parameter that says nothing about itself."""

from fastwright.codebase.call_index import CallIndex
from fastwright.codebase.definitions import CallSite, Function
from fastwright.codebase.resolver import Resolver
from fastwright.codebase.values import ClassValue, FunctionValue, Instance, Value
from fastwright.source.syntax import Expression, Parameter

# So many callers are asked; more would only say the same again.
_ENOUGH = 12


class Callers:
    """Finds the calls of a function by its name, and looks at what they pass."""

    def __init__(self, index: CallIndex, resolver: Resolver) -> None:
        self._index = index
        self._resolver = resolver

    def passed(self, parameter: Parameter, function: Function) -> Value | None:
        """Return what all callers that are known pass; None where they differ."""
        found: Value | None = None
        for call, is_bound in self._calls_of(function):
            node = _argument(call, parameter, function, is_bound=is_bound)
            value = node and self._resolver.value(node, call.function)
            match value, found:
                case Instance(), None:
                    found = value
                case (Instance(of), Instance(known)) if of != known:
                    return None
        return found

    def _calls_of(self, function: Function) -> list[tuple[CallSite, bool]]:
        name = function.name
        if name == "__init__" and function.owner is not None:
            name = function.owner.name
        found = []
        for call in self._index.named([name]):
            match self._resolver.value_of(call.called, call.function):
                case FunctionValue(called, receiver) if called is function:
                    found.append((call, receiver is not None))
                case ClassValue(definition) if definition is function.owner:
                    found.append((call, True))
            if len(found) == _ENOUGH:
                break
        return found


def _argument(
    call: CallSite, parameter: Parameter, function: Function, *, is_bound: bool
) -> Expression | None:
    names = [each.name for each in function.parameters]
    position = names.index(parameter.name) - is_bound
    if parameter.form == "keyword":
        return call.node.keyword(parameter.name)
    return call.node.argument(position, parameter.name)
