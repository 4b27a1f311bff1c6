"""What becomes of a time that the code takes from a clock: whether it is stored or compared."""

from collections.abc import Iterable

from fastwright.application.models import DEFAULTS
from fastwright.codebase import arguments
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import Class, Function, Scope
from fastwright.codebase.values import ClassValue, External, FunctionValue, Instance
from fastwright.source import surroundings
from fastwright.source.nodes import Node, wrap
from fastwright.source.syntax import (
    Assign,
    Attribute,
    Await,
    BinaryOperation,
    Call,
    Collection,
    Comparison,
    Conditional,
    Constant,
    Expression,
    Keyword,
    Lambda,
    Name,
    Pair,
    Return,
    Starred,
    Subscript,
    Walrus,
    walk_all,
)

# Methods and attributes that make of a time what needs no zone, or something to look at.
ENDS = {
    *("strftime", "timestamp", "astimezone", "time", "ctime", "timetuple"),
    *("year", "month", "day", "hour", "minute", "second", "microsecond", "weekday", "isoweekday"),
}
_KEEPS = {"builtins.dict", "builtins.max", "builtins.min"}
_KEEPING_METHODS = (".values", ".update", ".setdefault")
_OWN = {"self", "cls"}
_PARSES = "datetime.datetime.strptime"
_OF_SECONDS = "datetime.datetime.fromtimestamp"
# When a file was written or read, which the system's clock has said.
_OF_FILE = {
    *("st_mtime", "st_ctime", "st_atime", "st_birthtime"),
    *("os.path.getmtime", "os.path.getctime", "os.path.getatime"),
}
# The local time, and where there is what reckons with it.
_CLOCKS = {"datetime.datetime.now", "datetime.datetime.today"}
_RECKONING = {"builtins", "datetime"}
_PASSING = (BinaryOperation, Conditional, Collection, Keyword, Walrus, Await, Starred, Lambda)
# So many variables and parameters are followed, one into the other.
_DEEPEST = 3


