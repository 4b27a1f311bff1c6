"""Finds calls by what they call, looking only at those whose last name could be meant."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from fastwright.codebase.modules import CallSite, Class, Function, Module
from fastwright.codebase.resolver import Resolver
from fastwright.codebase.values import ClassValue, External, FunctionValue

Target = str | Function | Class

# `super().__init__()` and `cls()` make objects without naming their class.
_UNNAMED = ("__init__", "cls")


class CallIndex:
    """The calls in some modules, by the last name that they are written with."""

    def __init__(self, modules: Iterable[Module], resolver: Resolver) -> None:
        self._modules = list(modules)
        self._resolver = resolver
        self._found: dict[Target, list[CallSite]] = {}
        self._targets: dict[str, dict[Target, list[CallSite]]] = {}

    def to(self, target: Target) -> list[CallSite]:
        """Return the calls of a library's thing, by its dotted name, or of one of the codebase."""
        if target not in self._found:
            last = target.rpartition(".")[2] if isinstance(target, str) else target.name
            found: dict[tuple[str, int], CallSite] = {}
            for name in self._names_of(last, target):
                for call in self._by_target(name).get(target, ()):
                    found[call.function.module.path, call.node.start] = call
            self._found[target] = [found[key] for key in sorted(found)]
        return self._found[target]

    def named(
        self, names: Iterable[str], wanted: Callable[[int], bool] | None = None
    ) -> Iterator[CallSite]:
        """Yield the calls that are written with one of some last names, and used as wanted.

        `wanted` is asked with the bits of `Use`, before anything is looked into.
        """
        for name in names:
            for module in self._modules_with.get(name, ()):
                for function, position, use in module.facts.calls[name]:
                    if wanted is None or wanted(use):
                        yield module.functions[function].calls[position]

    def modules_with(self, names: Iterable[str]) -> set[Module]:
        """Return the modules with calls that are written with one of some last names."""
        return {module for name in names for module in self._modules_with.get(name, ())}

    def also_called(self, names: Iterable[str]) -> set[str]:
        """Return names with all others that are given to what has them."""
        found = set(names)
        pending = list(found)
        while pending:
            for name in self._renamed.get(pending.pop(), ()):
                if name not in found:
                    found.add(name)
                    pending.append(name)
        return found

    @cached_property
    def last_names(self) -> frozenset[str]:
        """Return all last names that calls are written with."""
        return frozenset(self._modules_with)

    def _by_target(self, name: str) -> dict[Target, list[CallSite]]:
        """Return the calls of one last name by what they call; each is resolved once."""
        if name not in self._targets:
            found: defaultdict[Target, list[CallSite]] = defaultdict(list)
            self._targets[name] = found
            for call in self.named([name]):
                match self._resolver.value_of(call.called, call.function):
                    case External(to) | FunctionValue(to) | ClassValue(to):
                        found[to].append(call)
        return self._targets[name]

    def _names_of(self, last: str, target: Target) -> set[str]:
        """Return the names that something may be called by: its own, and those given to it."""
        names = self.also_called([last])
        if isinstance(target, Class):
            names.update(_UNNAMED)
        return names

    @cached_property
    def _modules_with(self) -> dict[str, list[Module]]:
        found: defaultdict[str, list[Module]] = defaultdict(list)
        for module in self._modules:
            for name in module.words.called:
                found[name].append(module)
        return found

    @cached_property
    def _renamed(self) -> dict[str, set[str]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for module in self._modules:
            for original, name in module.facts.renamed:
                found[original].add(name)
        return found
