"""Which statements two texts of a file have in common, by their prints, in the same order.

Statements that are the same follow each other as they did, so that nothing has come between or
before what it was not. Functions and classes with the same name at the same place are paired, too,
where what is in them has changed.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

from fastwright.source import prints
from fastwright.source.facts import Facts
from fastwright.source.gaps import Gaps
from fastwright.source.prints import Print
from fastwright.source.records import ClassRecord, FunctionRecord, keys
from fastwright.source.syntax import If, Import, ImportFrom, Try, With

Span = tuple[int, int]
# The kinds of statements at the top of a module that may import something for it.
IMPORTING = frozenset({Import.kind, ImportFrom.kind, If.kind, Try.kind, With.kind})


class NotMovedError(Exception):
    """Something has changed of which it is not sure what follows from it."""


class Side:
    """One of two texts, and what of it has changed."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.gaps = Gaps(facts.gaps)
        self._top = facts.functions[0].unpacked.bindings
        self.function_keys, self.class_keys = keys(facts.functions), keys(facts.classes)
        self._functions, self._classes = self._starts(facts.functions), self._starts(facts.classes)
        # By the offsets in the code: what the other text has not.
        self.lost: list[Span] = []
        # By their indexes: functions of which the signature or decorators, or the body, and
        # classes of which these or anything but the bodies of methods, are not the same.
        self.heads: set[int] = set()
        self.bodies: set[int] = set()
        self.class_heads: set[int] = set()
        self.classes: set[int] = set()
        # What there was not, or is not any more.
        self.gone: set[int] = set()
        # Names that are bound by other statements, of the module (None) or a class.
        self.names: set[tuple[int | None, str]] = set()
        # Whether any of the other statements may import something.
        self.imports = False

    def functions_in(self, span: Span) -> range:
        """Return the functions that begin between two offsets."""
        return range(
            bisect_left(self._functions, span[0]) + 1, bisect_left(self._functions, span[1]) + 1
        )

    def classes_in(self, span: Span) -> range:
        """Return the classes that begin between two offsets."""
        return range(bisect_left(self._classes, span[0]), bisect_left(self._classes, span[1]))

    def lose(self, each: Print, owner: int | None) -> None:
        """Note that a statement of the module, or of a class, is not the same in the other text."""
        span = each[0], end_of(each)
        self.lost.append(span)
        self._lose_inside(span)
        if owner is None:
            in_code = self.gaps.in_code
            self.imports |= any(
                raw[0] in IMPORTING and in_code(raw[1]) == span[0] for raw in self.facts.body
            )
        bindings = self._top if owner is None else self.facts.classes[owner].bindings
        for name, bound in bindings.items():
            if any(span[0] <= self.gaps.in_code(one[1]) < span[1] for one in bound):
                self.names.add((owner, name))

    def lose_body(self, index: int, span: Span) -> None:
        """Note that the body of a function is not the same."""
        self.lost.append(span)
        self.bodies.add(index)
        self._lose_inside(span)

    def _lose_inside(self, span: Span) -> None:
        functions, classes = self.functions_in(span), self.classes_in(span)
        self.heads.update(functions)
        self.bodies.update(functions)
        self.class_heads.update(classes)
        self.classes.update(classes)
        self.gone.update(classes)

    def _starts(self, records: Sequence[FunctionRecord | ClassRecord]) -> list[int]:
        found = [self.gaps.in_code(each.node[1]) for each in records if each.node is not None]
        if found != sorted(found):
            raise NotMovedError
        return found


