"""The call graph: which functions of the codebase a function runs, and where it says so."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from fastwright.codebase import arguments, iteration, results
from fastwright.codebase.definitions import CallSite, Class, Function
from fastwright.codebase.knowledge import Knowledge
from fastwright.codebase.modules import Module
from fastwright.codebase.overrides import Overrides
from fastwright.codebase.properties import Properties
from fastwright.codebase.resolver import Resolver
from fastwright.codebase.values import (
    ClassValue,
    External,
    FunctionValue,
    Instance,
    Value,
)
from fastwright.source.nodes import wrap
from fastwright.source.notes import Answers
from fastwright.source.places import Step
from fastwright.source.syntax import Expression

_RUN_WHEN_MADE = ("__init__", "__new__", "__post_init__")


@dataclass(frozen=True, slots=True)
class Edge:
    """A function runs another: at `node`, in the same thread, before or while it is awaited.

    It is not certain where `to` is one of several that override what is called.
    """

    caller: Function
    node: Expression
    to: Function
    is_certain: bool = True

    @property
    def step(self) -> Step:
        """Return this as a link of the evidence."""
        place = self.caller.module.place(self.node)
        return place.step(f"runs {self.to.qualified_name}")


class CallGraph:
    """Who runs whom. What is handed to a thread, a process or a lambda is not run by the caller."""

    def __init__(
        self, resolver: Resolver, knowledge: Knowledge, modules: Sequence[Module] = ()
    ) -> None:
        """`modules` are where overrides and properties are looked for."""
        self._resolver = resolver
        self._knowledge = knowledge
        self.overrides = Overrides(modules, resolver)
        self.properties = Properties(modules, resolver)
        # What a function runs, in source order.
        self.found = Answers(self._edges)
        # Tells whether that is anything; put in by the codebase.
        self.runs_others: Callable[[Function], bool] = lambda _function: True

    def edges(self, function: Function) -> tuple[Edge, ...]:
        """Return what a function runs, in source order."""
        return self.found(function) if self.runs_others(function) else ()

    def _edges(self, function: Function) -> tuple[Edge, ...]:
        found = [
            *self._of_calls(function),
            *self._of_context_managers(function),
            *self._of_properties(function),
        ]
        return tuple(sorted(found, key=lambda edge: edge.node.start))

    def reached(
        self, start: Function, enter: Callable[[Edge], bool] = lambda _edge: True
    ) -> dict[Function, Edge | None]:
        """Return the functions that `start` reaches, itself first, with the edge that led there.

        Breadth first, so that the edges make shortest chains; `enter` may refuse an edge.
        """
        found: dict[Function, Edge | None] = {start: None}
        pending = [start]
        for function in pending:
            for edge in self.edges(function):
                if edge.to not in found and enter(edge):
                    found[edge.to] = edge
                    pending.append(edge.to)
        return found

    def functions_passed(self, call: CallSite) -> Iterator[Function]:
        """Yield the functions that are passed to a call by reference."""
        node = call.node
        for argument in (*node.arguments, *(each.value for each in node.keywords)):
            value = self._resolver.value(argument, call.function)
            if isinstance(value, FunctionValue):
                yield value.function

    def _of_calls(self, function: Function) -> Iterator[Edge]:
        for call in function.calls:
            if call.runs_here:
                target = self._resolver.value_of(call.called, function)
                for to in self._run_by(target, call):
                    yield Edge(function, call.node, to)
                    yield from self._of_overrides(call, to)
                    for handed in self._run_for(call, to):
                        yield Edge(function, call.node, handed)

    def _run_for(self, call: CallSite, called: Function) -> Iterator[Function]:
        """Yield the functions that a call hands over and that what is called runs itself."""
        for name in called.called_parameters:
            node = arguments.passed(call.node, name, called)
            value = None if node is None else self._resolver.value(node, call.function)
            if isinstance(value, FunctionValue) and not value.function.is_generator:
                yield value.function

    def _of_overrides(self, call: CallSite, called: Function) -> Iterator[Edge]:
        """Yield what may run in the place of an abstract method."""
        found = self.overrides.of(called)
        for method in found:
            if not self._is_other(call, FunctionValue(method)):
                yield Edge(call.function, call.node, method, is_certain=len(found) == 1)

    def _of_properties(self, function: Function) -> Iterator[Edge]:
        for node, getter in self.properties.read_by(function):
            yield Edge(function, node, getter)

    def _run_by(self, target: Value | None, call: CallSite) -> Iterator[Function]:
        match target:
            case FunctionValue(function):
                kinds = results.decorator_kinds(function, self._resolver, self._knowledge)
                is_run = "thread" not in kinds and not self._is_other(call, target)
                if is_run and not _only_makes_generator(function, kinds, call, self._resolver):
                    yield function
            case ClassValue():
                for name in _RUN_WHEN_MADE:
                    method = self._resolver.member(target, name)
                    if isinstance(method, FunctionValue):
                        yield method.function
            case Instance(Class()):
                method = self._resolver.member(target, "__call__")
                if isinstance(method, FunctionValue):
                    yield method.function
            case External(name):
                yield from self._run_by_library(name, call)

    def _is_other(self, call: CallSite, target: FunctionValue) -> bool:
        """Tell whether what is awaited cannot be awaited: it is another class's method then."""
        if not call.is_awaited or target.function.is_async:
            return False
        result = self._resolver.result(target, call.node, call.function)
        return isinstance(result, Instance) and (
            isinstance(result.of, str) or self._resolver.member(result, "__await__") is None
        )

    def _run_by_library(self, name: str, call: CallSite) -> Iterator[Function]:
        if self._knowledge.called_argument(name) is not None:
            yield from self.functions_passed(call)
        elif self._knowledge.background_argument(name) is not None:
            yield from (each for each in self.functions_passed(call) if each.is_async)

    def _of_context_managers(self, function: Function) -> Iterator[Edge]:
        for raw, is_async in function.details.entered:
            node: Expression = wrap(raw)
            value = self._resolver.value(node, function)
            if isinstance(value, Instance) and isinstance(value.of, Class):
                names = ("__aenter__", "__aexit__") if is_async else ("__enter__", "__exit__")
                for name in names:
                    method = self._resolver.member(value, name)
                    if isinstance(method, FunctionValue):
                        yield Edge(function, node, method.function)


def _only_makes_generator(
    function: Function, kinds: set[str], call: CallSite, resolver: Resolver
) -> bool:
    """Tell whether a call only makes a generator, which something else will run.

    A streaming response runs a plain generator in threads, and an async one in the event loop.
    """
    if not function.is_generator or function.is_async or "contextmanager" in kinds:
        return False
    return not iteration.is_consumed(call, resolver)
