"""What is kept of each function and class of a file, in the form that the cache holds."""

import marshal
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from fastwright.source.nodes import Raw
from fastwright.source.scopes import Binding, Scope


@dataclass(slots=True)
class FunctionRecord:
    """A function; the module itself is the first of a file.

    `owner` is the index of the class it is a method of, `outer` of the function it stands in;
    `details` are packed because most are never looked at.
    """

    name: str
    node: Raw | None
    owner: int | None
    outer: int | None
    details: bytes | memoryview
    # The offset at which its body begins.
    body_start: int = 0

    @property
    def unpacked(self) -> "Details":
        """Return the body and the notes about it."""
        return Details.of(self.details)


@dataclass(slots=True)
class ClassRecord:
    """A class: the bindings of its body, and what its methods assign to their receiver."""

    name: str
    node: Raw | None
    owner: int | None
    outer: int
    bindings: dict[str, list[Binding]]
    # Attribute → (the method's index, the binding).
    attributes: dict[str, list[tuple[int, Binding]]]

    def packed(self) -> tuple[Any, ...]:
        """Return the record as a plain tuple."""
        return (self.name, self.node, self.owner, self.outer, self.bindings, self.attributes)


def keys(records: Iterable[FunctionRecord | ClassRecord]) -> list[str]:
    """Return what functions or classes of a file are known by from one text of it to the next.

    That is the qualified name, and behind it, for all but the first that has it, a number.
    """
    found: Counter[str] = Counter()
    known = []
    for each in records:
        found[each.name] += 1
        known.append(each.name if found[each.name] == 1 else f"{each.name}#{found[each.name]}")
    return known


def details(body: tuple[Raw, ...], scope: Scope) -> bytes:
    """Pack what is only needed when a function is looked into; `Details` unpacks it."""
    scope.calls.sort(key=_start)
    return marshal.dumps(
        (
            body,
            [(raw, use) for raw, use in scope.calls],
            scope.bindings,
            scope.entered,
            scope.returns,
            scope.yields,
            scope.star_imports,
            scope.awaits,
            scope.is_generator,
            scope.read,
        )
    )


@dataclass(frozen=True, slots=True)
class Details:
    """A function's body and the notes about it."""

    body: tuple[Raw, ...]
    calls: list[tuple[Raw, int]]
    bindings: dict[str, list[Binding]]
    entered: list[tuple[Raw, bool]]
    returns: list[Raw]
    yields: list[Raw]
    star_imports: list[tuple[int, str]]
    awaits: bool
    is_generator: bool
    # The attributes that it reads when it runs, an outer one behind those within it.
    read: list[Raw]

    @classmethod
    def of(cls, packed: bytes | memoryview) -> "Details":
        """Unpack what `details` packed; what stands behind it does not matter."""
        return cls(*marshal.loads(packed))  # noqa: S302 - only what this program has written


def _start(call: list[Any]) -> int:
    return int(call[0][1])
