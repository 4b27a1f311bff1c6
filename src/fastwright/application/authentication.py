"""Whether a route is closed to strangers: by its dependencies, its decorators, or its own body."""

import re
from collections.abc import Iterator

from fastwright.application.application import Application
from fastwright.application.credentials import CONNECTION, FORMS, Credentials
from fastwright.application.dependencies import Dependency
from fastwright.application.refusals import Guard, Refusals
from fastwright.application.routers import Router
from fastwright.application.routes import Route
from fastwright.application.wrappings import RIGHTS, Wrappings, of_foreign
from fastwright.codebase import names
from fastwright.codebase.definitions import CallSite, Class, Function, Scope
from fastwright.codebase.values import ClassValue, External, FunctionValue, Instance, Value
from fastwright.source.nodes import wrap
from fastwright.source.notes import Once
from fastwright.source.scopes import Binding, Form
from fastwright.source.syntax import (
    Assign,
    Attribute,
    Call,
    Collection,
    Constant,
    Expression,
    Parameter,
)

_SCHEMES = (
    "fastapi.security.APIKeyCookie",
    "fastapi.security.APIKeyHeader",
    "fastapi.security.APIKeyQuery",
    "fastapi.security.HTTPBasic",
    "fastapi.security.HTTPBearer",
    "fastapi.security.HTTPDigest",
    "fastapi.security.OAuth2",
    "fastapi.security.OpenIdConnect",
)
_SET_LATER = re.compile(rb"\.dependencies\s*=[^=]")


