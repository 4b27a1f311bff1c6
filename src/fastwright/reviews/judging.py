"""Judges all of a codebase; a large one in two processes, with some of the practices in each.

Practices that follow calls from function to function share most of what they ask for: they stay
together. Of what the others need too, some is found twice.
"""

from collections.abc import Callable, Mapping

from fastwright.application.application import Application
from fastwright.practice import Practice
from fastwright.reviews import outcome as outcomes
from fastwright.reviews.checks import Watch
from fastwright.reviews.renewal import Asked
from fastwright.reviews.tracks import Tracks
from fastwright.source import processes
from fastwright.source.notes import Recording, recording

# Below this many bytes of code, another process is not worth its start.
_WORTH_PROCESSES = 1_000_000


def everything(asked: Asked) -> Tracks:
    """Return the tracks of a review of all files."""
    return (_is_shared(asked) and _in_two(asked)) or _in_one(asked)


def _is_shared(asked: Asked) -> bool:
    size = sum(len(each.text) for each in asked.gathered.sources)
    return size >= _WORTH_PROCESSES and processes.processors() > 1 and processes.can_fork()


def _in_one(asked: Asked) -> Tracks:
    with recording() as recorded:
        return _judged(asked.understand(), recorded, asked.practices, asked.watch)


def _in_two(asked: Asked) -> Tracks | None:
    """Return the same from two processes; None where the other one came to no end."""
    following = {name: each for name, each in asked.practices.items() if each.follows_calls}
    others = {name: each for name, each in asked.practices.items() if name not in following}
    with recording() as recorded:
        application = asked.understand()
        aside = processes.Aside(
            lambda: _judged(application, recorded, others, _unseen, lambda _name: False).packed(b"")
        )
        tracks = _judged(application, recorded, following, asked.watch)
    found = Tracks.unpacked(aside.result(), b"")
    return found and tracks.joined(found)


def _judged(
    application: Application,
    recorded: Recording,
    practices: Mapping[str, Practice],
    watch: Watch,
    is_asked: Callable[[str], bool] = lambda _name: True,
) -> Tracks:
    said, failures = outcomes.judge(application, practices, watch, is_asked)
    return Tracks.of(application, recorded, said, failures)


def _unseen(_what: str, _done: int, _of: int) -> None:
    """Nobody sees what the other process has done: it does as much in the same time."""
