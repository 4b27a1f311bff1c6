"""Finds what a function leads to: the nearest place that does something, and the way there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from fastwright.codebase.calls import Edge
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.modules import Function
from fastwright.codebase.values import External
from fastwright.source.places import Step
from fastwright.source.syntax import Call, Declaration, Expression, If, Name, walk, walk_all


@dataclass(frozen=True, slots=True)
class Site:
    """A place that does what is looked for, by calling `name` of a library."""

    function: Function
    node: Expression
    name: str


@dataclass(frozen=True, slots=True)
class Trace:
    """The way from an expression of a function to a site; no edges where it is the site itself."""

    node: Expression
    edges: tuple[Edge, ...]
    site: Site

    @property
    def threaded(self) -> str:
        """Return what to hand to a thread: the first function on the way that is not async."""
        for edge in self.edges:
            if not edge.to.is_async:
                if not isinstance(edge.node, Call):
                    return f"lambda: {edge.caller.module.source(edge.node)}"
                return f"{edge.to.qualified_name.removesuffix('.__init__')}, …"
        return f"{self.site.name}, …"

    def steps(self, does: str) -> tuple[Step, ...]:
        """Return the way as evidence; `does` says what the site does, such as `which blocks`."""
        if not self.edges:
            return ()
        found = [
            _step(edge.caller, edge.node, f"runs {edge.to.qualified_name}") for edge in self.edges
        ]
        end = _step(self.site.function, self.site.node, f"calls {self.site.name}, {does}")
        return (*found, end)


class Witnesses:
    """Follows calls to sites.

    A function that does its work once for the whole process is not followed, nor are overrides of
    an abstract method of which some lead to no site.
    """

    def __init__(self, codebase: Codebase, sites: Callable[[Function], Iterator[Site]]) -> None:
        self._codebase = codebase
        self._sites = sites
        self._first: dict[Function, Site | None] = {}
        self._once: dict[Function, bool] = {}
        # Functions that are known to lead to no site.
        self._clean: set[Function] = set()

    def traces(self, function: Function) -> Iterator[Trace]:
        """Yield the expressions of a function that lead to a site, each once, in source order."""
        found = {site.node: Trace(site.node, (), site) for site in self._sites(function)}
        for edge in self._codebase.graph.edges(function):
            if edge.node not in found and self._enters(edge):
                trace = self._behind(edge)
                if trace is not None:
                    found[edge.node] = trace
        yield from sorted(found.values(), key=lambda trace: trace.node.start)

    def _behind(self, first: Edge) -> Trace | None:
        came_by: dict[Function, Edge | None] = {first.to: None}
        pending = [first.to]
        for function in pending:
            site = self._first_in(function)
            if site is not None:
                return Trace(first.node, (first, *_way(came_by, function)), site)
            for edge in self._codebase.graph.edges(function):
                if edge.to not in came_by and edge.to not in self._clean and self._enters(edge):
                    came_by[edge.to] = edge
                    pending.append(edge.to)
        self._clean.update(pending)
        return None

    def _first_in(self, function: Function) -> Site | None:
        if function not in self._first:
            self._first[function] = next(self._sites(function), None)
        return self._first[function]

    def _enters(self, edge: Edge) -> bool:
        return not self._runs_once(edge.to) and (edge.is_certain or self._all_lead(edge))

    def _all_lead(self, edge: Edge) -> bool:
        """Tell whether whatever overrides the method leads to a site: by itself, to be sure."""
        others = (
            other.to
            for other in self._codebase.graph.edges(edge.caller)
            if other.node == edge.node and not other.is_certain
        )
        return all(self._leads(function) for function in others)

    def _leads(self, function: Function) -> bool:
        reached = self._codebase.graph.reached(function, lambda edge: edge.is_certain)
        return any(self._first_in(each) is not None for each in reached)

    def _runs_once(self, function: Function) -> bool:
        if function not in self._once:
            self._once[function] = _is_cached(function, self._codebase) or _keeps_global(function)
        return self._once[function]


def _way(came_by: dict[Function, Edge | None], function: Function) -> list[Edge]:
    found: list[Edge] = []
    edge = came_by[function]
    while edge is not None:
        found.append(edge)
        edge = came_by[edge.caller]
    return found[::-1]


def _is_cached(function: Function, codebase: Codebase) -> bool:
    """Tell whether a decorator keeps the one result that a function can have."""
    if function.parameters:
        return False
    for decorator in function.decorators:
        node = decorator.function if isinstance(decorator, Call) else decorator
        match codebase.resolver.value(node, function.outer or function):
            case External("functools.cache" | "functools.lru_cache"):
                return True
    return False


def _keeps_global(function: Function) -> bool:
    """Tell whether a function asks whether a global that it sets has been set."""
    declared: set[str] = set()
    for statement in function.body:
        match statement:
            case Declaration("global", declared_names):
                declared.update(declared_names)
    if not declared:
        return False
    return any(_asks_for(node, declared) for node in walk_all(function.body))


def _asks_for(node: object, declared: set[str]) -> bool:
    match node:
        case If(test):
            return any(isinstance(each, Name) and each.id in declared for each in walk(test))
    return False


def _step(function: Function, node: Expression, text: str) -> Step:
    line, _ = function.module.position(node.start)
    return Step(function.module.path, line, text)
