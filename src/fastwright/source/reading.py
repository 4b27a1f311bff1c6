"""From files to facts: what is cached is not read again, the rest is read by several processes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from fastwright.source import facts, processes
from fastwright.source.cache import Cache
from fastwright.source.files import SourceFile, Unreadable

# Below this many bytes, starting processes takes longer than reading.
_WORTH_PROCESSES = 600_000
_BYTES_A_TASK = 200_000
_TOO_DEEP = "it is nested too deeply to be read"

# Called with how many files are read, and of how many.
Watch = Callable[[int, int], None]
Task = list[tuple[bytes, bytes]]

# In a process that reads for another one: all that there is to read.
_taken: list[Task] = []


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
    # Most reviews find everything in the cache, and importing these takes a while.
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    made: dict[bytes, bytes] = {}
    tasks = list(_tasks(texts))
    # Forking starts fastest and imports nothing again.
    context = multiprocessing.get_context("fork" if processes.can_fork() else "spawn")
    # Texts do not go through the pool's pipe: a full one would hold up a reader that is stopped.
    with ProcessPoolExecutor(
        min(processors, len(tasks)), mp_context=context, initializer=_begin, initargs=(tasks,)
    ) as pool:
        with processes.undisturbed():  # while it starts processes and threads
            results = pool.map(_pack_task, range(len(tasks)))
        for result in results:
            made.update(result)
            watch(len(made))
    return made


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


def _begin(tasks: list[Task]) -> None:
    """Take all tasks, in a process that does some of them and ends with its parent."""
    processes.begin()
    _taken.extend(tasks)


def _pack_task(number: int) -> list[tuple[bytes, bytes]]:
    return [(key, _pack(text)) for key, text in _taken[number]]


def _pack(text: bytes) -> bytes:
    try:
        return facts.pack(text)
    except (RecursionError, ValueError):
        return b""  # deeper than Python's stack, or than `marshal` goes
