"""The words of a file that others are told by, without looking at anything else of it."""

import marshal
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fastwright.source.nodes import Raw
from fastwright.source.syntax import ImportFrom

_IMPORT = re.compile(rb"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import|import)\b([^\n#]*)", re.MULTILINE)
# What calls a function that it is given, with arguments that it is given as well.
_RUNS = re.compile(
    rb"\b(?:add_task|create_task|filter|map|partial|partialmethod|reduce|run_in_executor"
    rb"|run_in_threadpool|run_sync|starmap|submit|to_thread)\s*\(\s*([\w.]+)(?:\s*,\s*([\w.]+))?"
)
_WORD = re.compile(rb"\w+")


@dataclass(frozen=True, slots=True)
class Words:
    """What import statements name, what may be called unseen, and the last names of calls.

    Unseen are what `functools.partial`, say, is given.
    """

    imported: list[str]
    handed_on: list[str]
    called: list[str]
    # Names that are given to what has another, as (the other, the name).
    renamed: list[tuple[str, str]]

    @classmethod
    def of(cls, packed: bytes) -> "Words":
        """Unpack what `pack` packed."""
        return cls(*marshal.loads(packed))  # noqa: S302 - by `pack`


def pack(
    code: bytes,
    body: tuple[Raw, ...],
    calls: Iterable[str],
    renamed: Iterable[tuple[str, str]],
) -> bytes:
    """Return the words of a file's code, packed for `Words.of`; `calls` are last names."""
    kinds = (set(_imported(code, body)), set(_handed_on(code)), set(calls))
    return marshal.dumps([*(sorted(each) for each in kinds), sorted(renamed)])


def _imported(code: bytes, body: tuple[Raw, ...]) -> Iterator[str]:
    for source, names in _IMPORT.findall(code):
        for word in (*_WORD.findall(source), *_WORD.findall(names)):
            yield word.decode()
    # Of names over several lines only the statement itself knows.
    for raw in body:
        if raw[0] == ImportFrom.kind:
            yield from (each.name for each in ImportFrom(raw).names)


def _handed_on(code: bytes) -> Iterator[str]:
    for names in _RUNS.findall(code):
        for name in names:
            yield name.rpartition(b".")[2].decode()
