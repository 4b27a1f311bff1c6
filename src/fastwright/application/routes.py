"""Routes: the functions that answer requests, under the paths that clients use."""

import re
from dataclasses import dataclass, field

from fastwright.application.routers import Inclusion, Router, Routers
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import CallSite, Function, Scope
from fastwright.codebase.values import External, FunctionValue, Text
from fastwright.source.places import Place
from fastwright.source.syntax import Attribute, Call, Collection, Expression

WEBSOCKET = "WEBSOCKET"
_VERBS = {"get", "post", "put", "patch", "delete", "head", "options", "trace"}
_WEBSOCKETS = {"websocket", "websocket_route"}
_GENERIC = {"api_route", "route"}
_DECORATORS = _VERBS | _WEBSOCKETS | _GENERIC
_ADDERS = {"add_api_route", "add_route", "add_api_websocket_route", "add_websocket_route"}
# A parameter in a path: its name and, behind a colon, its converter.
PARAMETER = re.compile(r"{\s*(\w+)\s*(?::\s*(\w+)\s*)?}")


@dataclass(frozen=True, eq=False)
class Registration:
    """A route as one application serves it.

    `path` is None where a prefix on the way cannot be read; `inclusions` lead from the
    application down to the route's router.
    """

    application: Router
    path: str | None
    inclusions: tuple[Inclusion, ...]


@dataclass(eq=False)
class Route:
    """A function under a path, as a router registers it.

    `call` is the decorator's call or that of `add_api_route`, and stands in `scope`. `own_path` is
    None where it cannot be read.
    """

    router: Router
    function: Function
    call: Call
    scope: Scope
    methods: frozenset[str]
    own_path: str | None
    registrations: list[Registration] = field(default_factory=list)

    def __repr__(self) -> str:
        return f"Route({'/'.join(sorted(self.methods))} {self.path})"

    @property
    def path(self) -> str | None:
        """Return the path of the first registration, else that within the router."""
        if self.registrations:
            return self.registrations[0].path
        if self.own_path is None or self.router.prefix is None:
            return None
        return self.router.prefix + self.own_path

    @property
    def is_websocket(self) -> bool:
        """Tell whether it is a websocket."""
        return WEBSOCKET in self.methods

    @property
    def path_parameters(self) -> tuple[str, ...]:
        """Return the names in braces of the whole path, as far as it can be read."""
        path = self.path or self.own_path or ""
        return tuple(found[1] for found in PARAMETER.finditer(path))

    @property
    def place(self) -> Place:
        """Return where the function stands."""
        return self.function.module.place(self.function.node)

    @property
    def declared_response(self) -> tuple[Expression, Scope] | None:
        """Return the response model, or else the return type, and the scope that it stands in.

        Source: https://fastapi.tiangolo.com/tutorial/response-model/.
        """
        model = self.keyword("response_model")
        if model is not None:
            return model, self.scope
        returned = self.function.node.returns
        return None if returned is None else (returned, self.function.outer or self.function)

    def keyword(self, name: str) -> Expression | None:
        """Return what the route was registered with under a name."""
        return self.call.keyword(name)


