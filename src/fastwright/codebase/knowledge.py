"""What is known of the libraries a codebase imports: what blocks, what has to be awaited.

The reviewed code's environment need not be installed, so this comes from `libraries/`, of which
only the files of packages that are asked for are read. All names, given and returned, are fully
dotted.
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TypeVar

from fastwright.codebase.library import Library, Table

Value = TypeVar("Value")

_SELF = re.compile(r"\bself\b")


class Knowledge:
    """Answers about names of known libraries; what a class does not say itself, its bases do."""

    def __init__(self, folder: Traversable | None = None) -> None:
        self._folder = folder or files("fastwright.codebase") / "libraries"
        self._packages = frozenset(
            file.name.removesuffix(".toml")
            for file in self._folder.iterdir()
            if file.name.endswith(".toml")
        )
        self._libraries: dict[str, Library | None] = {}
        self._canonical: dict[str, str] = {}
        self._lineages: dict[str, tuple[str, ...]] = {}
        self._subclasses: dict[tuple[str, tuple[str, ...]], bool] = {}
        self._answers: dict[str, dict[str, object]] = {}

    def is_known_package(self, top: str) -> bool:
        """Tell whether there is a file about the top-level package `top`."""
        return top in self._packages

    def library(self, name: str) -> Library | None:
        """Return what is known of the library that `name` belongs to."""
        package = name.partition(".")[0]
        if package not in self._libraries:
            self._libraries[package] = self._read(package) if package in self._packages else None
        return self._libraries[package]

    def canonical(self, name: str) -> str:
        """Return the one name for what is also known as `name`, or lies below something that is."""
        if name not in self._canonical:
            self._canonical[name] = self._follow_aliases(name)
        return self._canonical[name]

    def is_class(self, name: str) -> bool:
        """Tell whether `name` is known to be a class."""
        name = self.canonical(name)
        library = self.library(name)
        return library is not None and name in library.classes

    def bases(self, name: str) -> tuple[str, ...]:
        """Return the known bases of a class, which may belong to other packages."""
        name = self.canonical(name)
        library = self.library(name)
        return tuple(map(self.canonical, library.classes.get(name, ()))) if library else ()

    def is_subclass(self, name: str, *bases: str) -> bool:
        """Tell whether the class `name` is one of `bases`, or is known to derive from one."""
        key = name, bases
        found = self._subclasses.get(key)
        if found is None:
            above = self._lineage(self.canonical(name))
            found = self._subclasses[key] = any(self.canonical(base) in above for base in bases)
        return found

    def blocking(self, name: str) -> str | None:
        """Return the kind of thing that calling `name` keeps its thread waiting for."""
        return self._answer("blocking", str, name)

    def cpu(self, name: str) -> str | None:
        """Return the kind of work that keeps the processor busy when `name` is called."""
        return self._answer("cpu", str, name)

    def is_coroutine(self, name: str) -> bool:
        """Tell whether what calling `name` gives has to be awaited."""
        return self._answer("coroutines", bool, name) is True

    def returns(self, name: str, receiver: str | None = None) -> str | None:
        """Return the type of what calling `name` gives, once awaited; calling a class gives itself.

        `receiver` is the class of the object whose method `name` is, where it is not the one in
        `name`: a subclass in the reviewed code, which fluent methods return again.
        """
        found = self._answer("returns", str, name)
        if found is None:
            return self.canonical(name) if self.is_class(name) else None
        return self._name_self(found, name, receiver)

    def enters(self, name: str) -> str | None:
        """Return the type that `with name(...) as value` binds, where not the object itself.

        `name` is a class, or the function or method that makes the context manager.
        """
        return self._answer("enters", str, name)

    def attribute(self, name: str, receiver: str | None = None) -> str | None:
        """Return the type of an attribute of a class, or of a module's variable."""
        found = self._answer("attributes", str, name)
        return self._name_self(found, name, receiver) if found else None

    def thread_argument(self, name: str) -> int | None:
        """Return which argument of `name` it runs elsewhere: in a thread or in a process."""
        return self._answer("threads", int, name)

    def called_argument(self, name: str) -> int | None:
        """Return which argument of `name` it calls there and then, in the caller's thread."""
        return self._answer("calls", int, name)

    def background_argument(self, name: str) -> int | None:
        """Return which argument of `name` runs later: sync in a thread, async in the event loop."""
        return self._answer("background", int, name)

    def decorator(self, name: str) -> str | None:
        """Return what the decorator `name` makes of a function, such as `same` or `thread`."""
        return self._answer("decorators", str, name)

    def _name_self(self, found: str, name: str, receiver: str | None) -> str:
        owner = receiver or self.canonical(name).rpartition(".")[0]
        return _SELF.sub(lambda _: owner, found)

    def _answer(self, section: str, kind: type[Value], name: str) -> Value | None:
        """Return what a section, which holds values of one kind, says about a name."""
        answers = self._answers.setdefault(section, {})
        if name not in answers:
            answers[name] = self._look_up(section, name)
        found = answers[name]
        return found if isinstance(found, kind) else None

    def _look_up(self, section: str, name: str) -> object:
        for candidate in self._candidates(self.canonical(name)):
            library = self.library(candidate)
            if library is not None:
                table: Table[object] = getattr(library, section)
                found, value = table.find(candidate)
                if found:
                    return value
        return None

    def _candidates(self, name: str) -> Iterator[str]:
        """Give `name`, then the same method of each base, or each base of a class."""
        if self.is_class(name):
            yield from self._lineage(name)
            return
        yield name
        owner, _, member = name.rpartition(".")
        for base in self._lineage(owner)[1:]:
            yield f"{base}.{member}"

    def _lineage(self, name: str) -> tuple[str, ...]:
        """Return a class and all that it derives from, nearest first."""
        if name not in self._lineages:
            self._lineages[name] = (name,)  # for a circle, which no real class has
            found = dict.fromkeys([name])
            for base in self.bases(name):
                found |= dict.fromkeys(self._lineage(base))
            self._lineages[name] = tuple(found)
        return self._lineages[name]

    def _follow_aliases(self, name: str) -> str:
        seen = {name}
        while (target := self._alias(name)) is not None and target not in seen:
            name = target
            seen.add(name)
        return name

    def _alias(self, name: str) -> str | None:
        library = self.library(name)
        if library is None or not library.aliases:
            return None
        known, rest = name, ""
        while known:
            if known in library.aliases:
                return library.aliases[known] + rest
            known = known.rpartition(".")[0]
            rest = name[len(known) :]
        return None

    def _read(self, package: str) -> Library:
        text = (self._folder / f"{package}.toml").read_text(encoding="utf-8")
        return _parsed(package, text)


@cache
def _parsed(package: str, text: str) -> Library:
    """Return the library that a file describes; tests, for one, ask for the same ones often."""
    return Library.parse(package, text)
