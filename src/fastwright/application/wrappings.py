"""What stands around a route's function and may refuse strangers: decorators and middlewares."""

import re
from collections.abc import Iterator

from fastwright.application.refusals import Guard, Refusals
from fastwright.application.routes import Route
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import CallSite, Function, Scope
from fastwright.codebase.values import ClassValue, External, FunctionValue
from fastwright.source.notes import Once
from fastwright.source.syntax import Attribute, Call, Expression

RIGHTS = re.compile(
    r"(?i)auth|jwt|token|permission|login|oauth|access|session_?guard|guard|firewall|require|secur"
    r"|protect|role|signature|verify|user|api_?key|admin|policy|acl"
)
_HARMLESS = re.compile(
    r"(?i)limit|cache|retry|trace|metric|log|deprecat|timeit|timer|version|wraps|inject|transaction"
    r"|profil|measure|handle|paginat|sentry|atomic|rate"
)


def of_foreign(name: str) -> Guard:
    """Return OPEN for what cannot check who asks, by its name, and UNKNOWN for the rest."""
    harmless = _HARMLESS.search(name) and not RIGHTS.search(name)
    return Guard.OPEN if harmless else Guard.UNKNOWN


class Wrappings:
    """Judges decorators of routes, and all middlewares of a codebase together."""

    def __init__(self, codebase: Codebase, refusals: Refusals) -> None:
        self._codebase = codebase
        self._refusals = refusals

    def by_decorators(self, route: Route) -> Guard:
        """Return what the decorators besides the route's own do."""
        found = Guard.OPEN
        scope = route.function.owner or route.function.outer or route.function
        for decorator in route.function.decorators:
            if decorator != route.call:
                found = max(found, self._of_decorator(decorator, scope))
        return found

    def _of_decorator(self, decorator: Expression, scope: Scope) -> Guard:
        node = decorator.function if isinstance(decorator, Call) else decorator
        match self._codebase.resolver.value(node, scope):
            case FunctionValue(function):
                inside = (each for each in function.module.functions if each.outer is function)
                bodies = [function.text, *(each.text for each in inside)]
                closes = any(re.search(r"40[13]|raise|abort", body) for body in bodies)
                return Guard.UNKNOWN if closes or RIGHTS.search(function.name) else Guard.OPEN
            case External(name) if name.startswith(("fastapi.", "starlette.")):
                return Guard.UNKNOWN if name.endswith(".requires") else Guard.OPEN
            case External(name):
                return of_foreign(name)
            case _:
                return of_foreign(scope.module.source(node))

    @Once
    def by_middleware(self) -> Guard:
        """Return UNKNOWN when some middleware of the codebase may refuse."""
        for call in self._middlewares():
            for node in (*call.node.arguments[:1], call.node.keyword("middleware_class")):
                if node is not None and self._refuses(node, call.function):
                    return Guard.UNKNOWN
        if any(
            self._refusals.of(each, holds_credentials=False) == Guard.CLOSED
            for each in self._functions()
        ):
            return Guard.UNKNOWN
        return Guard.OPEN

    def _functions(self) -> Iterator[Function]:
        """Yield the functions that are middlewares by `app.middleware("http")`."""
        for function in self._codebase.decorated("middleware"):
            for decorator in function.decorators:
                match decorator:
                    case Call(Attribute(_, "middleware")):
                        yield function
        for given, scope in self._handed_on():
            value = self._codebase.resolver.value(given, scope)
            if isinstance(value, FunctionValue):
                yield value.function

    def _handed_on(self) -> Iterator[tuple[Expression, Scope]]:
        """Yield what is handed to `app.middleware("http")` by a call."""
        for call in self._codebase.index.named([""]):  # what is called has no name
            match call.node:
                case Call(Call(Attribute(_, "middleware")), (given,)):
                    yield given, call.function

    def _middlewares(self) -> Iterator[CallSite]:
        for call in self._codebase.index.named(["add_middleware"]):
            if isinstance(call.node.function, Attribute):
                yield call
        yield from self._codebase.calls_to("starlette.middleware.Middleware")

    def _refuses(self, node: Expression, scope: Scope) -> bool:
        value = self._codebase.resolver.value(node, scope)
        if isinstance(value, External):
            name = value.name.rpartition(".")[2]
            return bool(RIGHTS.search(name)) and not value.name.startswith("starlette.")
        if not isinstance(value, ClassValue):
            return True
        for name in ("dispatch", "__call__"):
            method = self._codebase.resolver.member(value, name)
            if isinstance(method, FunctionValue) and (
                self._refusals.of(method.function, holds_credentials=False) == Guard.CLOSED
            ):
                return True
        return False
