"""Entry points: the functions that FastAPI itself runs, and in which role."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from fastwright.application.dependencies import MARKERS, Dependencies, Dependency
from fastwright.application.idle import Idle
from fastwright.application.provided import Provided
from fastwright.application.routers import Routers
from fastwright.application.routes import Routes
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import CallSite, Class, Function, Scope
from fastwright.codebase.values import ClassValue, FunctionValue
from fastwright.source.syntax import Attribute, Call, Collection, Dict, Expression

_BASE_MIDDLEWARE = "starlette.middleware.base.BaseHTTPMiddleware"


class Role(StrEnum):
    """What FastAPI runs a function for."""

    ROUTE = "route"
    DEPENDENCY = "dependency"
    MIDDLEWARE = "middleware"
    EXCEPTION_HANDLER = "exception handler"
    LIFESPAN = "lifespan"


_DECORATORS = {
    "middleware": Role.MIDDLEWARE,
    "exception_handler": Role.EXCEPTION_HANDLER,
    "on_event": Role.LIFESPAN,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A function that FastAPI runs."""

    function: Function
    role: Role


class Entries:
    """Finds the entry points of a codebase, its tests left aside."""

    def __init__(
        self,
        codebase: Codebase,
        routers: Routers,
        routes: Routes,
        dependencies: Dependencies,
        provided: Provided,
        *,
        idle: Idle,
    ) -> None:
        self._codebase = codebase
        self._routers = routers
        self._routes = routes
        self._dependencies = dependencies
        self._provided = provided
        self._idle = idle

    def all(self) -> list[Entry]:
        """Return all of them that an application may run, each function once."""
        found: dict[Function, Entry] = {}
        for function, role in self._found():
            if not function.module.is_test and function.module not in self._idle.modules:
                found.setdefault(function, Entry(function, role))
        return list(found.values())

    def dependencies(self) -> Iterator[Dependency]:
        """Yield every `Depends` and `Security` that is written anywhere, with what it provides."""
        written: dict[tuple[str, int, Function | None], Dependency] = {}
        pending = [route.function for route in self._routes.all]
        for call in self._codebase.calls_to(*MARKERS):
            found = self._dependencies.read(call.node, call.function)
            if found is not None:
                written[call.function.module.path, call.node.start, None] = found
                pending += self._dependencies.functions(found)
        seen: set[Function] = set()
        for function in pending:
            if function in seen or function.module.is_test:
                continue
            seen.add(function)
            for each in self._dependencies.of_function(function):
                place = each.scope.module.path, each.call.start
                written.pop((*place, None), None)
                written[*place, function] = each
                pending += self._dependencies.functions(each)
        yield from written.values()

    def _found(self) -> Iterator[tuple[Function, Role]]:
        starts = [each.function for each in self._routes.all if not self._idle.has(each)]
        yield from ((each, Role.ROUTE) for each in starts)
        yield from ((each, Role.DEPENDENCY) for each in self._provided.functions(starts))
        yield from self._decorated()
        yield from self._added()
        yield from self._at_creation()

    def _decorated(self) -> Iterator[tuple[Function, Role]]:
        for function in self._codebase.decorated(*_DECORATORS):
            for decorator in function.decorators:
                role = self._role(decorator, function.outer or function)
                if role is not None:
                    yield function, role
        # A decorator without its @: `app.middleware("http")(f)`; what is called has no name.
        for call in self._codebase.index.named([""]):
            role = self._role(call.node.function, call.function)
            if role is not None:
                yield from self._function(call.node.argument(0, "func"), call.function, role)

    def _role(self, decorator: Expression, scope: Scope) -> Role | None:
        match decorator:
            case Call(Attribute(base, method)) if method in _DECORATORS:
                if self._routers.is_router(self._codebase.resolver.value(base, scope)):
                    return _DECORATORS[method]
        return None

    def _added(self) -> Iterator[tuple[Function, Role]]:
        for call in self._routers.calls("add_middleware"):
            yield from self._middleware(call.node.argument(0, "middleware_class"), call.function)
            yield from self._dispatch(call)
        for call in self._codebase.calls_to("starlette.middleware.Middleware"):
            yield from self._middleware(call.node.argument(0, "cls"), call.function)
            yield from self._dispatch(call)
        for call in self._codebase.calls_to(_BASE_MIDDLEWARE):
            yield from self._dispatch(call)
        for call in self._routers.calls("add_exception_handler"):
            yield from self._function(
                call.node.argument(1, "handler"), call.function, Role.EXCEPTION_HANDLER
            )
        for call in self._routers.calls("add_event_handler"):
            yield from self._function(call.node.argument(1, "func"), call.function, Role.LIFESPAN)

    def _at_creation(self) -> Iterator[tuple[Function, Role]]:
        for router in self._routers.all:
            yield from self._function(router.keyword("lifespan"), router.scope, Role.LIFESPAN)
            for name in ("on_startup", "on_shutdown"):
                for item, scope in self._codebase.items(router.keyword(name), router.scope):
                    yield from self._function(item, scope, Role.LIFESPAN)
            handlers = router.keyword("exception_handlers")
            match handlers and self._codebase.origin(handlers, router.scope):
                case (Dict(pairs), scope):
                    for pair in pairs:
                        yield from self._function(pair.value, scope, Role.EXCEPTION_HANDLER)

    def _function(
        self, node: Expression | None, scope: Scope, role: Role
    ) -> Iterator[tuple[Function, Role]]:
        value = node and self._codebase.resolver.value(node, scope)
        if isinstance(value, FunctionValue):
            yield value.function, role

    def _middleware(self, node: Expression | None, scope: Scope) -> Iterator[tuple[Function, Role]]:
        match node:
            case Collection(_, items):
                for item in items:
                    yield from self._middleware(item, scope)
                return
        value = node and self._codebase.resolver.value(node, scope)
        if isinstance(value, ClassValue):
            for name in self._entry_methods(value.definition):
                method = self._codebase.resolver.member(value, name)
                if isinstance(method, FunctionValue):
                    yield method.function, Role.MIDDLEWARE

    def _dispatch(self, call: CallSite) -> Iterator[tuple[Function, Role]]:
        """Yield the function that a `BaseHTTPMiddleware` is given to run."""
        return self._function(call.node.keyword("dispatch"), call.function, Role.MIDDLEWARE)

    def _entry_methods(self, definition: Class) -> tuple[str, ...]:
        if self._codebase.is_a(definition, _BASE_MIDDLEWARE):
            return ("dispatch",)
        return ("__call__",)
