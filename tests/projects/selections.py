"""Every set of domains that a project can have."""

from itertools import chain, combinations

from fastwright.projects.domains import ALWAYS, OPTIONAL, Selection, choose

_WANTED = chain.from_iterable(combinations(OPTIONAL, size) for size in range(len(OPTIONAL) + 1))


def name_of(selection: Selection) -> str:
    """Return `posts+comments`, or `minimal`."""
    return "+".join(selection.included[len(ALWAYS) :]) or "minimal"


SELECTIONS = {name_of(selection): selection for selection in map(choose, _WANTED)}
