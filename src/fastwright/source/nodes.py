"""How a node of a syntax tree is kept and looked at.

A tree is kept as plain nested tuples `(kind, start, end, *fields)`, which `marshal` writes and
reads at the speed of memory; `start` and `end` are byte offsets. A node class is a thin view of
such a tuple whose fields are made when they are looked at: code can `match` on nodes, and only the
nodes that are looked at cost anything.
"""

from collections.abc import Iterator
from typing import Any, ClassVar, Generic, TypeVar

Raw = tuple[Any, ...]
T = TypeVar("T")

_FIRST_FIELD = 3
_classes: list[type["Node"]] = []


class Node:
    """A node of a syntax tree; equal and hashed by its kind and place within one file."""

    __slots__ = ("raw",)
    kind: ClassVar[int]

    def __init_subclass__(cls) -> None:
        cls.kind = len(_classes)
        _classes.append(cls)

    def __init__(self, raw: Raw) -> None:
        self.raw = raw

    @property
    def start(self) -> int:
        """Offset in bytes of the first character."""
        offset: int = self.raw[1]
        return offset

    @property
    def end(self) -> int:
        """Offset in bytes after the last character."""
        offset: int = self.raw[2]
        return offset

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Node) and self.raw[:_FIRST_FIELD] == other.raw[:_FIRST_FIELD]

    def __hash__(self) -> int:
        return hash(self.raw[:_FIRST_FIELD])

    def __repr__(self) -> str:
        return f"{type(self).__name__}{self.raw[1:]}"


def wrap(raw: Raw) -> Any:  # noqa: ANN401 - the kind in the tuple decides
    """Return the view of a node that is kept as a tuple."""
    return _classes[raw[0]](raw)


def children(node: Node) -> list[Node]:
    """Return the nodes right below a node, in source order; not the bodies of functions."""
    return [wrap(raw) for raw in raw_children(node.raw)]


def raw_children(raw: Raw) -> Iterator[Raw]:
    """Yield the nodes right below a node, as they are kept."""
    for field in raw[_FIRST_FIELD:]:
        if type(field) is tuple and field:
            if type(field[0]) is int:
                yield field
            elif type(field[0]) is tuple:
                yield from field


class Field(Generic[T]):
    """A plain value: a name, an operator, a number."""

    __slots__ = ("_index",)

    def __init__(self, position: int) -> None:
        self._index = position + _FIRST_FIELD

    def __get__(self, node: Node, owner: type[Node]) -> T:
        value: T = node.raw[self._index]
        return value


class Child(Generic[T]):
    """A node, or None where it may be missing."""

    __slots__ = ("_index",)

    def __init__(self, position: int) -> None:
        self._index = position + _FIRST_FIELD

    def __get__(self, node: Node, owner: type[Node]) -> T:
        raw = node.raw[self._index]
        child: Any = raw and _classes[raw[0]](raw)
        found: T = child
        return found


class Children(Generic[T]):
    """Any number of nodes."""

    __slots__ = ("_index",)

    def __init__(self, position: int) -> None:
        self._index = position + _FIRST_FIELD

    def __get__(self, node: Node, owner: type[Node]) -> tuple[T, ...]:
        classes: list[Any] = _classes
        return tuple([classes[raw[0]](raw) for raw in node.raw[self._index]])
