"""Plain values that are found one by one, as the rows of a ledger are found all together."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Generic, TypeVar

from fastwright.source import parts
from fastwright.source.notes import Note, note, noted, unnoted, untouched

Key = TypeVar("Key", bound=Hashable)
Row = TypeVar("Row")


class Cells(Generic[Key, Row]):
    """Rows by their keys, both in plain values, each found when it is first asked for.

    Where something has changed that a row was found by, it is found anew and compared: whoever
    looked only at rows that are as before is not touched by the change.
    """

    def __init__(self, name: str, find: Callable[[Key], Row]) -> None:
        self.name = name
        self._find = find
        # The rows that have been asked for, with the notes of what was looked at for them.
        self.kept: dict[Key, tuple[Row, Note]] = {}
        # Those of the last review, with the numbers of the notes, and which do not hold.
        self._last: Mapping[Key, tuple[int, Row]] = {}
        self._touched: set[int] = set()
        # The notes of those of them that have been asked for.
        self.asked: set[int] = set()

    def restore(self, last: Mapping[Key, tuple[int, Row]], touched: set[int]) -> None:
        """Take the rows of the last review, but for those whose notes are touched."""
        self._last, self._touched = last, touched

    def row(self, key: Key) -> Row:
        """Return the row of a key; only that one is noted."""
        note((parts.ROW, self.name, key))
        kept = self.kept.get(key)
        if kept is None:
            last = self._last.get(key)
            if last is not None and last[0] not in self._touched:
                self.asked.add(last[0])
                return last[1]
            kept = self.kept[key] = unnoted(noted, self._find, key)
        return kept[0]

    @property
    def numbered(self) -> dict[Key, tuple[int, Row]]:
        """Return all rows that hold, with the numbers of the notes."""
        found = {key: (made.number, row) for key, (row, made) in self.kept.items()}
        return {**untouched(self._last, self._touched), **found}

    def changed(self, before: Mapping[Key, Row]) -> Iterator[tuple[object, ...]]:
        """Yield the parts that tell which of some rows are not as they were."""
        for key, row in before.items():
            try:
                is_changed = unnoted(self.row, key) != row
            except KeyError:
                is_changed = True  # what it speaks of has gone
            if is_changed:
                yield parts.ROW, self.name, key
