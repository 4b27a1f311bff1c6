"""Shares what is to be judged with another process: both know the application, and part ways there.

Of what the practices on both sides ask for, some is found twice.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from fastwright.application.application import Application
from fastwright.practice import Practice
from fastwright.reviews import outcome as outcomes
from fastwright.reviews.tracks import Tracks
from fastwright.source import processes
from fastwright.source.files import SourceFile
from fastwright.source.notes import Recording
from fastwright.source.processes import LostError, Worker

# Below this many bytes of code, another process is not worth its start.
_WORTH_PROCESSES = 1_000_000


def is_worth_it(sources: Sequence[SourceFile]) -> bool:
    """Tell whether another process would be of help with these files, and may be started."""
    size = sum(len(each.text) for each in sources)
    return size >= _WORTH_PROCESSES and processes.processors() > 1 and processes.can_fork()


class Aside:
    """Some practices that another process judges meanwhile."""

    def __init__(
        self, application: Application, practices: Mapping[str, Practice], recorded: Recording
    ) -> None:
        """Begin; the notes in `recorded` are known to both processes."""

        def judged() -> Iterator[bytes]:
            said, failures = outcomes.judge(application, practices, _unseen, lambda _name: False)
            about = replace(outcomes.NOTHING, failures=failures)
            tracks = Tracks.of(application, recorded, said, about)
            yield tracks.since(recorded.first).packed(b"")

        self._first = recorded.first
        self._worker = Worker(judged)

    def joined(self, tracks: Tracks) -> Tracks:
        """Return tracks with those of the other process; raises `LostError` if it has none."""
        (packed,) = processes.received([self._worker])
        found = Tracks.unpacked(packed, b"")
        if found is None:
            raise LostError
        return tracks.joined(found, self._first)


def _unseen(_what: str, _done: int, _of: int) -> None:
    """Show nothing: how far this process is, that one shows."""
