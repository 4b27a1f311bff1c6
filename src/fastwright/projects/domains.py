"""Which domains a project can have, and which of them one gets that asks for some.

A part is a domain that can be left out, or a shared module that only such domains use.
"""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fastwright.errors import UnknownDomainError

ALWAYS = ("auth", "users")
# Each with the other parts that it cannot do without.
OPTIONAL: Mapping[str, tuple[str, ...]] = {
    "posts": ("cache",),
    "profiles": ("posts",),
    "comments": ("posts",),
    "notifications": (),
    "media": (),
}
SHARED = ("cache",)
PARTS = frozenset({*OPTIONAL, *SHARED})


@dataclass(frozen=True)
class Selection:
    """The domains of a project; `added` tells which were not asked for, and who needs them."""

    included: tuple[str, ...]
    added: Mapping[str, tuple[str, ...]]
    left_out: tuple[str, ...]

    @property
    def parts(self) -> frozenset[str]:
        """What of `PARTS` the project has."""
        return _closure(self.included)


def choose(wanted: Iterable[str] | None = None) -> Selection:
    """Return the selection that holds the wanted domains and whatever they need; None wants all.

    Raises `UnknownDomainError`, with the nearest name, for a domain that there is not.
    """
    named = frozenset(OPTIONAL if wanted is None else wanted)
    for name in sorted(named):
        _check(name)
    kept = _closure(named)
    added = [name for name in OPTIONAL if name in kept - named]
    return Selection(
        included=(*ALWAYS, *(name for name in OPTIONAL if name in kept)),
        added={
            name: tuple(by for by in OPTIONAL if by in kept and name in OPTIONAL[by])
            for name in added
        },
        left_out=tuple(name for name in OPTIONAL if name not in kept),
    )


def _check(name: str) -> None:
    known = (*ALWAYS, *OPTIONAL)
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        raise UnknownDomainError(
            f"There is no domain “{name}” to choose: there are {', '.join(OPTIONAL)}.",
            suggestion=near[0] if near else None,
        )


def _closure(names: Iterable[str]) -> frozenset[str]:
    """Return the parts among the names, with all that they need."""
    found: set[str] = set()
    waiting = [name for name in names if name in PARTS]
    while waiting:
        part = waiting.pop()
        if part not in found:
            found.add(part)
            waiting += OPTIONAL.get(part, ())
    return frozenset(found)


EVERYTHING = choose()
