"""A property that is worked out once, when it is first asked for."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any, ClassVar, Generic, TypeVar

from fastwright.source import parts
from fastwright.source.notes import open_notes, unnoted

T = TypeVar("T")


class Lazy(Generic[T]):
    """As `functools.cached_property`, which takes a lock for each until Python 3.12.

    Asked again, an object answers from its own dictionary: this is not even called.
    """

    def __init__(self, find: Callable[[Any], T]) -> None:
        self._find = find
        self._name = find.__name__
        self.__doc__ = find.__doc__

    def __get__(self, owner: Any, kind: type | None = None) -> T:  # noqa: ANN401 - of any class
        """Return the value; `owner` keeps it."""
        found = self._find(owner)
        owner.__dict__[self._name] = found
        return found


class Noted(Lazy[T]):
    """A property of one part of a file: each look at it is noted as a look at that part."""

    # Gives what is noted, of the owner.
    part_of: "ClassVar[attrgetter[Any]]"

    def __get__(self, owner: Any, kind: type | None = None) -> T:  # noqa: ANN401 - of any class
        """Return the value; `owner` keeps it."""
        open_notes[-1].append(self.part_of(owner))
        kept: dict[Any, T] = owner.__dict__
        try:
            return kept[self]
        except KeyError:
            found = kept[self] = self._find(owner)
            return found


class Told(Lazy[T]):
    """A plain property of a function that is noted with its value.

    Who looks at it is not touched by edits that leave it as it is: see `Module.said`.
    """

    def __get__(self, owner: Any, kind: type | None = None) -> T:  # noqa: ANN401 - of any class
        """Return the value; `owner` keeps it."""
        kept: tuple[T, tuple[Any, ...]] | None = owner.__dict__.get(self)
        if kept is None:
            value = unnoted(self._find, owner)
            part = parts.VALUE, owner.module.path, self._name, owner.key, value
            kept = owner.__dict__[self] = value, part
        open_notes[-1].append(kept[1])
        return kept[0]


class OfFile(Noted[T]):
    """A property of all of a file but the bodies of functions."""

    part_of = attrgetter("part")


class OfHead(Noted[T]):
    """A property of the signature, the bases or the decorators."""

    part_of = attrgetter("head")


class OfClass(Noted[T]):
    """A property of a class but for the bodies of its methods."""

    part_of = attrgetter("whole")


class OfBody(Noted[T]):
    """A property of the body of a function."""

    part_of = attrgetter("part")
