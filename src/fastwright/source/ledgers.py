"""Ledgers of answers that can only be found all together, each row of which is noted by itself."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Generic, TypeVar

from fastwright.source import parts
from fastwright.source.notes import Note, note, noted, unnoted

Key = TypeVar("Key", bound=Hashable)
Row = TypeVar("Row")


class Ledger(Generic[Key, Row]):
    """Rows by their keys, both in plain values; found when one is first asked for.

    Where something has changed that it was found by, all of it is found anew and compared: whoever
    looked only at rows that are as before is not touched by the change.
    """

    def __init__(self, name: str, find: Callable[[], Mapping[Key, Row]]) -> None:
        self.name = name
        self._find = find
        # All rows, with the note of what was looked at for them.
        self.kept: tuple[Mapping[Key, Row], Note] | None = None

    def row(self, key: Key) -> Row | None:
        """Return the row of a key, if there is one; only that one is noted."""
        note((parts.ROW, self.name, key))
        return self.found()[0].get(key)

    def found(self) -> tuple[Mapping[Key, Row], Note]:
        """Return all rows with their note, of which whoever asks notes nothing."""
        if self.kept is None:
            self.kept = unnoted(noted, self._find)
        return self.kept

    def changed(self, before: Mapping[Key, Row]) -> Iterator[tuple[object, ...]]:
        """Yield the parts that tell which rows are not as they were."""
        rows = self.found()[0]
        for key in before.keys() | rows.keys():
            if before.get(key) != rows.get(key):
                yield parts.ROW, self.name, key
