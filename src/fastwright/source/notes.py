"""Notes what is looked at while something is worked out, also through answers that are kept.

What is noted is either a part of a codebase (see `parts`) or the `Note` of an answer that was used.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Generic, TypeVar, TypeVarTuple

Key = TypeVar("Key", bound=Hashable)
Answer = TypeVar("Answer")
Arguments = TypeVarTuple("Arguments")


class Note:
    """What was looked at to find one answer: parts, and the notes of other answers.

    `number` tells it from others once it is closed: those of what it used are lower, unless there
    was a circle.
    """

    __slots__ = ("is_in_circle", "number", "seen")

    def __init__(self) -> None:
        self.seen: list[Any] = []
        self.number = -1
        # Whether others refer to it before it is closed.
        self.is_in_circle = False

    def closed(self) -> "Note":
        """Return the note once it is whole; instead of one that only says what another says, that.

        It is numbered, if somebody records.
        """
        if not self.is_in_circle:
            if not self.seen:
                return NOTHING
            if len(self.seen) == 1 and type(self.seen[0]) is Note:
                return self.seen[0]
        if _recorded:
            made = _recorded[-1]
            self.number = made.first + len(made.notes)
            made.notes.append(self)
        return self


# What is said by an answer for which nothing was looked at.
NOTHING = Note()


def numbered(number: int) -> Note:
    """Return the note that has had a number since an earlier recording."""
    if number < 0:
        return NOTHING
    made = Note()
    made.number = number
    return made


def untouched(
    kept: Mapping[Key, tuple[int, Answer]], touched: set[int]
) -> dict[Key, tuple[int, Answer]]:
    """Return what is kept with the numbers of notes, but for those that are touched."""
    return {name: each for name, each in kept.items() if each[0] not in touched}


class Recording:
    """All notes that are made, numbered from `first` on."""

    def __init__(self, first: int) -> None:
        self.first = first
        self.notes: list[Note] = []


class _Nowhere(list[Any]):
    """Where nobody asks, nothing is kept."""

    def append(self, _element: object) -> None:
        """Forget it."""


# What was looked at for the answers that are being found, the innermost last.
open_notes: list[list[Any]] = [_Nowhere()]
_recorded: list[Recording] = []


@contextmanager
def recording(first: int = 0) -> Iterator[Recording]:
    """Give what records all notes that are closed meanwhile."""
    _recorded.append(Recording(first))
    try:
        yield _recorded[-1]
    finally:
        _recorded.pop()


def note(part: object) -> None:
    """Note that a part, or an answer by its note, was looked at."""
    open_notes[-1].append(part)


def unnoted(find: Callable[[*Arguments], Answer], *arguments: *Arguments) -> Answer:
    """Return an answer, of which whoever asks notes nothing."""
    open_notes.append(open_notes[0])
    try:
        return find(*arguments)
    finally:
        open_notes.pop()


def noted(find: Callable[[*Arguments], Answer], *arguments: *Arguments) -> tuple[Answer, Note]:
    """Return an answer with the note of what was looked at for it."""
    made = Note()
    open_notes.append(made.seen)
    try:
        answer = find(*arguments)
    finally:
        open_notes.pop()
    made = made.closed()
    open_notes[-1].append(made)
    return answer, made


def used(kept: tuple[Answer, Note]) -> Answer:
    """Return an answer that was kept with its note, and note that it was used."""
    open_notes[-1].append(kept[1])
    return kept[0]


class Answers(Generic[Key, Answer]):
    """Answers to questions of one kind, each found once and kept with its note."""

    def __init__(self, find: Callable[[Key], Answer]) -> None:
        self._find = find
        self._kept: dict[Key, tuple[Answer, Note]] = {}

    def __call__(self, key: Key) -> Answer:
        """Return the answer for a key."""
        kept = self._kept.get(key)
        if kept is None:
            kept = self._kept[key] = noted(self._find, key)
            return kept[0]
        return used(kept)


class Once(Generic[Answer]):
    """A property that is worked out once, as `functools.cached_property`, with its note."""

    def __init__(self, find: Callable[[Any], Answer]) -> None:
        self._find = find
        self._name = f"{find.__name__} with its note"
        self.__doc__ = find.__doc__

    def __get__(self, owner: Any, kind: type | None = None) -> Answer:  # noqa: ANN401 - of any class
        """Return the value; `owner` keeps it."""
        kept: tuple[Answer, Note] | None = owner.__dict__.get(self._name)
        if kept is None:
            kept = owner.__dict__[self._name] = noted(self._find, owner)
            return kept[0]
        return used(kept)
