"""What callers pass for a parameter that says nothing about itself."""

from fastwright.codebase import circles, names, parameters
from fastwright.codebase.call_index import CallIndex
from fastwright.codebase.definitions import CallSite, Function
from fastwright.codebase.resolver import Resolver
from fastwright.codebase.values import ClassValue, FunctionValue, Instance, Value
from fastwright.source.notes import Answers, Note, noted, unnoted, used
from fastwright.source.syntax import Attribute, Expression, Name, Parameter

# So many callers are asked; more would only say the same again.
_ENOUGH = 12

# A function, and the name of its parameter.
_Asked = tuple[Function, str]


class Callers:
    """Finds the calls of a function by its name, and looks at what they pass.

    Functions that hand on their own parameters to each other are settled together, so that it is
    the same whichever of them is asked about first.
    """

    def __init__(self, index: CallIndex, resolver: Resolver) -> None:
        self._index = index
        self._resolver = resolver
        self._given = Answers(self._find_given)
        self._found: dict[_Asked, tuple[Value | None, Note]] = {}

    def passed(self, parameter: Parameter, function: Function) -> Value | None:
        """Return what all callers that are known pass; None where they differ."""
        asked = function, parameter.name
        if asked not in self._found:
            unnoted(self._settle, asked)
        return used(self._found[asked])

    def _settle(self, start: _Asked) -> None:
        for circle in circles.settled(start, self._leads_to, known=self._found.__contains__):
            circle.sort(key=_place_of)
            found = noted(self._agreed, circle)
            self._found.update(dict.fromkeys(circle, found))

    def _leads_to(self, asked: _Asked) -> list[_Asked]:
        return [each for each in self._given(asked) if isinstance(each, tuple)]

    def _agreed(self, circle: list[_Asked]) -> Value | None:
        """Return the one kind of object that is passed from outside a circle, if it is one."""
        found: Value | None = None
        for asked in circle:
            for given in self._given(asked):
                if isinstance(given, tuple):
                    value = None if given in circle else used(self._found[given])
                else:
                    value = given
                match value, found:
                    case Instance(), None:
                        found = value
                    case (Instance(of), Instance(known)) if of != known:
                        return None
        return found

    def _find_given(self, asked: _Asked) -> tuple[Value | _Asked, ...]:
        """Return what calls pass that is known, or of which other parameter that depends."""
        function, name = asked
        parameter = parameters.named(name, function)
        found: list[Value | _Asked] = []
        for call, is_bound in self._calls_of(function):
            node = _argument(call, parameter, function, is_bound=is_bound)
            handed_on = node and self._handed_on(node, call.function)
            given = handed_on or (node and self._resolver.value(node, call.function))
            if given:
                found.append(given)
        return tuple(found)

    def _handed_on(self, node: Expression, caller: Function) -> _Asked | None:
        """Return the parameter that an argument is, if that is said by nobody but callers."""
        if not isinstance(node, Name) or names.inner(node.id, caller, node.start):
            return None
        owner = names.parameter_owner(node.id, caller)
        if owner is None or names.bindings_of(node.id, caller) is not None:
            return None
        is_silent = self._resolver.parameters.is_silent(node.id, owner)
        return (owner, node.id) if is_silent else None

    def _calls_of(self, function: Function) -> list[tuple[CallSite, bool]]:
        name = function.name
        if name == "__init__" and function.owner is not None:
            name = function.owner.name
        is_in_module = function.owner is None and function.outer is function.module.top
        found = []
        for call in self._index.named([name]):
            if is_in_module and not _may_be_of_module(call):
                continue
            match self._resolver.value_of(call.called, call.function):
                case FunctionValue(called, receiver) if called is function:
                    found.append((call, receiver is not None))
                case ClassValue(definition) if definition is function.owner:
                    found.append((call, True))
            if len(found) == _ENOUGH:
                break
        return found


def _place_of(asked: _Asked) -> tuple[str, int, str]:
    function, name = asked
    return function.module.path, function.index, name


def _may_be_of_module(call: CallSite) -> bool:
    """Tell whether what is called may be a function of a module: by its name, or the module's."""
    root = call.node.function
    while isinstance(root, Attribute):
        root = root.value
    return isinstance(root, Name) and names.parameter_owner(root.id, call.function) is None


def _argument(
    call: CallSite, parameter: Parameter, function: Function, *, is_bound: bool
) -> Expression | None:
    position = [each.name for each in function.parameters].index(parameter.name) - is_bound
    if parameter.form == "keyword":
        return call.node.keyword(parameter.name)
    return call.node.argument(position, parameter.name)
