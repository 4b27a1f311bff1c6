"""From files to facts: what is cached is not read again, the rest is read by several processes."""

import marshal
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from fastwright.source import facts, processes
from fastwright.source.cache import Cache
from fastwright.source.files import SourceFile, Unreadable
from fastwright.source.processes import LostError, Worker

# Below this many bytes, starting processes takes longer than reading.
_WORTH_PROCESSES = 600_000
_BYTES_A_TASK = 200_000
_TOO_DEEP = "it is nested too deeply to be read"

# Called with how many files are read, and of how many.
Watch = Callable[[int, int], None]
Task = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file with its packed facts."""

    file: SourceFile
    packed: bytes


def read_all(
    sources: Sequence[SourceFile], cache: Cache | None, watch: Watch = lambda _done, _of: None
) -> Iterator[ReadFile | Unreadable]:
    """Yield each file with its facts, in the order given."""
    kept = cache.read() if cache else {}
    digests = [source.digest for source in sources]
    missing: dict[bytes, bytes] = {}
    for key, source in zip(digests, sources, strict=True):
        if key not in kept:
            missing[key] = source.text
    made = _make(missing, lambda done: watch(len(sources) - len(missing) + done, len(sources)))
    if cache and (made or len(kept) > len(set(digests))):
        added = {key: packed for key, packed in made.items() if packed}
        cache.replace(added, kept.keys() - set(digests))
    kept.update(made)
    for key, source in zip(digests, sources, strict=True):
        packed = kept[key]
        yield ReadFile(source, packed) if packed else Unreadable(source.path, _TOO_DEEP)


def _make(texts: dict[bytes, bytes], watch: Callable[[int], None]) -> dict[bytes, bytes]:
    """Return the packed facts of each text; empty where they cannot be made."""
    processors = processes.processors()
    if processors == 1 or sum(map(len, texts.values())) < _WORTH_PROCESSES:
        return {key: _pack(text) for key, text in texts.items()}
    made: dict[bytes, bytes] = {}
    tasks = list(_tasks(texts))
    count = min(processors, len(tasks))
    try:
        workers = [Worker(partial(_packed, tasks[number::count])) for number in range(count)]
        for packed in processes.received(workers):
            made.update(marshal.loads(packed))  # noqa: S302 - by `_packed`
            watch(len(made))
    except LostError:
        pass  # one process needs less memory than several
    left = texts.keys() - made.keys()
    return made | {key: _pack(texts[key]) for key in left}


def _tasks(texts: dict[bytes, bytes]) -> Iterator[Task]:
    """Divide the texts into tasks of about the same size."""
    task: Task = []
    size = 0
    for item in texts.items():
        task.append(item)
        size += len(item[1])
        if size > _BYTES_A_TASK:
            yield task
            task, size = [], 0
    if task:
        yield task


def _packed(tasks: Iterable[Task]) -> Iterator[bytes]:
    """Yield the packed facts of each task, as `marshal` has it."""
    for task in tasks:
        yield marshal.dumps({key: _pack(text) for key, text in task})


def _pack(text: bytes) -> bytes:
    try:
        return facts.pack(text)
    except (RecursionError, ValueError):
        return b""  # deeper than Python's stack, or than `marshal` goes
