"""What FastAPI injects: `Depends` and `Security`, wherever they are written."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastwright.codebase import annotations
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import Class, Function, Scope
from fastwright.codebase.values import (
    ClassValue,
    Coroutine,
    Entered,
    External,
    FunctionValue,
    Instance,
    TypeExpression,
    Value,
)
from fastwright.source.notes import Answers, Once
from fastwright.source.syntax import (
    Attribute,
    BinaryOperation,
    Call,
    Expression,
    Name,
    Parameter,
    String,
    Subscript,
)

# What marks a dependency, and whether it is for security. The classes do what the functions do.
MARKERS = {
    "fastapi.Depends": False,
    "fastapi.Security": True,
    "fastapi.params.Depends": False,
    "fastapi.params.Security": True,
}


@dataclass(frozen=True, eq=False)
class Dependency:
    """One use of `Depends(…)` or `Security(…)`.

    `call` stands in `scope`, which may be another module than that of the parameter when an
    `Annotated` alias is used. `provided` is what FastAPI calls; None where that is not known.
    """

    call: Call
    scope: Scope
    provided: Value | None
    is_security: bool
    parameter: Parameter | None = None
    # The function whose parameter it is; None in a list of dependencies.
    user: Function | None = None

    @Once
    def is_default(self) -> bool:
        """Tell whether it is written as the default value of its parameter."""
        return self.parameter is not None and self.parameter.default == self.call


class Dependencies:
    """Finds dependencies in parameters and lists, and follows them to their own."""

    def __init__(self, codebase: Codebase) -> None:
        self._codebase = codebase
        self.of_function = Answers(self._of_function)
        codebase.resolver.parameters.injected = self.injected

    def _of_function(self, function: Function) -> tuple[Dependency, ...]:
        """Return the dependencies among a function's parameters."""
        found = (self.of_parameter(each, function) for each in function.parameters)
        return tuple([each for each in found if each])

    def of_parameter(self, parameter: Parameter, function: Function) -> Dependency | None:
        """Return the dependency that a parameter is, as a default or in its annotation."""
        for item, scope in self.marks(parameter, function):
            found = self.read(item, scope, parameter, function)
            if found is not None:
                return found
        return None

    def marks(self, parameter: Parameter, function: Function) -> Iterator[tuple[Expression, Scope]]:
        """Yield what marks a parameter for FastAPI: its default, then what is in `Annotated`."""
        outer = function.outer or function
        if parameter.default is not None:
            yield parameter.default, outer
        if parameter.annotation is not None:
            yield from self.metadata(parameter.annotation, outer)

    def in_list(self, node: Expression | None, scope: Scope) -> Iterator[Dependency]:
        """Yield the dependencies in `dependencies=[…]`, also when the list has a name."""
        for item, where in self._codebase.items(node, scope):
            found = self.read(item, where)
            if found is not None:
                yield found

    def metadata(self, annotation: Expression, scope: Scope) -> Iterator[tuple[Expression, Scope]]:
        """Yield what stands behind the type in `Annotated[…]`, through aliases and unions."""
        yield from self._metadata(annotation, scope, set())

    def _metadata(
        self, annotation: Expression, scope: Scope, seen: set[int]
    ) -> Iterator[tuple[Expression, Scope]]:
        if id(annotation.raw) in seen:
            return  # an alias that names itself
        seen.add(id(annotation.raw))
        match annotation:
            case BinaryOperation(left, "|", right):
                yield from self._metadata(left, scope, seen)
                yield from self._metadata(right, scope, seen)
            case String(str() as text):
                written = annotations.written(text)
                if isinstance(written, Name | Attribute):  # others have no place in the file
                    yield from self._metadata(written, scope, seen)
            case _:
                yield from self._behind(annotation, scope, seen)

    def _behind(
        self, annotation: Expression, scope: Scope, seen: set[int]
    ) -> Iterator[tuple[Expression, Scope]]:
        match self._codebase.resolver.value(annotation, scope):
            case TypeExpression(Subscript(base, items) as node, where):
                made = self._codebase.resolver.value(base, where)
                if isinstance(made, External) and made.name.endswith(".Annotated"):
                    for item in items[1:]:
                        yield item, where
                    yield from self._metadata(items[0], where, seen)
                elif isinstance(made, External) and made.name.endswith((".Optional", ".Union")):
                    for item in items:
                        yield from self._metadata(item, where, seen)
                elif isinstance(made, TypeExpression) and node != made.node:
                    yield from self._metadata(made.node, made.scope, seen)  # a generic alias
            case TypeExpression(node, where) if node != annotation:
                yield from self._metadata(node, where, seen)

    def read(
        self,
        node: Expression,
        scope: Scope,
        parameter: Parameter | None = None,
        user: Function | None = None,
    ) -> Dependency | None:
        """Return the dependency that an expression makes, here or where it was given a name."""
        value = self._codebase.resolver.value(node, scope)
        if not isinstance(value, Instance) or value.made is None:
            return None
        call, where = value.made
        made = self._codebase.resolver.value(call.function, where)
        if not isinstance(made, External) or made.name not in MARKERS:
            return None
        provider = call.argument(0, "dependency")
        if provider is not None:
            provided = self._codebase.resolver.value(provider, where)
        else:
            provided = self._annotated_class(parameter, user)
        return Dependency(call, where, provided, MARKERS[made.name], parameter, user)

    def functions(self, dependency: Dependency) -> tuple[Function, ...]:
        """Return the functions of the codebase that FastAPI runs for a dependency."""
        resolver = self._codebase.resolver
        match dependency.provided:
            case FunctionValue(function):
                return (function,)
            case ClassValue():
                method = resolver.member(dependency.provided, "__init__")
            case Instance(Class()):
                method = resolver.member(dependency.provided, "__call__")
            case _:
                return ()
        return (method.function,) if isinstance(method, FunctionValue) else ()

    def below(self, roots: tuple[Dependency, ...]) -> Iterator[Dependency]:
        """Yield dependencies and all of theirs, each function's once."""
        pending = list(roots)
        seen: set[Function] = set()
        while pending:
            dependency = pending.pop(0)
            yield dependency
            for function in self.functions(dependency):
                if function not in seen:
                    seen.add(function)
                    pending.extend(self.of_function(function))

    def injected(self, parameter: Parameter, function: Function) -> Value | None:
        """Return what FastAPI passes for a parameter that is a dependency."""
        dependency = self.of_parameter(parameter, function)
        if dependency is None:
            return None
        resolver = self._codebase.resolver
        match dependency.provided:
            case FunctionValue() as provided:
                result = resolver.result(provided, None, provided.function)
                return _passed(result)
            case Instance(Class()) as provided:
                return _passed(resolver.result(provided, None, function))
            case ClassValue(definition):
                return Instance(definition)
            case _:
                return None

    def _annotated_class(self, parameter: Parameter | None, user: Function | None) -> Value | None:
        """Return the class that an empty `Depends()` takes from the annotation."""
        if parameter is None or parameter.annotation is None or user is None:
            return None
        described = self._codebase.resolver.annotated(parameter.annotation, user.outer or user)
        match described:
            case Instance(Class() as definition):
                return ClassValue(definition)
            case Instance(str() as name):
                return External(name)
            case _:
                return None


def _passed(result: Value | None) -> Value | None:
    """Return what FastAPI hands on of a dependency's result: awaited, or what is yielded."""
    match result:
        case Coroutine(inner):
            return inner
        case Entered(inner):
            return inner
        case Instance("typing.Generator" | "typing.AsyncGenerator", (inner, *_)):
            return inner
        case _:
            return result