class Authentication:
    """Judges routes. What cannot be followed and might check who asks, is unknown."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._codebase = application.codebase
        self._refusals = Refusals(self._codebase)
        self._wrappings = Wrappings(self._codebase, self._refusals)
        self._of_functions: dict[Function, Guard] = {}
        self.credentials = Credentials(application)

    def of(self, route: Route) -> Guard:
        """Return whether a route is closed to strangers, open to them, or not known to be."""
        found = self.by_dependencies(route)
        if found == Guard.CLOSED:
            return found
        found = max(found, self._wrappings.by_middleware, self._wrappings.by_decorators(route))
        return found if found == Guard.CLOSED else max(found, self._by_body(route))

    def by_dependencies(self, route: Route) -> Guard:
        """Return what a route's dependencies say, those of routers and applications too."""
        found = Guard.OPEN
        for node, scope in self._lists(route):
            found = max(found, self._of_list(node, scope))
        for parameter in route.function.parameters:
            found = max(found, self._of_parameter(parameter, route.function))
        return max(found, self._of_class(route.function), *map(self._of_router, self._above(route)))

    def closed_by(self, route: Route) -> str | None:
        """Return the name of the dependency function that closes a route, if others can use it."""
        for dependency in self._application.dependencies_of(route):
            match dependency.provided:
                case FunctionValue(function) if self._of_function(function) == Guard.CLOSED:
                    outer = function.outer  # one that makes dependencies has the name that is used
                    if outer is None or outer.is_module:
                        return function.name
                    return None if outer == route.function.outer else outer.name
        return None

    def closing(self, route: Route) -> Iterator[Dependency]:
        """Yield the dependencies of a route that close it."""
        for dependency in self._application.dependencies_of(route):
            if self._of_dependency(dependency) == Guard.CLOSED:
                yield dependency

    # Where dependencies are listed

    def _above(self, route: Route) -> list[Router]:
        """Return a route's router, and all that include it, directly or not."""
        found = {route.router: None}
        pending = [route.router]
        while pending:
            for inclusion in self._application.routers.parents.get(pending.pop(), ()):
                if inclusion.parent not in found:
                    found[inclusion.parent] = None
                    pending.append(inclusion.parent)
        return list(found)

    def _lists(self, route: Route) -> Iterator[tuple[Expression, Scope]]:
        """Yield the lists of dependencies on all ways to a route, those of unknown ways too."""
        yield from _listed(route.call, route.scope)
        above = self._above(route)
        for router in above:
            yield from _listed(router.call, router.scope)
            yield from self._set_later.get(router, ())
            for inclusion in self._application.routers.parents.get(router, ()):
                yield from _listed(inclusion.call, inclusion.scope)
        if not any(router.is_application for router in above):
            for call in self._application.routers.unknown:
                yield from _listed(call.node, call.function)
                parent = self._receiver(call)
                if parent is not None:
                    yield from _listed(parent.call, parent.scope)

    @Once
    def _set_later(self) -> dict[Router, list[tuple[Expression, Scope]]]:
        """Return the lists that routers are given as an attribute."""
        found: dict[Router, list[tuple[Expression, Scope]]] = {}
        for module in self._codebase.like(_SET_LATER, b".dependencies"):
            for function, statement in module.statements_with(b".dependencies"):
                match statement:
                    case Assign((Attribute(base, "dependencies"),), _, value) if value is not None:
                        router = self._application.routers.at(base, function)
                        if router is not None:
                            found.setdefault(router, []).append((value, function))
        return found

    def _receiver(self, call: CallSite) -> Router | None:
        match call.node.function:
            case Attribute(base):
                return self._application.routers.at(base, call.function)
        return None

    def _of_list(self, node: Expression, scope: Scope) -> Guard:
        items = list(self._codebase.items(node, scope))
        if not items and not (isinstance(node, Collection) and not node.items):
            return Guard.UNKNOWN
        found = Guard.OPEN
        for item, where in items:
            dependency = self._application.dependencies.read(item, where)
            found = max(found, self._of_dependency(dependency) if dependency else Guard.UNKNOWN)
        return found

    def _of_router(self, router: Router) -> Guard:
        """Return what a router class of the codebase, or of a route's own class, may do."""
        value = self._codebase.resolver.value(router.call.function, router.scope)
        own = router.keyword("route_class")
        for each in (value, own and self._codebase.resolver.value(own, router.scope)):
            if isinstance(each, ClassValue):
                for line in self._codebase.resolver.lineage(each.definition):
                    if isinstance(line, Class) and re.search(
                        r"depend|40[13]|auth", line.module.source(line.node), re.IGNORECASE
                    ):
                        return Guard.UNKNOWN
        return Guard.OPEN

    # What dependencies do

    def _of_parameter(self, parameter: Parameter, function: Function) -> Guard:
        dependency = self._application.dependencies.of_parameter(parameter, function)
        if dependency is not None:
            return self._of_dependency(dependency)
        outer = function.outer or function
        resolver = self._codebase.resolver
        if isinstance(parameter.default, Call) and resolver.value(parameter.default, outer) is None:
            return Guard.UNKNOWN
        if parameter.annotation is None or parameter.name in ("self", "cls"):
            return Guard.OPEN
        described = resolver.annotated(parameter.annotation, outer)
        if described is None:
            return Guard.UNKNOWN
        name = described.of if isinstance(described, Instance) else None
        foreign = isinstance(name, str) and self._codebase.knowledge.library(name) is None
        if foreign and RIGHTS.search(str(name).rpartition(".")[2]):
            return Guard.UNKNOWN
        return Guard.OPEN

    def _of_dependency(self, dependency: Dependency) -> Guard:
        if dependency.is_security and dependency.provided is None:
            return Guard.UNKNOWN
        return self._of_provided(dependency.provided)

    def _of_provided(self, provided: Value | None) -> Guard:
        match provided:
            case FunctionValue(function):
                return self._of_function(function)
            case Instance(Class() as definition):
                return max(self._of_scheme(provided), self._of_method(provided, definition))
            case Instance(str()):
                return self._of_scheme(provided)
            case ClassValue(definition):
                return self._of_made(definition)
            case External(name) if self._codebase.is_a(name, *FORMS, CONNECTION):
                return Guard.OPEN
            case External(name):
                return of_foreign(name)
            case _:
                return Guard.UNKNOWN

    def _of_scheme(self, scheme: Instance) -> Guard:
        """Return CLOSED for a security scheme that itself refuses who brings nothing."""
        if not self._codebase.is_a(scheme.of, *_SCHEMES):
            lines = self._lineage(scheme.of)
            if any(isinstance(each, str) and ".security." in each for each in lines):
                return Guard.UNKNOWN
            return Guard.OPEN if isinstance(scheme.of, Class) else of_foreign(scheme.of)
        automatic = scheme.made and scheme.made[0].keyword("auto_error")
        match automatic:
            case None | Constant("True"):
                return Guard.CLOSED
            case Constant("False"):
                return Guard.OPEN
        return Guard.UNKNOWN

    def _lineage(self, definition: Class | str) -> tuple[Class | str, ...]:
        if isinstance(definition, str):
            return (definition,)
        return self._codebase.resolver.lineage(definition)

    def _of_method(self, provided: Value, definition: Class) -> Guard:
        method = self._codebase.resolver.member(provided, "__call__")
        if isinstance(method, FunctionValue):
            makes_another = any(
                each.outer is method.function for each in method.function.module.functions
            )
            other = Guard.UNKNOWN if makes_another else Guard.OPEN
            return max(self._of_function(method.function), other)
        return Guard.OPEN if self._codebase.is_a(definition, *_SCHEMES) else Guard.UNKNOWN

    def _of_made(self, definition: Class) -> Guard:
        found = self._of_attributes(definition)
        method = self._codebase.resolver.member(ClassValue(definition), "__init__")
        if isinstance(method, FunctionValue):
            found = max(found, self._of_function(method.function))
        return found

    def _of_class(self, function: Function) -> Guard:
        """Return what the attributes and the making of a class-based view's object say."""
        return Guard.OPEN if function.owner is None else self._of_made(function.owner)

    def _of_attributes(self, definition: Class) -> Guard:
        found = Guard.OPEN
        for each in self._codebase.resolver.lineage(definition):
            if not isinstance(each, Class):
                continue
            for bindings in each.bindings.values():
                for binding in bindings:
                    dependency = self._dependency_of(binding, each)
                    if dependency is not None:
                        found = max(found, self._of_dependency(dependency))
        return found

    def _dependency_of(self, binding: Binding, owner: Class) -> Dependency | None:
        """Return the dependency that an attribute is, by its value or its annotation."""
        dependencies = self._application.dependencies
        value = names.given(binding)
        found = dependencies.read(value, owner) if value else None
        if found is None and binding[0] == Form.ANNOTATED:
            for item, scope in dependencies.metadata(wrap(binding[3]), owner):
                found = found or dependencies.read(item, scope)
        return found

    def _of_function(self, function: Function) -> Guard:
        if function not in self._of_functions:
            self._of_functions[function] = Guard.OPEN  # for a circle
            credentials = self.credentials.reach(function)
            found = self._refusals.of(function, holds_credentials=credentials)
            for parameter in function.parameters:
                if found == Guard.CLOSED:
                    break
                found = max(found, self._of_parameter(parameter, function))
            self._of_functions[function] = found
        return self._of_functions[function]

    def _by_body(self, route: Route) -> Guard:
        function = route.function
        credentials = self.credentials.reach(function)
        found = self._refusals.of(function, holds_credentials=credentials)
        return max(found, Guard.UNKNOWN) if credentials else found


def _listed(call: Call, scope: Scope) -> Iterator[tuple[Expression, Scope]]:
    node = call.keyword("dependencies")
    if node is not None:
        yield node, scope
