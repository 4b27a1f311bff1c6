"""Judges all of a codebase; a large one in two processes, with some of the practices in each."""

from collections.abc import Mapping
from dataclasses import replace

from fastwright.practice import Practice
from fastwright.reviews import outcome as outcomes
from fastwright.reviews import sharing
from fastwright.reviews.renewal import Asked
from fastwright.reviews.sharing import Aside
from fastwright.reviews.tracks import Tracks
from fastwright.source.notes import recording
from fastwright.source.processes import LostError


def judge_all(asked: Asked) -> Tracks:
    """Return the tracks of a review of all files; `about_files` tells which practices failed."""
    practices = asked.practices
    # Those that follow calls share most of what they ask for, and stay together.
    others = {name: each for name, each in practices.items() if not each.follows_calls}
    if len(others) < len(practices) and sharing.is_worth_it(asked.gathered.sources):
        try:
            return _judged(asked, others)
        except LostError:
            pass  # one process needs less memory than two
    return _judged(asked, {})


def _judged(asked: Asked, others: Mapping[str, Practice]) -> Tracks:
    """Return the tracks; another process judges some of the practices."""
    own = {name: each for name, each in asked.practices.items() if name not in others}
    with recording() as recorded:
        application = asked.understand()
        aside = Aside(application, others, recorded) if others else None
        said, failures = outcomes.judge(application, own, asked.watch)
    about = outcomes.about_files(application, failures)
    tracks = Tracks.of(application, recorded, said, about)
    if aside:
        tracks = aside.joined(tracks)
    return replace(tracks, needed=len(tracks.graph))
