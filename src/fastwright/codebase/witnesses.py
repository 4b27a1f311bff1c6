"""Finds what a function leads to: the nearest place that does something, and the way there."""

import re
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from fastwright.codebase import branches
from fastwright.codebase.calls import Edge
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import Function
from fastwright.codebase.modules import Module
from fastwright.codebase.values import External
from fastwright.source import surroundings
from fastwright.source.notes import Answers, Note, note, noted
from fastwright.source.places import Step
from fastwright.source.syntax import (
    Assign,
    Attribute,
    Call,
    Comparison,
    Conditional,
    Constant,
    Expression,
    If,
    Name,
    Number,
    String,
    UnaryOperation,
    walk_all,
)

_LONGEST_SHOWN = 40  # characters
_KEPT_BY_CLASS = re.compile(rb"\bif (?:not )?(?:cls|[A-Z]\w*)\.\w+(?: is None)?:")
_CACHES = {"functools.cache", "functools.lru_cache"}


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
    def in_thread(self) -> str:
        """Return how to have it run in a thread, as the beginning of an advice."""
        plain = next((each.to for each in self.edges if not each.to.is_async), None)
        if plain is not None and plain.is_generator:  # runs only when somebody goes over it
            return f"go over `iterate_in_threadpool({plain.qualified_name}(…))`"
        return f"await `run_in_threadpool({self.threaded})`"

    @property
    def threaded(self) -> str:
        """Return what to hand to a thread: the first function on the way that is not async."""
        for edge in self.edges:
            if not edge.to.is_async:
                if not isinstance(edge.node, Call):
                    return f"lambda: {edge.caller.module.source(edge.node)}"
                return f"{edge.to.qualified_name.removesuffix('.__init__')}, …"
        if isinstance(self.site.node, Call):
            written = self.site.function.module.source(self.site.node.function)
            if len(written) <= _LONGEST_SHOWN and "\n" not in written:
                return f"{written}, …"
            if isinstance(self.site.node.function, Attribute):
                return f"lambda: ….{self.site.node.function.name}(…)"
        return f"{self.site.name}, …"

    @property
    def called(self) -> str:
        """Return what is called, as the subject of a sentence that says what it does."""
        site = f"`{self.site.name}`"
        if not self.edges:
            return site
        return f"`{self.edges[0].to.qualified_name}` leads to {site}, which"

    def steps(self, does: str) -> tuple[Step, ...]:
        """Return the way as evidence; `does` says what the site does, such as `which blocks`."""
        if not self.edges:
            return ()
        end = self.site.function.module.place(self.site.node)
        return (*(each.step for each in self.edges), end.step(f"calls {self.site.name}, {does}"))


