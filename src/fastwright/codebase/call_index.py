"""Finds calls by what they call, looking only at those whose last name could be meant."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fastwright.codebase.definitions import CallSite, Class, Function
from fastwright.codebase.modules import Module
from fastwright.codebase.resolver import Resolver
from fastwright.codebase.values import ClassValue, External, FunctionValue
from fastwright.source import parts
from fastwright.source.cells import Cells
from fastwright.source.lazy import Lazy
from fastwright.source.notes import Answers, note
from fastwright.source.scopes import Use

Target = str | Function | Class
# The same in plain values: what it is, the path of its module, and its key or dotted name.
_Plain = tuple[str, str, str]

# `super().__init__()` and `cls()` make objects without naming their class.
_UNNAMED = ("__init__", "cls")

# From so many modules on that call something by one name, what they call is kept for each of them.
_MANY = 32


class CallIndex:
    """The calls in some modules, by the last name that they are written with."""

    def __init__(
        self,
        name: str,
        modules: Iterable[Module],
        by_path: Mapping[str, Module],
        resolver: Resolver,
    ) -> None:
        """`by_path` has all modules of the codebase: what is called may be in any of them."""
        self._modules = list(modules)
        self._by_path = by_path
        self._resolver = resolver
        self._found = Answers(self._find)
        # By a last name, and whether those in decorators are meant.
        self._targets = Answers(self._find_targets)
        # What decorators with a last name call, by that.
        self.decorating = Cells(f"what decorates in {name}", self._find_decorating)
        # What calls call, by a last name that many modules call, the path of one of them, and
        # whether those in decorators are meant.
        self.called = Cells(f"what is called in {name}", self._find_called)

    def to(self, target: Target) -> list[CallSite]:
        """Return the calls of a library's thing, by its dotted name, or of one of the codebase."""
        return self._found(target)

    def _find(self, target: Target) -> list[CallSite]:
        last = target.rpartition(".")[2] if isinstance(target, str) else target.name
        found: dict[tuple[str, int], CallSite] = {}
        for name in self._names_of(last, target):
            calls = list(self._targets((name, False)).get(target, ()))
            if self.decorates(target, name):
                calls += self._targets((name, True)).get(target, ())
            found.update({(each.function.module.path, each.node.start): each for each in calls})
        return [found[key] for key in sorted(found)]

    @property
    def cells(self) -> tuple[Cells[Any, Any], ...]:
        """Return what a later review may take as it is."""
        return self.decorating, self.called

    def to_functions(
        self, names: Iterable[str], without: int
    ) -> Iterator[tuple[CallSite, Function]]:
        """Yield the calls of the codebase's functions by some last names, with what is called.

        None of those in decorators, nor of those that are used as one of the bits of `without`.
        """
        for name in names:
            if self._is_common(name):
                for target, calls in self._targets((name, False)).items():
                    if isinstance(target, Function):
                        yield from ((each, target) for each in calls if not each.use & without)
            else:
                for call in self.named([name], without=without | Use.IN_DECORATOR):
                    called = self._target(call)
                    if isinstance(called, Function):
                        yield call, called

    def named(
        self, names: Iterable[str], used: int | None = None, without: int = 0
    ) -> Iterator[CallSite]:
        """Yield the calls that are written with one of some last names, as they are used.

        Of the bits of `Use` one of `used` must be there, and none of `without`. They are asked for
        before anything is looked into.
        """
        for name in names:
            self._note(name, without, used)
            for module in self._modules_with.get(name, ()):
                for function, position, use in module.unnoted_calls_named(name):
                    if not use & without and (used is None or use & used):
                        yield module.call(function, position)

    def decorates(self, target: Target, name: str) -> bool:
        """Tell whether something is called by a name in any decorator."""
        return _plain(target) in self.decorating.row(name)

    def modules_with(self, names: Iterable[str], without: int = 0) -> set[Module]:
        """Return the modules with calls that are written with one of some last names.

        Where `without` says that decorators are of no interest, those of others do not matter.
        """
        found: set[Module] = set()
        for name in names:
            self._note(name, without)
            found.update(self._modules_with.get(name, ()))
        return found

    def _note(self, name: str, without: int, used: int | None = None) -> None:
        if used != Use.IN_DECORATOR:
            note((parts.CALLS, name))
        if not without & Use.IN_DECORATOR:
            note((parts.DECORATING, name))

    def also_called(self, names: Iterable[str]) -> set[str]:
        """Return names with all others that are given to what has them."""
        found = set(names)
        pending = list(found)
        while pending:
            original = pending.pop()
            note((parts.RENAMED, original))
            for name in self._renamed.get(original, ()):
                if name not in found:
                    found.add(name)
                    pending.append(name)
        return found

    def ending(self, endings: tuple[str, ...]) -> set[str]:
        """Return the last names of calls that end as is asked."""
        for each in endings:
            note((parts.LAST_NAME, each))
        return {name for name in self._modules_with if name.endswith(endings)}

    def _find_decorating(self, name: str) -> tuple[_Plain, ...]:
        if not self._is_common(name):
            return tuple(sorted(map(_plain, self._targets((name, True)))))
        self._note(name, 0, Use.IN_DECORATOR)
        modules = self._modules_with[name]
        rows = (self.called.row((name, module.path, True)) for module in modules)
        return tuple(sorted({target for row in rows for target, _, _ in row}))

    def _find_targets(self, asked: tuple[str, bool]) -> dict[Target, list[CallSite]]:
        """Return the calls of one last name by what they call; each is resolved once."""
        name, in_decorators = asked
        found: defaultdict[Target, list[CallSite]] = defaultdict(list)
        if not in_decorators and self._is_common(name):
            for to, call in self._remembered(name):
                found[to].append(call)
            return found
        which = {"used" if in_decorators else "without": Use.IN_DECORATOR}
        for call in self.named([name], **which):
            target = self._target(call)
            if target is not None:
                found[target].append(call)
        return found

    def _is_common(self, name: str) -> bool:
        """Tell whether many modules call something by a name; who asks looks at its calls."""
        return len(self._modules_with.get(name, ())) >= _MANY

    def _target(self, call: CallSite) -> Target | None:
        match self._resolver.value_of(call.called, call.function):
            case External(to) | FunctionValue(to) | ClassValue(to):
                return to
        return None

    def _remembered(self, name: str) -> Iterator[tuple[Target, CallSite]]:
        """Yield what calls with a last name call, none in decorators, module by module."""
        self._note(name, Use.IN_DECORATOR)
        for module in self._modules_with[name]:
            for plain, key, position in self.called.row((name, module.path, False)):
                function = module.function(key)
                yield self._read(plain), module.call(function.index, position)

    def _find_called(self, asked: tuple[str, str, bool]) -> tuple[tuple[_Plain, str, int], ...]:
        name, path, in_decorators = asked
        module = self._by_path[path]
        note((parts.CODE, path))
        found = (
            (self._target(module.call(function, position)), function, position)
            for function, position, use in module.unnoted_calls_named(name)
            if bool(use & Use.IN_DECORATOR) == in_decorators
        )
        return tuple(
            (_plain(target), module.function_at(function).key, position)
            for target, function, position in found
            if target is not None
        )

    def _read(self, plain: _Plain) -> Target:
        kind, path, name = plain
        if kind == "function":
            return self._by_path[path].function(name)
        return self._by_path[path].class_of(name) if kind == "class" else name

    def _names_of(self, last: str, target: Target) -> set[str]:
        """Return the names that something may be called by: its own, and those given to it."""
        names = self.also_called([last])
        if isinstance(target, Class):
            names.update(_UNNAMED)
        return names

    @Lazy
    def _modules_with(self) -> dict[str, list[Module]]:
        found: defaultdict[str, list[Module]] = defaultdict(list)
        for module in self._modules:
            for name in module.words.called:
                found[name].append(module)
        return found

    @Lazy
    def _renamed(self) -> dict[str, set[str]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for module in self._modules:
            for original, name in module.words.renamed:
                found[original].add(name)
        return found


def _plain(target: Target) -> _Plain:
    match target:
        case Function():
            return "function", target.module.path, target.key
        case Class():
            return "class", target.module.path, target.key
    return "", "", target
