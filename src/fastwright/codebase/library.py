"""What is known of one library, read from its file in `libraries/`.

A file is named after the top-level package it describes and names everything relative to it, or
fully dotted behind a colon; here all names are fully dotted. A name's last part may be a glob
(`client.BaseClient.*`), and what stands under `except` is taken out of it. A class's own method
counts before those of its bases.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Generic, TypeVar

SECTIONS = frozenset(
    {
        "aliases",
        "attributes",
        "background",
        "blocking",
        "calls",
        "classes",
        "coroutines",
        "cpu",
        "decorators",
        "enters",
        "returns",
        "threads",
    }
)
BLOCKING_KINDS = frozenset(
    {"database", "dns", "file", "input", "lock", "network", "sleep", "subprocess"}
)
CPU_KINDS = frozenset(
    {"compression", "data-frame", "hashing", "image", "inference", "key-derivation"}
)

Value = TypeVar("Value")
Entry = tuple[str, Value | None]


@dataclass(frozen=True)
class Table(Generic[Value]):
    """Names with a value each; `None` is known to have no value, whatever a glob or a base says."""

    names: Mapping[str, Value | None]
    globs: Mapping[str, tuple[Entry[Value], ...]]  # by owner: (glob of the last part, value)

    @classmethod
    def of(cls, entries: Iterable[Entry[Value]]) -> "Table[Value]":
        """Return the table of `entries`; the first that speaks of a name counts."""
        names: dict[str, Value | None] = {}
        globs: dict[str, tuple[Entry[Value], ...]] = {}
        for name, value in entries:
            owner, _, member = name.rpartition(".")
            if "*" in member:
                globs[owner] = (*globs.get(owner, ()), (member, value))
            else:
                names.setdefault(name, value)
        return cls(names, globs)

    def find(self, name: str) -> tuple[bool, Value | None]:
        """Return whether the table speaks of `name`, and its value.

        A glob means no name that begins with an underscore.
        """
        if name in self.names:
            return True, self.names[name]
        if self.globs:
            owner, _, member = name.rpartition(".")
            if not member.startswith("_"):
                for glob, value in self.globs.get(owner, ()):
                    if fnmatchcase(member, glob):
                        return True, value
        return False, None


@dataclass(frozen=True)
class Library:
    """One library's file, with fully dotted names."""

    package: str
    classes: Mapping[str, tuple[str, ...]]
    aliases: Mapping[str, str]
    blocking: Table[str]
    cpu: Table[str]
    coroutines: Table[bool]
    returns: Table[str]
    enters: Table[str]
    attributes: Table[str]
    threads: Table[int]
    calls: Table[int]
    background: Table[int]
    decorators: Table[str]

    @classmethod
    def parse(cls, package: str, text: str) -> "Library":
        """Return the library that `text`, a file in the format of `libraries/`, describes."""
        content: dict[str, Any] = tomllib.loads(text)

        def dotted(name: str) -> str:
            return name[1:] if name.startswith(":") else f"{package}.{name}"

        def table(section: str) -> Table[Any]:
            return Table.of(
                (dotted(name), value) for name, value in content.get(section, {}).items()
            )

        def by_kind(section: str) -> list[Entry[str]]:
            return [
                (dotted(name), None if kind == "except" else kind)
                for kind, names in _exceptions_first(content.get(section, {}))
                for name in names
            ]

        blocking = by_kind("blocking")
        coroutines = by_kind("coroutines")
        return cls(
            package,
            {
                dotted(name): tuple(map(dotted, bases))
                for name, bases in content.get("classes", {}).items()
            },
            {dotted(name): dotted(target) for name, target in content.get("aliases", {}).items()},
            # A coroutine of the same name does not block, and what blocks is no coroutine.
            Table.of([*((name, None) for name, kind in coroutines if kind), *blocking]),
            Table.of(by_kind("cpu")),
            Table.of(
                [
                    *((name, None) for name, kind in blocking if kind and "*" not in name),
                    *((name, True if kind else None) for name, kind in coroutines),
                ]
            ),
            table("returns"),
            table("enters"),
            table("attributes"),
            table("threads"),
            table("calls"),
            table("background"),
            table("decorators"),
        )


def _exceptions_first(section: Mapping[str, list[str]]) -> Iterator[tuple[str, list[str]]]:
    """Give what a section excepts before what its globs would take in."""
    return iter(sorted(section.items(), key=lambda item: item[0] != "except"))