class Fates:
    """Follows times to where they are stored or compared, through variables and parameters."""

    def __init__(self, codebase: Codebase, factories: Iterable[Function]) -> None:
        """`factories` are the functions that fields and columns call for their values."""
        self._codebase = codebase
        self._factories = frozenset(factories)

    def is_kept(self, node: Expression, function: Function, depth: int = 0) -> bool:
        """Tell whether the time that `node` gives is stored or compared."""
        inner: Node = node
        for outer in reversed(surroundings.around(function.body, node)):
            verdict = self._verdict(outer, inner, function, depth)
            if verdict is not None:
                return verdict
            inner = outer
        return False

    def _verdict(self, outer: Node, inner: Node, function: Function, depth: int) -> bool | None:
        """Tell whether `outer` stores or compares what `inner` gives; None if it passes it on."""
        match outer:
            case Comparison(operands):
                others = (each for each in operands if each != inner)
                return not (
                    all(self._is_local(each, function) for each in others)
                    or all(self._is_of_clock(each, function) for each in operands)
                )
            case Pair():
                return True
            case Attribute(Call(Attribute(_, "date")), "isoformat"):
                return False  # a day, to look at
            case Attribute(_, name):
                return False if name in ENDS else None
            case Call(called):
                if called != inner:
                    return self._is_kept_by(outer, inner, function, depth)
                return None if outer.keyword("tzinfo") is None else False  # of `replace`
            case BinaryOperation(left, "-", right):
                other = right if left == inner else left
                is_span = self._is_duration(other, function)
                return None if is_span else self._is_of_row(other, function)
            case Return():
                return function in self._factories or self._is_validator(function)
            case Assign(targets):
                return any(self._is_kept_in(each, outer, function, depth) for each in targets)
            case _:
                is_test = isinstance(outer, Conditional) and outer.test == inner
                return None if isinstance(outer, _PASSING) and not is_test else False

    def _is_kept_in(
        self, target: Expression, statement: Assign, function: Function, depth: int
    ) -> bool:
        match target:
            case Name(name):
                return self._is_name_kept(name, statement.end, function, depth)
            case Attribute(Name(owner)) | Subscript(Name(owner)):
                return owner not in _OWN
            case Attribute(base, _):
                return self._is_of_row(base, function)
            case _:
                return False

    def _is_name_kept(self, name: str, after: int, function: Function, depth: int) -> bool:
        """Tell whether what a variable or parameter holds is stored or compared."""
        if function.is_module or depth == _DEEPEST:
            return False
        return any(
            isinstance(each, Name)
            and each.id == name
            and each.start >= after
            and self.is_kept(each, function, depth + 1)
            for each in walk_all(function.body)
        )

    def _is_kept_by(self, call: Call, inner: Node, function: Function, depth: int) -> bool:
        """Tell whether a call stores what it is passed."""
        name = inner.name if isinstance(inner, Keyword) else None
        value = inner.value if isinstance(inner, Keyword) else inner
        if isinstance(value, Lambda):
            return name in DEFAULTS
        match self._codebase.resolver.value(call.function, function):
            case ClassValue():
                return True
            case External(called):
                return called in _KEEPS or called.endswith(_KEEPING_METHODS)
            case FunctionValue(target):
                passed = arguments.by_parameter(call, target)
                parameter = next((each for each, node in passed if node == value), None)
                return parameter is not None and self._is_name_kept(parameter, 0, target, depth)
            case _:
                return False

    def _is_duration(self, node: Expression, function: Function) -> bool:
        value = self._codebase.resolver.value(node, function)
        return isinstance(value, Instance) and value.of == "datetime.timedelta"

    def _is_of_row(self, node: Expression, function: Function) -> bool:
        """Tell whether it is an attribute of something with fields, such as a row."""
        match node:
            case Attribute(Name(owner)) if owner in _OWN:
                return False
            case Attribute(base):
                value = self._codebase.resolver.value(base, function)
                return isinstance(value, Instance) and isinstance(value.of, Class)
            case _:
                return False

    def _is_local(self, node: Expression, function: Function) -> bool:
        """Tell whether a time was read from text without a zone, such as the name of a file."""
        origin = self._codebase.origin(node, function)
        if origin is None or not isinstance(origin[0], Call):
            return False
        match self._codebase.resolver.value(origin[0].function, origin[1]):
            case External(name):
                return name == _PARSES
            case FunctionValue(target):
                given = [wrap(raw) for raw in target.details.returns]
                called = [each for each in given if not isinstance(each, Constant)]
                return bool(called) and all(self._parses(each, target) for each in called)
        return False

    def _is_of_clock(self, node: Expression, function: Scope, depth: int = 0) -> bool:
        """Tell whether a time was taken from the same clock in this process, and was kept nowhere.

        It is made in the function, or by one that is asked nothing and knows nothing else.
        """
        origin = self._codebase.origin(node, function)
        if origin is None or not isinstance(origin[1], Function) or origin[1].is_module:
            return False
        if depth == _DEEPEST:
            return False
        match origin:
            case (BinaryOperation(left, "+" | "-"), scope):
                return self._is_of_clock(left, scope, depth + 1)
            case (Call(Attribute(base, "replace")) as call, scope) if (
                call.keyword("tzinfo") is None
            ):
                return self._is_of_clock(base, scope, depth + 1)
            case (Call() as call, scope):
                match self._codebase.resolver.value(call.function, scope):
                    case External(name):
                        return _is_clock(name, call) or self._is_of_file(name, call, scope)
                    case FunctionValue(target):
                        return not target.parameters and self._only_asks_clock(target)
        return False

    def _is_of_file(self, name: str, call: Call, scope: Scope) -> bool:
        """Tell whether it is the local time at which a file was written."""
        match call:
            case Call(_, (seconds,), ()) if name == _OF_SECONDS:
                for step, where in self._codebase.trail(seconds, scope):
                    match step:
                        case Attribute(_, attribute):
                            return attribute in _OF_FILE
                        case Call(asked):
                            value = self._codebase.resolver.value(asked, where)
                            return isinstance(value, External) and value.name in _OF_FILE
        return False

    def _only_asks_clock(self, function: Function) -> bool:
        """Tell whether a function takes the time and reckons with it, and calls nothing else."""
        found = [(each.node, self._codebase.target(each)) for each in function.calls]
        return any(
            isinstance(value, External) and _is_clock(value.name, node) for node, value in found
        ) and all(
            value.name.partition(".")[0] in _RECKONING
            if isinstance(value, External)
            else value is None and _is_of_variable(node, function)
            for node, value in found
        )

    def _parses(self, node: Expression, function: Function) -> bool:
        value = (
            self._codebase.resolver.value(node.function, function)
            if isinstance(node, Call)
            else None
        )
        return isinstance(value, External) and value.name == _PARSES

    def _is_validator(self, function: Function) -> bool:
        return any(
            isinstance(each, External) and each.name.startswith("pydantic.")
            for each in self._codebase.decorators(function)
        )


def _is_clock(name: str, call: Call) -> bool:
    """Tell whether the local time is asked for, without a zone."""
    return name in _CLOCKS and not call.arguments and not call.keywords


def _is_of_variable(call: Call, function: Function) -> bool:
    """Tell whether a method is called of what a function's own variable holds."""
    match call.function:
        case Attribute(Name(name)):
            return name in function.details.bindings
    return False
