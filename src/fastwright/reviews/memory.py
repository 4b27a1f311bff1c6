"""Remembers what the last review came to and what it looked at, so that the next one does less.

What it says holds while the parts of the codebase that it looked at are the same. Whatever else
has changed, if only the environment or a line of this program, makes the review do its work again:
a stale finding is worse than a slow one.
"""

import marshal
import os
import sys
from collections.abc import Iterator, Mapping
from functools import cache as once
from importlib.util import find_spec
from pathlib import Path

from fastwright.application.application import Gathered
from fastwright.practice import Practice
from fastwright.reviews import renewal
from fastwright.reviews.outcome import Outcome
from fastwright.reviews.renewal import Asked, Edit
from fastwright.reviews.tracks import Tracks
from fastwright.source import facts
from fastwright.source.alignment import NotMovedError
from fastwright.source.cache import Cache
from fastwright.source.digests import digest
from fastwright.source.files import SourceFile
from fastwright.source.processes import LostError

# What reads code, and what makes something of it.
_PACKAGES = ("fastwright", "tree_sitter", "tree_sitter_python")
# So many changed files are looked at; with more, nearly all has to be judged again anyway.
_MOST_CHANGED = 20


def recall(asked: Asked, cache: Cache) -> Outcome | None:
    """Return what a review would say, by what the last one did; None where it has to do all."""
    practices, gathered = asked.practices, asked.gathered
    tracks = Tracks.unpacked(cache.result(_key(practices)), _made_of(gathered, practices))
    if tracks is None:
        return None
    if [path for path, _ in tracks.files] != [each.path for each in gathered.sources]:
        return None
    changed = [
        (known, source)
        for (_, known), source in zip(tracks.files, gathered.sources, strict=True)
        if known != source.digest
    ]
    if not changed:
        return tracks.outcome()
    if len(changed) > _MOST_CHANGED:
        return None
    try:
        edits = _edits(changed, cache)
        renewed = renewal.renew(tracks, edits, asked)
    except (NotMovedError, LostError, RecursionError):
        return None
    cache.keep_result(_key(practices), renewed.packed(_made_of(gathered, practices)))
    kept = {each.digest for each in gathered.sources}
    cache.replace({}, [known for known, _ in changed if known not in kept])
    return renewed.outcome()


def remember(tracks: Tracks, asked: Asked, cache: Cache) -> None:
    """Keep what a review came to for the next one."""
    made_of = _made_of(asked.gathered, asked.practices)
    cache.keep_result(_key(asked.practices), tracks.packed(made_of))


def _key(practices: Mapping[str, Practice]) -> bytes:
    return digest(marshal.dumps(tuple(practices)))


def _made_of(gathered: Gathered, practices: Mapping[str, Practice]) -> bytes:
    """Return what tells what an outcome is made of beside the code: it holds for nothing else."""
    others = [(path, text.encode(errors="replace")) for path, text in gathered.texts.items()]
    unreadable = [(each.path, each.reason) for each in gathered.unreadable]
    return digest(marshal.dumps((_maker(), tuple(practices), others, unreadable)))


def _edits(changed: list[tuple[bytes, SourceFile]], cache: Cache) -> list[Edit]:
    """Return the changed files with their facts, as they were and as they are."""
    found = cache.facts([each for known, source in changed for each in (known, source.digest)])
    try:
        made = {
            source.digest: facts.pack(source.text)
            for _, source in changed
            if source.digest not in found
        }
    except ValueError as error:  # deeper than `marshal` goes
        raise NotMovedError from error
    cache.replace(made, ())  # whatever they say, they will be needed
    if any(known not in found for known, _ in changed):
        raise NotMovedError
    found |= made
    return [Edit(found[known], found[source.digest], source) for known, source in changed]


@once
def _maker() -> bytes:
    """Return what tells this program, with all that reads code for it, from any other version."""
    folders = [
        each
        for name in _PACKAGES
        if (spec := find_spec(name))
        for each in spec.submodule_search_locations or ()
    ]
    found = sorted(known for folder in folders for known in _states(folder))
    return digest(marshal.dumps((sys.version, found)))


def _states(folder: str) -> Iterator[tuple[str, int, int, int]]:
    """Yield the files of a package with what changes when they do, without reading them."""
    for where, folders, names in os.walk(folder):
        folders[:] = [each for each in folders if each != "__pycache__"]
        for name in names:
            path = Path(where, name)
            try:
                state = path.stat()
            except FileNotFoundError:
                continue  # a link that leads nowhere, as editors leave beside a file
            yield str(path), state.st_size, state.st_mtime_ns, state.st_ino
