"""Look-ups: where a route fetches one thing that the request names, and answers 404 without it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from fastwright.application.annotated_classes import named_in
from fastwright.application.application import Application
from fastwright.application.fetches import Fetch, Fetches
from fastwright.application.missing import Missing
from fastwright.application.plain import plain
from fastwright.application.routes import Route
from fastwright.codebase.definitions import Function
from fastwright.codebase.values import External, Instance, Value
from fastwright.source.places import Place
from fastwright.source.syntax import (
    Assign,
    Attribute,
    Await,
    BinaryOperation,
    Call,
    Comparison,
    Constant,
    Expression,
    ExpressionStatement,
    If,
    Name,
    Parameter,
    Return,
    Statement,
    Try,
    UnaryOperation,
    Walrus,
    With,
)

# What FastAPI passes that names nothing in the request's path, query or body.
_SPECIAL = (
    "fastapi.BackgroundTasks",
    "fastapi.UploadFile",
    "fastapi.security.SecurityScopes",
    "starlette.background.BackgroundTasks",
    "starlette.datastructures.UploadFile",
    "starlette.requests.HTTPConnection",
    "starlette.responses.Response",
    "starlette.websockets.WebSocket",
)
_CREDENTIALS = (
    "fastapi.Cookie",
    "fastapi.Header",
    "fastapi.params.Cookie",
    "fastapi.params.Header",
)
_INSISTING = ("get_one", "one", "scalar_one")


@dataclass(frozen=True, eq=False)
class Lookup:
    """A fetch in a route, with the answer that the thing was not found.

    `key`, `what`, `inputs` and `filters` are as in `Fetch`; `number` is that of the call in the
    function. `answer` is what makes the answer where it is returned rather than raised, and
    `unless` what else has to hold of the thing.
    """

    route: Route
    key: object
    what: str
    inputs: tuple[str, ...]
    filters: frozenset[str]
    number: int
    answer: str
    unless: str

    @property
    def place(self) -> Place:
        """Return where the fetch stands."""
        function = self.route.function
        return function.module.place(function.calls[self.number].node)


def lookups(application: Application) -> Iterator[Lookup]:
    """Yield the look-ups that routes make in every case: not those in branches and loops.

    Left aside is what a body names: no one dependency takes it out of different bodies.
    """
    reader = _Reader(application)

    def read(function: Function) -> tuple[tuple[Any, ...], ...]:
        fetched = list(reader.fetches(function))
        if not fetched:
            return ()
        calls = [each.node for each in function.calls]
        bodies = reader.bodies(function)
        return tuple(
            [
                (
                    *(plain(each.key), each.what, each.inputs, each.filters),
                    calls.index(each.node),
                    *(refusal.answer, refusal.unless),
                )
                for each, refusal in fetched
                if bodies.isdisjoint(each.inputs)
            ]
        )

    for function, (route, *others) in application.routes_by_function.items():
        if application.idle.has_all((route, *others)):
            continue
        question = "lookups", function.module.path, function.key
        found = application.codebase.remembered(question, partial(read, function))
        yield from (Lookup(route, *each) for each in found)


@dataclass(frozen=True, slots=True)
class _Refusal:
    """How 404 is answered, as in `Lookup`."""

    answer: str = ""
    unless: str = ""


class _Reader:
    def __init__(self, application: Application) -> None:
        self._application = application
        self._missing = Missing(application.codebase)

    def fetches(self, function: Function) -> Iterator[tuple[Fetch, _Refusal]]:
        """Yield what a route fetches or answers 404 without, and how it answers."""
        inputs = {each.name for each in function.parameters if self._is_input(each, function)}
        if not inputs:
            return
        fetches = Fetches(self._application, function, frozenset(inputs))
        found = {
            fetch.node.start: (fetch, refusal)
            for value, refusal in self._guarded(function.body, (), function)
            if (fetch := fetches.read(value)) is not None
        }
        yield from found.values()

    def bodies(self, function: Function) -> set[str]:
        """Return the parameters that are whole models."""
        outer = function.outer or function
        return {
            each.name
            for each in function.parameters
            if each.annotation is not None
            and any(
                self._application.models.of(named) is not None
                for named in named_in(each.annotation, outer, self._application.codebase)
            )
        }

    def _is_input(self, parameter: Parameter, function: Function) -> bool:
        """Tell whether a parameter comes from the path, the query or the body."""
        codebase = self._application.codebase
        dependencies = self._application.dependencies
        is_receiver = function.owner is not None and parameter == function.parameters[0]
        if is_receiver or dependencies.of_parameter(parameter, function) is not None:
            return False
        if parameter.annotation is not None:
            outer = function.outer or function
            described = codebase.resolver.annotated(parameter.annotation, outer)
            if isinstance(described, Instance) and codebase.is_a(described.of, *_SPECIAL):
                return False
        return not any(
            _is_credential(codebase.resolver.value(node, scope))
            for node, scope in dependencies.marks(parameter, function)
        )

    def _guarded(
        self, body: tuple[Statement, ...], after: tuple[Statement, ...], function: Function
    ) -> Iterator[tuple[Expression, _Refusal]]:
        """Yield the expressions of which nothing, or an error, is answered with 404."""
        for position, statement in enumerate(body):
            rest = (*body[position + 1 :], *after)
            match statement:
                case Assign((Name(name),), _, value) if value is not None:
                    refusal = self._refused(name, rest, function)
                    if refusal is not None:
                        yield value, refusal
                case If(test):
                    walrus = _walrus_in(test)
                    if walrus is not None:
                        refusal = self._refuses(statement, walrus.name, rest, function)
                        if refusal is not None:
                            yield walrus.value, refusal
                case With(_, inner):
                    yield from self._guarded(inner, rest, function)
                case Try(inner, handlers):
                    if any(self._missing.is_caught(each, function) for each in handlers):
                        yield from ((each, _Refusal()) for each in _raising(inner))
                    yield from self._guarded(inner, rest, function)

    def _refused(
        self, name: str, rest: tuple[Statement, ...], function: Function
    ) -> _Refusal | None:
        """Return how what follows answers 404 when the variable holds nothing."""
        for position, statement in enumerate(rest):
            match statement:
                case If():
                    refusal = self._refuses(statement, name, rest[position + 1 :], function)
                    if refusal is not None:
                        return refusal
                case Assign((Name(again),), _, _) if again == name:
                    return None
        return None

    def _refuses(
        self, statement: If, name: str, rest: tuple[Statement, ...], function: Function
    ) -> _Refusal | None:
        body: tuple[Statement, ...] = ()
        if _is_nothing(statement.test, name):
            body = statement.body
        elif _is_something(statement.test, name):
            if statement.otherwise:
                body = statement.otherwise
            elif statement.body and isinstance(statement.body[-1], Return):
                body = rest[:1]
        if not body or not self._missing.is_answered(body, function):
            return None
        source = function.module.source
        return _Refusal(_answer(body[-1], function), _unless(statement.test, source))


def _answer(last: Statement, function: Function) -> str:
    """Return what is called to make an answer that is returned, as it is written."""
    match last:
        case Return(Call(called)):
            return function.module.source(called)
    return ""


def _unless(test: Expression, source: Callable[[Expression], str]) -> str:
    """Return what else is answered as if nothing had been found, as it is written."""
    match test:
        case BinaryOperation(_, "or", other):
            return source(other)
    return ""


def _is_credential(value: Value | None) -> bool:
    match value:
        case Instance(name) | External(name):
            return name in _CREDENTIALS
    return False


def _raising(body: tuple[Statement, ...]) -> Iterator[Expression]:
    """Yield what a `try` is there for: its first statement, and queries that insist on a row."""
    for position, statement in enumerate(body):
        match statement:
            case Assign(_, _, value) | ExpressionStatement(value) | Return(value) if value:
                call = value.value if isinstance(value, Await) else value
                match call:
                    case Call(Attribute(_, name)) if not position or name in _INSISTING:
                        yield value
                    case Call() if not position:
                        yield value


def _walrus_in(test: Expression) -> Walrus | None:
    match test:
        case Walrus():
            return test
        case UnaryOperation("not", operand):
            return _walrus_in(operand)
        case Comparison(operands) | BinaryOperation(operands):
            first = operands[0] if isinstance(operands, tuple) else operands
            return _walrus_in(first)
    return None


def _is_nothing(test: Expression, name: str) -> bool:
    """Tell whether a condition holds when the variable has nothing."""
    match test:
        case UnaryOperation("not", operand):
            return _is_variable(operand, name)
        case Comparison((left, Constant("None")), ("is" | "==",)):
            return _is_variable(left, name)
        case BinaryOperation(left, "or", _):
            return _is_nothing(left, name)
    return False


def _is_something(test: Expression, name: str) -> bool:
    """Tell whether a condition says that the variable has something, and nothing else."""
    match test:
        case Comparison((left, Constant("None")), ("is not" | "!=",)):
            return _is_variable(left, name)
    return _is_variable(test, name)


def _is_variable(node: Expression, name: str) -> bool:
    match node:
        case Name(found) | Walrus(found, _):
            return found == name
    return False