class Alignment:
    """How one text became another."""

    def __init__(self, old: Facts, new: Facts) -> None:
        self.old, self.new = Side(old), Side(new)
        # (from, to, from where it is now), by the offsets in the code, in order.
        self.same: list[tuple[int, int, int]] = []
        # What became of functions and classes, by their indexes.
        self.functions: dict[int, int] = {0: 0}
        self.classes: dict[int, int] = {}
        self.is_same_outside = self._align(old.prints, new.prints, None, None)
        self._note_renumbered()

    def _align(
        self,
        old: list[Print],
        new: list[Print],
        old_owner: int | None,
        new_owner: int | None,
    ) -> bool:
        """Align statements; tell whether all but the bodies of functions is the same."""
        is_same = True
        said, others_said = list(map(_said, old)), list(map(_said, new))
        for tag, start, end, now, until in _opcodes(said, others_said):
            if tag == "equal":
                for one, other in zip(old[start:end], new[now:until], strict=True):
                    self._keep((one[0], end_of(one)), other[0])
                continue
            before, after = old[start:end], new[now:until]
            names, others = [_named(each) for each in before], [_named(each) for each in after]
            for found, first, last, its, to in _opcodes(names, others):
                if found == "equal":
                    for one, other in zip(before[first:last], after[its:to], strict=True):
                        is_same = self._pair(one, other) and is_same
                    continue
                for each in before[first:last]:
                    self.old.lose(each, old_owner)
                for each in after[its:to]:
                    self.new.lose(each, new_owner)
                is_same = False
        return is_same

    def _pair(self, one: Print, other: Print) -> bool:
        """Align two definitions of the same name; tell the same as `_align`."""
        index, other_index = one[prints.INDEX], other[prints.INDEX]
        is_same = self._align_heads(one, other)
        body, other_body = one[prints.BODY], other[prints.BODY]
        if isinstance(body, list):
            self.classes[index] = other_index
            is_same_body = self._align(body, other_body, index, other_index)
            if not is_same:
                self.old.class_heads.add(index)
                self.new.class_heads.add(other_index)
            if not (is_same and is_same_body):
                self.old.classes.add(index)
                self.new.classes.add(other_index)
            return is_same and is_same_body
        self.functions[index] = other_index
        if not is_same:
            self.old.heads.add(index)
            self.new.heads.add(other_index)
        span, other_span = (
            (each[prints.BODY_START], each[prints.BODY][1]) for each in (one, other)
        )
        if body[0] == other_body[0]:
            self._keep(span, other_span[0])
        else:
            self.old.lose_body(index, span)
            self.new.lose_body(other_index, other_span)
        return is_same

    def _align_heads(self, one: Print, other: Print) -> bool:
        if one[2] == other[2]:
            self.same.append((one[0], one[1], other[0]))
            return True
        self.old.lost.append((one[0], one[1]))
        self.new.lost.append((other[0], other[1]))
        return False

    def _keep(self, span: Span, now: int) -> None:
        self.same.append((*span, now))
        other = now, now + span[1] - span[0]
        self.functions |= zip(
            self.old.functions_in(span), self.new.functions_in(other), strict=True
        )
        self.classes |= zip(self.old.classes_in(span), self.new.classes_in(other), strict=True)

    def _note_renumbered(self) -> None:
        """Note what is known by another key now, because there is another of the same name."""
        old, new = self.old, self.new
        for index, other in self.functions.items():
            if old.function_keys[index] != new.function_keys[other]:
                for side, number in ((old, index), (new, other)):
                    side.heads.add(number)
                    side.bodies.add(number)
        for index, other in self.classes.items():
            if old.class_keys[index] != new.class_keys[other]:
                for side, number in ((old, index), (new, other)):
                    side.class_heads.add(number)
                    side.classes.add(number)
                    side.gone.add(number)


def end_of(each: Print) -> int:
    """Return where in the code the statement of a print ends."""
    if len(each) <= prints.NAME:
        return int(each[1])
    body = each[prints.BODY]
    if isinstance(body, list):
        return end_of(body[-1]) if body else int(each[1])
    return int(body[1])


def _said(each: Print) -> object:
    """Return what is the same for statements that say the same."""
    if len(each) <= prints.NAME:
        return each[2]
    body = each[prints.BODY]
    return each[2], (tuple(map(_said, body)) if isinstance(body, list) else body[0])


def _named(each: Print) -> object:
    """Return what is the same for definitions of the same name, and for nothing else."""
    if len(each) <= prints.NAME:
        return object()
    return each[prints.NAME], isinstance(each[prints.BODY], list)


def _opcodes(old: list[Any], new: list[Any]) -> Iterator[tuple[str, int, int, int, int]]:
    """Yield what is the same in both, in order, and what lies between."""
    start, end, other_end = 0, len(old), len(new)
    while start < min(end, other_end) and old[start] == new[start]:
        start += 1
    while end > start and other_end > start and old[end - 1] == new[other_end - 1]:
        end, other_end = end - 1, other_end - 1
    yield "equal", 0, start, 0, start
    matcher = SequenceMatcher(None, old[start:end], new[start:other_end], autojunk=False)
    for tag, *rest in matcher.get_opcodes():
        first, last, now, until = (each + start for each in rest)
        yield tag, first, last, now, until
    yield "equal", end, len(old), other_end, len(new)
