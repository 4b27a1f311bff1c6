"""The chain of Alembic revisions, which closes over those that a project goes without."""

import re
from collections.abc import Iterable, Mapping

_OWN = re.compile(r'^revision: str = "(\w+)"$', re.MULTILINE)
_PARENT = re.compile(r'^(Revises: |down_revision: str \| None = ")(\w+)', re.MULTILINE)


def successions(gone: Iterable[str]) -> Mapping[str, str]:
    """Return for each revision that goes, given by its text, the one that is followed instead."""
    parents = {own: parent for text in gone for own, parent in _links(text)}
    return {own: _first_beyond(own, parents) for own in parents}


def relinked(text: str, successions: Mapping[str, str]) -> str:
    """Return a revision that follows none of those that go."""
    return _PARENT.sub(lambda found: found[1] + successions.get(found[2], found[2]), text)


def _links(text: str) -> Iterable[tuple[str, str]]:
    """Yield a revision's name with its parent's; the first revision has none, and never goes."""
    for own in _OWN.findall(text):
        yield own, _PARENT.findall(text)[-1][1]


def _first_beyond(name: str, parents: Mapping[str, str]) -> str:
    while name in parents:
        name = parents[name]
    return name
