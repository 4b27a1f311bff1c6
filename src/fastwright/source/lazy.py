"""A property that is worked out once, when it is first asked for."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from fastwright.source.notes import open_notes

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


class OfFile(Lazy[T]):
    """A property of all of a file but the bodies of functions: each look at it is noted."""

    def __get__(self, owner: Any, kind: type | None = None) -> T:  # noqa: ANN401 - of any class
        """Return the value; `owner` keeps it."""
        open_notes[-1].append(owner)
        kept: dict[Any, T] = owner.__dict__
        try:
            return kept[self]
        except KeyError:
            found = kept[self] = self._find(owner)
            return found


class OfHead(Lazy[T]):
    """A property of the signature, the bases or the decorators: each look at it is noted."""

    def __get__(self, owner: Any, kind: type | None = None) -> T:  # noqa: ANN401 - of any class
        """Return the value; `owner` keeps it."""
        open_notes[-1].append(owner.head)
        kept: dict[Any, T] = owner.__dict__
        try:
            return kept[self]
        except KeyError:
            found = kept[self] = self._find(owner)
            return found


class OfClass(Lazy[T]):
    """A property of a class but for the bodies of its methods: each look at it is noted."""

    def __get__(self, owner: Any, kind: type | None = None) -> T:  # noqa: ANN401 - of any class
        """Return the value; `owner` keeps it."""
        open_notes[-1].append(owner.whole)
        kept: dict[Any, T] = owner.__dict__
        try:
            return kept[self]
        except KeyError:
            found = kept[self] = self._find(owner)
            return found


class OfBody(Lazy[T]):
    """A property of the body of a function: each look at it is noted."""

    def __get__(self, owner: Any, kind: type | None = None) -> T:  # noqa: ANN401 - of any class
        """Return the value; `owner` keeps it."""
        open_notes[-1].append(owner.part)
        kept: dict[Any, T] = owner.__dict__
        try:
            return kept[self]
        except KeyError:
            found = kept[self] = self._find(owner)
            return found
