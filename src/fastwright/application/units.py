"""Divides what a check does into units of which each is remembered by itself.

A check that goes over entry points, say, finds something at one of them whatever it found at the
others. What it looks at for that is noted apart, so that a later review judges only those again for
which something has changed.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Any, TypeVar

from fastwright.source.notes import Note, note, noted, open_notes, unnoted

Item = TypeVar("Item")
# A practice, and what it judges by itself; None for all that it does beside.
Unit = tuple[str, Hashable]


class Units:
    """The units of a review, with the notes of what was looked at in each."""

    def __init__(self) -> None:
        self.notes: dict[Unit, Note] = {}
        # The lists that were gone over, by name: the note of each, and what tells its items.
        self.lists: dict[str, tuple[Note, list[Any]]] = {}
        # Which of them a practice goes over.
        self.dividing: dict[str, str] = {}
        self.current: Unit = ("", None)
        # Which units are to be judged: all, unless the others are known.
        self.is_asked: Callable[[Unit], bool] = lambda _unit: True

    def whole(self, name: str, found: Iterable[Item]) -> Iterator[tuple[Unit, Item]]:
        """Yield what a practice of this name finds, each with the unit in which it was found."""
        depth = len(open_notes)
        self.current = whole = (name, None)
        made = Note()
        open_notes.append(made.seen)
        try:
            for each in found:
                yield self.current, each
        finally:
            del open_notes[depth:]
            self.notes[whole] = made.closed()

    def listed(self, name: str, item: Callable[[Any], Item]) -> list[Item]:
        """Return a list that is known, and note it."""
        made, keys = self.lists[name]
        note(made)
        return unnoted(lambda: [item(each) for each in keys])

    def each(
        self,
        name: str,
        items: Callable[[], Iterable[Item]],
        key: Callable[[Item], Hashable],
        item: Callable[[Any], Item],
    ) -> Iterator[Item]:
        """Yield items one by one, each with a unit of its own until the next one is asked for.

        `key` gives what tells an item from others, `item` the one that has a key.
        """
        whole = self.current
        self.dividing[whole[0]] = name
        if name not in self.lists:
            found, made = unnoted(lambda: noted(lambda: [key(each) for each in items()]))
            self.lists[name] = made, found
        for known_by in self.lists[name][1]:
            unit = whole[0], known_by
            if not self.is_asked(unit):
                continue
            self.current = unit
            made = Note()
            open_notes.append(made.seen)
            try:
                yield unnoted(item, known_by)
            finally:
                open_notes.pop()
                self.notes[unit] = made.closed()
                self.current = whole