class Routes:
    """All routes of a codebase, its tests left aside."""

    def __init__(
        self, codebase: Codebase, routers: Routers, entrypoint: Router | None = None
    ) -> None:
        """Register the routes of `entrypoint`, the project's own application, first."""
        self._codebase = codebase
        self._routers = routers
        self._entrypoint = entrypoint
        self.all: list[Route] = []
        # Registrations of which the router or the function is not known.
        self.unknown: list[tuple[Scope, Call]] = []
        for function in codebase.decorated(*sorted(_DECORATORS)):
            self._read_decorators(function)
        for call in codebase.index.named([""]):  # what is called has no name: `app.get("/")(f)`
            self._read_called_decorator(call)
        for method in sorted(_ADDERS):
            for call in self._routers.calls(method):
                self._read_added(call)
        self.all.sort(key=lambda route: (route.scope.module.path, route.call.start))
        self._register()

    def _read_decorators(self, function: Function) -> None:
        scope = function.owner or function.outer or function
        for decorator in function.decorators:
            match decorator:
                case Call(Attribute(base, method)) if method in _DECORATORS:
                    self._add(base, decorator, scope, function)

    def _read_called_decorator(self, call: CallSite) -> None:
        match call.node:
            case Call(Call(Attribute(base, method)) as decorator, (endpoint,)) if (
                method in _DECORATORS
            ):
                value = self._codebase.resolver.value(endpoint, call.function)
                if isinstance(value, FunctionValue):
                    self._add(base, decorator, call.function, value.function)
                elif self._routers.receiver(base, call.function) is not None:
                    self.unknown.append((call.function, decorator))

    def _add(self, base: Expression, call: Call, scope: Scope, function: Function) -> None:
        value = self._codebase.resolver.value(base, scope)
        router = self._routers.of(value) or self._routers.receiver(base, scope)
        if router is not None:
            method = getattr(call.function, "name", "")
            methods = self._methods(method, call, scope)
            path = self._routers.text(call.argument(0, "path"), scope)
            self.all.append(Route(router, function, call, scope, methods, path))
        elif self._routers.is_router(value) or _looks_like_path(call):
            self.unknown.append((scope, call))

    def _methods(self, method: str, call: Call, scope: Scope) -> frozenset[str]:
        if method in _WEBSOCKETS or "websocket" in method:
            return frozenset({WEBSOCKET})
        if method in _VERBS:
            return frozenset({method.upper()})
        match call.keyword("methods"):
            case Collection(_, items):
                texts = [self._codebase.resolver.value(item, scope) for item in items]
                return frozenset(each.value.upper() for each in texts if isinstance(each, Text))
        return frozenset({"GET"})

    def _read_added(self, call: CallSite) -> None:
        router = self._routers.receiver_of(call)
        endpoint = call.node.argument(1, "endpoint") or call.node.argument(1, "route")
        value = endpoint and self._codebase.resolver.value(endpoint, call.function)
        if not router or not isinstance(value, FunctionValue):
            self.unknown.append((call.function, call.node))
            return
        target = self._codebase.target(call)
        method = target.name.rpartition(".")[2] if isinstance(target, External) else ""
        methods = self._methods(method, call.node, call.function)
        path = self._routers.text(call.node.argument(0, "path"), call.function)
        self.all.append(Route(router, value.function, call.node, call.function, methods, path))

    def _register(self) -> None:
        by_router: dict[Router, list[Route]] = {}
        for route in self.all:
            by_router.setdefault(route.router, []).append(route)
        mounted = {
            inclusion.child
            for router in self._routers.all
            for inclusion in router.includes
            if inclusion.is_mount
        }
        for router in sorted(self._routers.all, key=lambda router: router is not self._entrypoint):
            if router.is_application and router not in mounted:
                self._register_below(router, router, "", (), by_router)

    def _register_below(
        self,
        application: Router,
        router: Router,
        prefix: str | None,
        inclusions: tuple[Inclusion, ...],
        by_router: dict[Router, list[Route]],
    ) -> None:
        """Register a router's routes and those of what it includes, in the order of the code."""
        own = _joined(prefix, "" if router.is_application else router.prefix)
        for route in by_router.get(router, ()):
            path = _joined(own, route.own_path)
            route.registrations.append(Registration(application, path, inclusions))
        for inclusion in router.includes:
            if inclusion in inclusions:
                continue  # a circle
            below = _joined(own, inclusion.prefix)
            self._register_below(
                application, inclusion.child, below, (*inclusions, inclusion), by_router
            )


def _joined(prefix: str | None, path: str | None) -> str | None:
    return None if prefix is None or path is None else prefix + path


def _looks_like_path(call: Call) -> bool:
    first = call.arguments[0] if call.arguments else None
    text = getattr(first, "value", None)
    return isinstance(text, str) and text.startswith("/")
