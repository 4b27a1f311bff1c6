"""How an application finds the route for a request: by its paths, one after the other."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from fastwright.application.order import Event, Order
from fastwright.application.own_classes import APPLICATION
from fastwright.application.routers import Inclusion, Router, Routers
from fastwright.application.routes import PARAMETER, Registration, Route
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import CallSite, Class, Scope
from fastwright.codebase.values import ClassValue, FunctionValue, Text
from fastwright.source.lazy import Lazy
from fastwright.source.syntax import Call, Expression

# What each kind of parameter takes, as Starlette has it.
_TAKES = {
    "str": "[^/]+",
    "path": ".*",
    "int": "[0-9]+",
    "float": r"[0-9]+(?:\.[0-9]+)?",
    "uuid": "[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}",
}
# For each kind, values that only a parameter as wide as it takes all of.
_VALUES = {
    "str": ("7", "a.b~c", "x-y_z", "0189a3c4-5f6e-7d8c-9b0a-1c2d3e4f5a6b"),
    "path": ("7", "a/b.c/d", ""),
    "int": ("7", "42"),
    "float": ("7", "4.2"),
    "uuid": ("0189a3c4-5f6e-7d8c-9b0a-1c2d3e4f5a6b",),
}
_OWN_RULES = {"matches", "add_api_route", "add_route", "api_route", "include_router"}
# What FastAPI's own decorators may be given; anything else may tell routes with one path apart.
_KEYWORDS = {
    *("path", "methods", "endpoint", "route", "name", "status_code", "response_class", "tags"),
    *("response_model", "response_model_include", "response_model_exclude"),
    *("response_model_by_alias", "response_model_exclude_unset"),
    *("response_model_exclude_defaults", "response_model_exclude_none"),
    *("dependencies", "summary", "description", "response_description", "responses"),
    *("deprecated", "operation_id", "include_in_schema", "callbacks", "openapi_extra"),
    *("generate_unique_id_function", "route_class_override", "strict_content_type"),
}


@cache
def _without_names(path: str) -> str:
    return PARAMETER.sub(lambda found: f"{{{found[2] or 'str'}}}", path)


@dataclass(frozen=True, slots=True)
class Path:
    """A path as far as it is known: `head` is what comes before, and up to, an unknown part."""

    head: tuple[str, ...]
    tail: str

    @property
    def shape(self) -> str:
        """Return the path without the names of its parameters."""
        return _without_names(self.tail)

    @property
    def is_fixed(self) -> bool:
        """Tell whether there is no parameter in the part that is known."""
        return PARAMETER.search(self.tail) is None


@dataclass(eq=False)
class Candidate:
    """A route, or what is mounted (`route` is None), as one application tries it."""

    application: Router
    path: Path
    route: Route | None
    call: Call
    scope: Scope
    inclusions: tuple[Inclusion, ...]

    @property
    def depth(self) -> int | None:
        """Return how many `/` are in what it matches; None where that may be any number."""
        kinds = [found[2] for found in PARAMETER.finditer(self.path.tail)]
        return None if self.route is None or "path" in kinds else self.path.tail.count("/")

    @Lazy
    def beginning(self) -> str:
        """Return what all that it matches begins with."""
        return self.path.tail.partition("{")[0]

    @Lazy
    def ending(self) -> str:
        """Return what all that it matches ends with."""
        return self.path.tail.rpartition("}")[2] if self.route else ""

    @Lazy
    def pattern(self) -> re.Pattern[str] | None:
        """Return what matches its path; None where a kind of parameter is not known."""
        parts = []
        position = 0
        for found in PARAMETER.finditer(self.path.tail):
            takes = _TAKES.get(found[2] or "str")
            if takes is None:
                return None
            parts += [re.escape(self.path.tail[position : found.start()]), takes]
            position = found.end()
        parts.append(re.escape(self.path.tail[position:]))
        return re.compile("".join(parts) + ("" if self.route else "/.*"), re.DOTALL)

    @Lazy
    def examples(self) -> tuple[str, ...]:
        """Return paths that stand for all that it matches."""
        kinds = [found[2] or "str" for found in PARAMETER.finditer(self.path.tail)]
        if any(kind not in _VALUES for kind in kinds):
            return ()
        made = []
        for number in range(max((len(_VALUES[kind]) for kind in kinds), default=1)):
            literals = PARAMETER.sub("\0", self.path.tail).split("\0")
            values = [_VALUES[kind][number % len(_VALUES[kind])] for kind in kinds]
            made.append("".join(map("".join, zip(literals, [*values, ""], strict=True))))
        return tuple(made)

    def catches(self, other: "Candidate") -> bool:
        """Tell whether every path of the other is one of its own."""
        examples = other.examples
        if self.path.head != other.path.head or not examples:
            return False
        if not (examples[0].startswith(self.beginning) and examples[0].endswith(self.ending)):
            return False  # without the work that making a pattern is
        pattern = self.pattern
        return pattern is not None and all(map(pattern.fullmatch, examples))


class Matching:
    """All candidates of a codebase, and which of two is tried first."""

    def __init__(self, codebase: Codebase, routers: Routers, routes: list[Route]) -> None:
        self._codebase = codebase
        self._routers = routers
        self._order = Order(codebase)
        self.candidates: list[Candidate] = []
        for route in routes:
            if not (_is_told_apart(route) or self._goes_own_ways(route.router)):
                self.candidates += self._candidates(route)
        for call in codebase.calls_to("fastapi.FastAPI.mount", f"{APPLICATION}.mount"):
            self.candidates += self._mounted(call)

    def is_before(self, candidate: Candidate, other: Candidate) -> bool:
        """Tell whether a candidate is sure to be tried before another of its application."""
        steps, others = list(_steps(candidate)), list(_steps(other))
        router = candidate.application
        for (event, below), (other_event, other_below) in zip(steps, others, strict=False):
            if event[0] is not other_event[0] or below is not other_below:
                return self._order.is_before(event, other_event, router.scope.module)
            if below is None:
                return False
            router = below
        return False

    def _candidates(self, route: Route) -> Iterator[Candidate]:
        registrations = route.registrations or [Registration(route.router, None, ())]
        for registration in registrations:
            if any(self._goes_own_ways(each.child) for each in registration.inclusions):
                continue
            parts = [
                *self._prefixes(registration),
                self._part(route.call.argument(0, "path"), route.scope),
            ]
            yield Candidate(
                registration.application,
                _path(parts),
                route,
                route.call,
                route.scope,
                registration.inclusions,
            )

    def _prefixes(self, registration: Registration) -> Iterator[str | tuple[str]]:
        application = registration.application
        if not application.is_application:
            yield self._part(application.keyword("prefix"), application.scope)
        for inclusion in registration.inclusions:
            yield self._prefix(inclusion)
            if not inclusion.child.is_application:
                yield self._part(inclusion.child.keyword("prefix"), inclusion.child.scope)

    def _prefix(self, inclusion: Inclusion) -> str | tuple[str]:
        if inclusion.prefix is not None:
            return inclusion.prefix
        name = "path" if inclusion.is_mount else "prefix"
        node = inclusion.call.argument(0 if inclusion.is_mount else 1, name)
        turns = [
            each
            for each in inclusion.parent.includes
            if each.call == inclusion.call and each.scope is inclusion.scope
        ]
        # In a loop the same expression stands for something else each time.
        turn = turns.index(inclusion) if len(turns) > 1 else ""
        module = inclusion.scope.module
        return (f"{module.path}:{module.source(node) if node else ''}{turn}",)

    def _part(self, node: Expression | None, scope: Scope) -> str | tuple[str]:
        """Return a part of a path; in a tuple, what stands for one that cannot be read."""
        if node is None:
            return ""
        value = self._codebase.resolver.value(node, scope)
        if isinstance(value, Text):
            return value.value
        return (f"{scope.module.path}:{scope.module.source(node)}",)

    def _mounted(self, call: CallSite) -> Iterator[Candidate]:
        application = self._routers.receiver_of(call)
        node = call.node.argument(0, "path")
        value = node and self._codebase.resolver.value(node, call.function)
        if application and isinstance(value, Text):
            path = Path((), value.value.rstrip("/"))
            yield Candidate(application, path, None, call.node, call.function, ())

    def _goes_own_ways(self, router: Router) -> bool:
        """Tell whether a router or its routes have rules of their own for what matches.

        Those of one that stands for many may be in different places.
        """
        if router.stands_for_many:
            return True
        made = self._codebase.resolver.value(router.call.function, router.scope)
        listed = router.keyword("route_class")
        route_class = listed and self._codebase.resolver.value(listed, router.scope)
        return any(
            isinstance(value, ClassValue) and self._has_own_rules(value.definition)
            for value in (made, route_class)
        )

    def _has_own_rules(self, definition: Class) -> bool:
        methods = (
            self._codebase.resolver.member(ClassValue(definition), name) for name in _OWN_RULES
        )
        return any(isinstance(method, FunctionValue) for method in methods)


def _is_told_apart(route: Route) -> bool:
    """Tell whether something else than its method and path may decide about a route."""
    if any(each.name is not None and each.name not in _KEYWORDS for each in route.call.keywords):
        return True
    others = (each for each in route.function.decorators if each != route.call)
    made = (each.function if isinstance(each, Call) else each for each in others)
    return any("version" in route.function.module.source(each).lower() for each in made)


def _path(parts: list[str | tuple[str]]) -> Path:
    head: list[str] = []
    tail = ""
    for part in parts:
        if isinstance(part, str):
            tail += part
        else:
            head += [tail, part[0]]
            tail = ""
    return Path(tuple(head), tail)


def _steps(candidate: Candidate) -> Iterator[tuple[Event, Router | None]]:
    """Yield what leads from the application to a candidate: inclusions, then its own call."""
    for inclusion in candidate.inclusions:
        yield (inclusion.call, inclusion.scope), inclusion.child
    yield (candidate.call, candidate.scope), None
