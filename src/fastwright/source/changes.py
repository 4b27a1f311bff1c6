"""Which parts of a codebase an edit of a file has changed, by the facts of both texts."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

from fastwright.source import facts, parts
from fastwright.source.alignment import Alignment, NotMovedError, Side
from fastwright.source.nodes import Raw
from fastwright.source.scopes import Use
from fastwright.source.words import Words

Part = tuple[Any, ...]
# A call: the index of its function, and where it stands among the calls of that.
_Call = tuple[int, int]


def between(path: str, old: bytes, new: bytes, aligned: Alignment) -> Iterator[Part]:
    """Yield the parts, as `parts` tells them; raises `NotMovedError` where that is not sure."""
    before, after = aligned.old.facts, aligned.new.facts
    if before.errors or after.errors:
        raise NotMovedError  # what is not understood may reach anywhere
    yield parts.TEXT, path
    if facts.code_of(old) == facts.code_of(new):
        return
    yield parts.CODE, path
    if not aligned.is_same_outside:
        yield parts.FILE, path
    for side in (aligned.old, aligned.new):
        yield from _of_side(path, side)
    if _stars(aligned.old) != _stars(aligned.new):
        yield parts.STARS, path
    if aligned.old.imports or aligned.new.imports:
        yield parts.IMPORTING, path
    words, words_now = facts.words_of(old), facts.words_of(new)
    if words.unset != words_now.unset:
        yield parts.UNSET, path
    yield from _of_words(words, words_now)
    yield from _Calls(aligned).changed()
    shared = _given(before.shared, aligned.old), _given(after.shared, aligned.new)
    yield from ((parts.SHARED, name) for name in _otherwise(*shared))
    attributes = (_attributes(each) for each in (aligned.old, aligned.new))
    yield from ((parts.ATTRIBUTE, name) for _, name in _otherwise(*attributes))


def _of_side(path: str, side: Side) -> Iterator[Part]:
    functions, classes = side.function_keys, side.class_keys
    yield from ((parts.HEAD, path, functions[each]) for each in side.heads)
    yield from ((parts.BODY, path, functions[each]) for each in side.bodies)
    yield from ((parts.CLASS_HEAD, path, classes[each]) for each in side.class_heads)
    yield from ((parts.CLASS, path, classes[each]) for each in side.classes)
    for owner, name in side.names:
        if owner is None:
            yield parts.NAME, path, name
        else:
            yield parts.MEMBER, path, classes[owner], name


def gone(path: str, aligned: Alignment) -> set[tuple[str, str]]:
    """Return the classes, by path and key, of which nothing is sure to be as it was."""
    sides = (aligned.old, aligned.new)
    return {(path, side.class_keys[each]) for side in sides for each in side.gone}


def _stars(side: Side) -> list[tuple[int, str]]:
    return side.facts.functions[0].unpacked.star_imports


def _of_words(before: Words, after: Words) -> Iterator[Part]:
    for name in set(before.called) ^ set(after.called):
        yield from ((parts.LAST_NAME, name[start:]) for start in range(len(name) + 1))
    for word in set(before.imported) ^ set(after.imported):
        yield parts.IMPORTED, word
    for original, _ in set(before.renamed) ^ set(after.renamed):
        yield parts.RENAMED, original
    for word in set(before.handed_on) ^ set(after.handed_on):
        yield parts.HANDED_ON, word
    for word in set(before.defined) ^ set(after.defined):
        yield parts.DEFINED, word
    for name, _ in set(before.decorated) ^ set(after.decorated):
        yield parts.DECORATED, name
    for part, one, other in (
        (parts.DERIVED, before.derived, after.derived),
        (parts.WITH_DEFAULTS, before.with_defaults, after.with_defaults),
        (parts.PROPERTIES, before.properties, after.properties),
        (parts.COROUTINES, before.coroutines, after.coroutines),
    ):
        if one != other:
            yield part, ""


def _given(found: dict[str, list[tuple[int, Any]]], side: Side) -> dict[object, list[str]]:
    """Return which functions give a value to each name, whatever value that is."""
    return {
        name: [side.function_keys[index] for index, _ in given] for name, given in found.items()
    }


def _attributes(side: Side) -> dict[object, list[str]]:
    return {
        (side.class_keys[number], name): functions
        for number, each in enumerate(side.facts.classes)
        for name, functions in _given(each.attributes, side).items()
    }


def _otherwise(before: dict[Any, list[str]], after: dict[Any, list[str]]) -> Iterator[Any]:
    """Yield the names that other functions give a value to."""
    for name in before.keys() | after.keys():
        if before.get(name) != after.get(name):
            yield name


class _Calls:
    """Tells of which last names the calls are not written as before, wherever they stand now.

    Those in decorators are told apart.
    """

    def __init__(self, aligned: Alignment) -> None:
        self._aligned = aligned
        self._before, self._after = _Texts(aligned.old), _Texts(aligned.new)

    def changed(self) -> set[Part]:
        """Return the parts."""
        aligned = self._aligned
        found: set[Part] = set()
        for index, other in aligned.functions.items():
            if index in aligned.old.bodies or other in aligned.new.bodies or not index:
                found |= self._in_pair(index, other)
        for texts, known in (
            (self._before, aligned.functions.keys()),
            (self._after, set(aligned.functions.values())),
        ):
            for name, functions in texts.functions_by_name.items():
                if not functions <= known:
                    found |= {(parts.CALLS, name), (parts.DECORATING, name)}
        return found

    def _in_pair(self, index: int, other: int) -> set[Part]:
        old, new = self._before.calls(index), self._after.calls(other)
        matcher = SequenceMatcher(
            None, [each[:2] for each in old], [each[:2] for each in new], autojunk=False
        )
        found: set[Part] = set()
        for tag, start, end, now, until in matcher.get_opcodes():
            before, after = old[start:end], new[now:until]
            if tag == "equal":
                pairs = zip(before, after, strict=True)
                found |= {_part(one) for one, its in pairs if not self._are_same(one[2], its[2])}
            else:
                found |= set(map(_part, (*before, *after)))
        return found

    def _are_same(self, one: Raw, other: Raw) -> bool:
        starts = self._before.side.gaps.in_code(one[1]), self._after.side.gaps.in_code(other[1])
        return self._are_alike(one, other, *starts)

    def _are_alike(self, one: object, other: object, start: int, other_start: int) -> bool:
        """Tell whether two nodes say the same but for where they stand."""
        if isinstance(one, tuple) and isinstance(other, tuple):
            return len(one) == len(other) and all(
                self._are_alike(mine, its, start, other_start)
                for mine, its in zip(one, other, strict=True)
            )
        if type(one) is int and type(other) is int and one != other:
            where = self._before.side.gaps.in_code(one) - start
            return where == self._after.side.gaps.in_code(other) - other_start
        return one == other


def _part(call: tuple[str, int, Raw]) -> Part:
    name, use, _ = call
    return parts.DECORATING if use & Use.IN_DECORATOR else parts.CALLS, name


class _Texts:
    """The calls of one of the two texts."""

    def __init__(self, side: Side) -> None:
        self.side = side
        # The functions that calls with a last name stand in.
        self.functions_by_name = {
            name: {function for function, *_ in calls} for name, calls in side.facts.calls.items()
        }
        self._named: dict[int, list[tuple[int, str, int]]] = {}
        for name, calls in side.facts.calls.items():
            for function, position, use in calls:
                self._named.setdefault(function, []).append((position, name, use))

    def calls(self, function: int) -> list[tuple[str, int, Raw]]:
        """Return the calls of a function in order: the last name, the use and the node of each."""
        nodes = self.side.facts.functions[function].unpacked.calls
        return [
            (name, use, nodes[position][0])
            for position, name, use in sorted(self._named.get(function, ()))
        ]
