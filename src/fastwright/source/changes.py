"""Which parts of a codebase an edit of a file has changed, by the facts of both texts."""

from collections.abc import Iterator
from typing import Any

from fastwright.source import facts, parts
from fastwright.source.facts import Facts
from fastwright.source.gaps import Gaps
from fastwright.source.nodes import Raw
from fastwright.source.records import Details
from fastwright.source.shifting import NotMovedError

_Call = tuple[int, int, int]


def between(path: str, old: bytes, new: bytes) -> Iterator[tuple[Any, ...]]:
    """Yield the parts, as `parts` tells them; raises `NotMovedError` where that is not sure."""
    yield parts.TEXT, path
    if facts.code_of(old) != facts.code_of(new):
        yield parts.CODE, path
    before, after = Facts.of(old), Facts.of(new)
    if before.errors or after.errors:
        raise NotMovedError  # what is not understood may reach anywhere
    if before.prints[0] != after.prints[0]:
        yield parts.FILE, path
        changed = set(range(len(before.functions)))
    else:
        pairs = enumerate(zip(before.prints, after.prints, strict=True))
        changed = {index for index, (one, other) in pairs if one != other}
    yield from ((parts.BODY, path, index) for index in changed)
    yield from _by_words(old, new)
    calls = _Calls(before, after, changed)
    for name in before.calls.keys() | after.calls.keys():
        if not calls.are_same(name):
            yield parts.CALLS, name
    yield from ((parts.SHARED, name) for name in _otherwise(before.shared, after.shared))
    for one, other in zip(before.classes, after.classes, strict=False):
        for name in _otherwise(one.attributes, other.attributes):
            yield parts.ATTRIBUTE, name


def _by_words(old: bytes, new: bytes) -> Iterator[tuple[Any, ...]]:
    before, after = facts.words_of(old), facts.words_of(new)
    for name in set(before.called) ^ set(after.called):
        yield from ((parts.LAST_NAME, name[start:]) for start in range(len(name) + 1))
    if before.renamed != after.renamed:
        yield parts.RENAMED, ""
    if before.handed_on != after.handed_on:
        yield parts.HANDED_ON, ""
    for word in set(before.imported) ^ set(after.imported):
        yield parts.IMPORTED, word


def _otherwise(
    before: dict[str, list[tuple[int, Any]]], after: dict[str, list[tuple[int, Any]]]
) -> Iterator[str]:
    """Yield the names that other functions give a value to, whatever value that is."""
    for name in before.keys() | after.keys():
        if _functions(before.get(name, [])) != _functions(after.get(name, [])):
            yield name


def _functions(given: list[tuple[int, Any]]) -> list[int]:
    return [index for index, _ in given]


class _Calls:
    """Tells whether the calls of a name are written as before, wherever they stand now."""

    def __init__(self, before: Facts, after: Facts, changed: set[int]) -> None:
        self._before, self._after = _Text(before), _Text(after)
        self._changed = changed

    def are_same(self, name: str) -> bool:
        old, new = self._before.calls_named(name), self._after.calls_named(name)
        return len(old) == len(new) and all(map(self._is_same, old, new))

    def _is_same(self, old: _Call, new: _Call) -> bool:
        if old == new and old[0] not in self._changed:
            return True
        if self._before.name(old) != self._after.name(new) or old[2] != new[2]:
            return False
        one, other = self._before.node(old), self._after.node(new)
        starts = self._before.gaps.in_code(one[1]), self._after.gaps.in_code(other[1])
        return self._are_alike(one, other, *starts)

    def _are_alike(self, one: object, other: object, start: int, other_start: int) -> bool:
        """Tell whether two nodes say the same but for where they stand."""
        if isinstance(one, tuple) and isinstance(other, tuple):
            return len(one) == len(other) and all(
                self._are_alike(mine, its, start, other_start)
                for mine, its in zip(one, other, strict=True)
            )
        if type(one) is int and type(other) is int and one != other:
            where = self._before.gaps.in_code(one) - start
            return where == self._after.gaps.in_code(other) - other_start
        return one == other


class _Text:
    """One of the two texts, by its facts."""

    def __init__(self, said: Facts) -> None:
        self._said = said
        self.gaps = Gaps(said.gaps)
        self._calls: dict[int, list[tuple[Raw, int]]] = {}

    def calls_named(self, name: str) -> list[_Call]:
        return self._said.calls.get(name, [])

    def name(self, call: _Call) -> str:
        return self._said.functions[call[0]].name

    def node(self, call: _Call) -> Raw:
        function, position, _ = call
        if function not in self._calls:
            self._calls[function] = Details.of(self._said.functions[function].details).calls
        return self._calls[function][position][0]