class Witnesses:
    """Follows calls to sites.

    What is done once for the whole process is not followed, be it once for each of the literals
    that a function is called with; nor are overrides of an abstract method of which some lead to
    no site.
    """

    def __init__(self, codebase: Codebase, sites: Callable[[Function], Iterator[Site]]) -> None:
        self._codebase = codebase
        self._sites = sites
        self._first_in = Answers(self._find_first)
        self._runs_once = Answers(self._find_whether_once)
        self._fills_classes = Answers(_may_fill_class)
        # Functions that are known to lead to no site, with the notes of what they led to.
        self._clean: dict[Function, Note] = {}

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
        (found, clean), made = noted(self._search, first)
        self._clean.update(dict.fromkeys(clean, made))
        return found

    def _search(self, first: Edge) -> tuple[Trace | None, list[Function]]:
        """Return the way to a site, and the functions of which it is sure that there is none."""
        came_by: dict[Function, Edge | None] = {first.to: None}
        pending = [first.to]
        is_whole = True
        for function in pending:
            values = branches.given(came_by[function] or first)
            site = self._first_in(function)
            if site is not None:
                if branches.rules_out(values, site.node, function):
                    site = self._other_in(function, values)
                if site is not None:
                    return Trace(first.node, (first, *_way(came_by, function)), site), []
                is_whole = False
            for edge in self._codebase.graph.edges(function):
                if edge.to not in came_by and not self._is_clean(edge.to) and self._enters(edge):
                    if branches.rules_out(values, edge.node, function):
                        is_whole = False
                    else:
                        came_by[edge.to] = edge
                        pending.append(edge.to)
        return None, pending if is_whole else []

    def _is_clean(self, function: Function) -> bool:
        if function not in self._clean:
            return False
        note(self._clean[function])
        return True

    def _find_first(self, function: Function) -> Site | None:
        return next(self._sites(function), None)

    def _other_in(self, function: Function, values: dict[str, str]) -> Site | None:
        sites = self._sites(function)
        reached = (each for each in sites if not branches.rules_out(values, each.node, function))
        return next(reached, None)

    def _enters(self, edge: Edge) -> bool:
        if self._runs_once(edge.to) or self._is_first_time(edge):
            return False
        if edge.to.decorators and _is_constant(edge) and _is_cached(edge.to, self._codebase):
            return False
        return edge.is_certain or self._all_lead(edge)

    def _is_first_time(self, edge: Edge) -> bool:
        """Tell whether a call is made only while a global is None, as it is at first.

        So for what a class keeps, in a method of it or not.
        """
        if self._fills_classes(edge.caller.module) and any(
            isinstance(each, If) and _fills_class(each, edge.caller) and _holds(each, edge)
            for each in surroundings.around(edge.caller.body, edge.node)
        ):
            return True
        unset = edge.caller.module.unset
        if not unset:
            return False
        unset -= edge.caller.details.bindings.keys()
        return bool(unset) and any(
            isinstance(each, If) and _asks_whether_unset(each.test, unset) and _holds(each, edge)
            for each in surroundings.around(edge.caller.body, edge.node)
        )

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

    def _find_whether_once(self, function: Function) -> bool:
        is_cached = not function.parameters and _is_cached(function, self._codebase)
        return is_cached or self._codebase.habits.of(function).keeps_global


def _way(came_by: dict[Function, Edge | None], function: Function) -> list[Edge]:
    found: list[Edge] = []
    edge = came_by[function]
    while edge is not None:
        found.append(edge)
        edge = came_by[edge.caller]
    return found[::-1]


def _asks_whether_unset(test: Expression, unset: AbstractSet[str]) -> bool:
    match test:
        case Comparison((Name(name), Constant("None")), ("is",)) | UnaryOperation(
            "not", Name(name)
        ):
            return name in unset
    return False


def _may_fill_class(module: Module) -> bool:
    return module.has(_KEPT_BY_CLASS)


def _fills_class(statement: If, function: Function) -> bool:
    """Tell whether a class is asked for an attribute that is None, and is given it then."""
    match statement.test:
        case Comparison((Attribute(Name(owner), name), Constant("None")), ("is",)) | UnaryOperation(
            "not", Attribute(Name(owner), name)
        ) if owner == "cls" or owner in {each.name for each in function.module.classes}:
            return any(
                _is_attribute(target, owner, name)
                for each in walk_all(statement.body, Assign)
                if isinstance(each, Assign)
                for target in each.targets
            )
    return False


def _is_attribute(node: Expression, owner: str, name: str) -> bool:
    match node:
        case Attribute(Name(of), called):
            return of == owner and called == name
    return False


def _holds(statement: If, edge: Edge) -> bool:
    return any(each.start <= edge.node.start < each.end for each in statement.body)


def _is_constant(edge: Edge) -> bool:
    """Tell whether a function is called with the same arguments each time: with literals."""
    if not isinstance(edge.node, Call):
        return False
    given = (*edge.node.arguments, *(each.value for each in edge.node.keywords))
    return all(_is_literal(each) for each in given)


def _is_literal(node: Expression) -> bool:
    match node:
        case Conditional(body, _, otherwise):
            return _is_literal(body) and _is_literal(otherwise)
    return isinstance(node, String | Number | Constant)


def _is_cached(function: Function, codebase: Codebase) -> bool:
    """Tell whether a decorator keeps what a function returned for the same arguments."""
    return any(
        isinstance(each, External) and each.name in _CACHES
        for each in codebase.decorators(function)
    )
