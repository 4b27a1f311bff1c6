"""Dependencies by what they give: each with its alias, and how often it is used."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from fastwright.application.dependencies import Dependency
from fastwright.codebase import names
from fastwright.codebase.definitions import Class, Function, Scope
from fastwright.codebase.modules import Module
from fastwright.codebase.values import Coroutine, FunctionValue, Instance, ModuleValue, Value
from fastwright.scaffolds.room import Place, Symbol
from fastwright.scaffolds.rooms.surroundings import Surroundings
from fastwright.source.scopes import Form
from fastwright.source.syntax import Attribute, Expression, Name


@dataclass(eq=False)
class Injection:
    """A dependency function, with the parameters that take what it gives."""

    function: Function
    uses: list[Dependency] = field(default_factory=list)
    gives: Counter[Class | str] = field(default_factory=Counter)  # by what parameters say


class Injections:
    """Groups the dependencies of an application by their functions."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._by_function: dict[Function, Injection] = {}
        for each in around.dependencies:
            if isinstance(each.provided, FunctionValue):
                function = each.provided.function
                found = self._by_function.setdefault(function, Injection(function))
                found.uses.append(each)
                given = self._given(each)
                if given is not None:
                    found.gives[given] += 1
        for injection in self._by_function.values():
            if not injection.gives:
                injection.gives.update(self._results(injection.function))

    def that(self, condition: Callable[[Injection], bool]) -> list[Injection]:
        """Return those of which something is so, the most used first."""
        found = [each for each in self._by_function.values() if condition(each)]
        return sorted(found, key=lambda each: -len(each.uses))

    def of(self, function: Function) -> Injection:
        """Return a function's uses, also where there are none."""
        found = self._by_function.get(function)
        return found or Injection(function, gives=Counter(self._results(function)))

    def alias(self, injection: Injection) -> Symbol | None:
        """Return the `Annotated` alias that most parameters have; None where most write it out."""
        return self.alias_of(injection.uses)

    def alias_of(self, uses: Iterable[Dependency]) -> Symbol | None:
        """Return the alias that most of some dependencies have."""
        in_parameters = [each for each in uses if each.parameter is not None]
        found = Counter(
            name for each in in_parameters if (name := self._alias_of(each)) is not None
        ).most_common(1)
        return found[0][0] if found and 2 * found[0][1] >= len(in_parameters) else None

    def symbol(self, injection: Injection) -> Symbol | None:
        """Return how what stands in `Depends(…)` is imported."""
        function = injection.function
        if function.outer is not None and function.outer.is_module and function.owner is None:
            return self._around.symbol(function.module, function.name)
        written = [each.call.argument(0, "dependency") for each in injection.uses]
        for each, use in zip(written, injection.uses, strict=True):
            match each:
                case Attribute(Name(name), attribute):
                    made = self._origin(name, use.scope.module)
                    if made is not None:
                        return self._around.symbol(made[0], f"{made[1]}.{attribute}")
        return None

    def variable(self, node: Expression | None, scope: Scope) -> tuple[Module, str] | None:
        """Return the module that gives a value to the name that is written, and its name there."""
        match node:
            case Name(name):
                return self._origin(name, scope.module)
            case Attribute(base, name):
                value = self._around.codebase.resolver.value(base, scope)
                return self._origin(name, value.module) if isinstance(value, ModuleValue) else None
        return None

    def place(self, injection: Injection) -> Place:
        """Return where the function stands."""
        return self._around.place(injection.function.module, injection.function.node)

    def _given(self, dependency: Dependency) -> Class | str | None:
        parameter, user = dependency.parameter, dependency.user
        if parameter is None or user is None:
            return None
        resolver = self._around.codebase.resolver
        found: Value | None = self._around.application.dependencies.injected(parameter, user)
        if not isinstance(found, Instance) and parameter.annotation is not None:
            found = resolver.annotated(parameter.annotation, user.outer or user)
        return next(_given_by(found), None)

    def _results(self, function: Function) -> Iterator[Class | str]:
        """Yield what a function gives by itself, whatever takes it."""
        resolver = self._around.codebase.resolver
        yield from _given_by(resolver.result(FunctionValue(function), None, function))

    def _alias_of(self, dependency: Dependency) -> Symbol | None:
        if dependency.is_default or dependency.parameter is None or dependency.user is None:
            return None
        scope = dependency.user.outer or dependency.user
        found = self.variable(dependency.parameter.annotation, scope)
        return None if found is None else self._around.symbol(*found)

    def _origin(self, name: str, module: Module) -> tuple[Module, str] | None:
        """Return where a name is given its value, through imports of the codebase."""
        for where, own in self._trail(name, module):
            bindings = names.of_module(own, where)
            if bindings and names.given(bindings[-1]) is not None:
                return where, own
        return None

    def _trail(self, name: str, module: Module) -> Iterator[tuple[Module, str]]:
        """Yield the modules that a name leads to, each with what it is called there."""
        seen: set[tuple[Module, str]] = set()
        while (module, name) not in seen:
            seen.add((module, name))
            yield module, name
            bindings = names.of_module(name, module)
            if not bindings or bindings[-1][0] != Form.IMPORTED or bindings[-1][4] is None:
                return
            found = self._around.codebase.resolver.module_of(module, *bindings[-1][2:4])
            if found is None:
                return
            module, name = found, bindings[-1][4]


def _given_by(result: Value | None) -> Iterator[Class | str]:
    """Yield the class of what comes: what is awaited, or what a generator yields."""
    match result:
        case Coroutine(inner):
            yield from _given_by(inner)
        case Instance("typing.Generator", (inner, *_)):
            yield from _given_by(inner)
        case Instance(of):
            yield of
