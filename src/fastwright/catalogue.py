"""All practices and patterns by name, found by walking their folders.

A practice is `practices/<topic>/<name>.py`, a pattern `patterns/<name>.py`. Names cost no import; a
practice's module is imported when the practice is asked for.
"""

import difflib
import pkgutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module

from fastwright.errors import UnknownPracticeError
from fastwright.pattern import Pattern
from fastwright.practice import Kind, Practice
from fastwright.reviews import suppressions

# Where the walk begins; tests walk a package of their own.
PACKAGE = "fastwright.practices"
_PATTERNS = "fastwright.patterns"


def walk(package: str) -> dict[str, str]:
    """Return the module of each practice below a package, by name: `topic/kebab-name`."""
    found = {}
    for topic in pkgutil.iter_modules(import_module(package).__path__):
        if not topic.ispkg:
            continue
        module = f"{package}.{topic.name}"
        for each in pkgutil.iter_modules(import_module(module).__path__):
            name = f"{topic.name}/{each.name.replace('_', '-')}"
            found[name] = f"{module}.{each.name}"
    return dict(sorted(found.items()))


def names() -> tuple[str, ...]:
    """Return every practice's name, by topic."""
    return (*_modules(PACKAGE), suppressions.NAME)


def topics() -> tuple[str, ...]:
    """Return the topics that have practices."""
    return tuple(dict.fromkeys(name.partition("/")[0] for name in names()))


def find(name: str) -> Practice:
    """Return the practice of this name; `UnknownPracticeError` suggests the nearest one."""
    if name == suppressions.NAME:
        return suppressions.PRACTICE
    module = _modules(PACKAGE).get(name)
    if module is None:
        raise _unknown(name, names())
    practice = getattr(import_module(module), "PRACTICE", None)
    if not isinstance(practice, Practice):
        raise TypeError(f"{module} has no Practice named PRACTICE")
    return practice


class Chosen(Mapping[str, Practice]):
    """Practices by name, each imported when it is looked at: a remembered review looks at none."""

    def __init__(self, chosen: tuple[str, ...]) -> None:
        self._names = dict.fromkeys(chosen)

    def __getitem__(self, name: str) -> Practice:
        if name not in self._names:
            raise KeyError(name)
        return find(name)

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def select(
    *, only: Collection[str] = (), ignore: Collection[str] = (), kinds: Collection[Kind] = ()
) -> Mapping[str, Practice]:
    """Return the practices that are asked for, by name.

    `only` and `ignore` hold names (`database/async-session`, or `async-session`) and topics
    (`database`); empty `only` and `kinds` mean all. Raises `UnknownPracticeError` for others.
    """
    chosen = set(_expand(only)) if only else set(names())
    chosen.difference_update(_expand(ignore))
    practices = Chosen(tuple(name for name in names() if name in chosen))
    if not kinds:
        return practices
    return {name: each for name, each in practices.items() if each.kind in kinds}


def patterns() -> dict[str, Pattern]:
    """Return every pattern, by name: `kebab-name`."""
    found = {}
    for each in pkgutil.iter_modules(import_module(_PATTERNS).__path__):
        module = import_module(f"{_PATTERNS}.{each.name}")
        pattern = getattr(module, "PATTERN", None)
        if not isinstance(pattern, Pattern):
            raise TypeError(f"{module.__name__} has no Pattern named PATTERN")
        found[each.name.replace("_", "-")] = pattern
    return found


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return what a misspelt name most likely meant: by the whole name, or by its last part."""
    by_tail = {each.rpartition("/")[2]: each for each in known}
    whole = difflib.get_close_matches(name, by_tail.values(), n=1, cutoff=0.7)
    tail = difflib.get_close_matches(name.rpartition("/")[2], by_tail, n=1, cutoff=0.7)
    return whole[0] if whole else by_tail[tail[0]] if tail else None


@cache
def _modules(package: str) -> dict[str, str]:
    return walk(package)


def _expand(asked: Iterable[str]) -> Iterable[str]:
    for each in asked:
        if each in topics():
            yield from (name for name in names() if name.startswith(f"{each}/"))
        elif found := [name for name in names() if each in (name, name.rpartition("/")[2])]:
            yield from found
        else:
            raise _unknown(each, (*names(), *topics()))


def _unknown(name: str, known: Iterable[str]) -> UnknownPracticeError:
    return UnknownPracticeError(
        f"There is no practice “{name}”.",
        suggestion=nearest(name, known) or "fastwright explain",
    )
