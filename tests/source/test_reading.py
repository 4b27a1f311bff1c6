"""Files become facts, in this process or in several, and in the order in which they were given."""

import multiprocessing
from dataclasses import replace
from pathlib import Path

import pytest

from fastwright.source import processes, reading
from fastwright.source.facts import Facts
from fastwright.source.files import SourceFile, Unreadable
from fastwright.source.reading import ReadFile, read_all
from fastwright.source.records import Details

SOURCES = [
    SourceFile(path.name, path.read_bytes())
    for path in sorted(Path(reading.__file__).parents[1].rglob("*.py"))
]


def facts(read: ReadFile | Unreadable) -> Facts:
    assert isinstance(read, ReadFile)
    return Facts.of(read.packed)


def unpacked(read: ReadFile | Unreadable) -> tuple[object, ...]:
    """Return all there is to know; the packed bytes themselves may differ."""
    known = facts(read)
    bodies = [Details.of(function.details) for function in known.functions]
    plain = [replace(function, details=b"") for function in known.functions]
    return bodies, plain, known.body, known.classes, known.errors


def test_files_come_in_the_order_given() -> None:
    sources = [SourceFile(f"{number}.py", f"a = {number % 3}".encode()) for number in range(9)]
    read = list(read_all(sources, None))
    assert [each.file for each in read if isinstance(each, ReadFile)] == sources


def test_nothing_gives_nothing() -> None:
    assert list(read_all([], None)) == []


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_several_processes_give_the_same_facts(
    monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"no {method} here")
    here = [unpacked(read) for read in read_all(SOURCES, None)]
    monkeypatch.setattr(reading, "_WORTH_PROCESSES", 0)
    monkeypatch.setattr(processes, "can_fork", lambda: method == "fork")
    monkeypatch.setattr(processes, "processors", lambda: 2)
    assert [unpacked(read) for read in read_all(SOURCES, None)] == here


def test_progress_is_told_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_WORTH_PROCESSES", 0)
    monkeypatch.setattr(processes, "processors", lambda: 2)
    told: list[tuple[int, int]] = []
    distinct = len({source.text for source in SOURCES})
    list(read_all(SOURCES, None, lambda done, of: told.append((done, of))))
    assert told
    assert sorted(told) == told
    assert told[-1] == (len(SOURCES), len(SOURCES)), f"{distinct} of them are different"


DEEP = [
    b"x = " + b"(" * 3000 + b"1" + b")" * 3000,
    b"x = " + b"[" * 5000,
    b"x = " + b"-" * 20_000 + b"1",
    b"x = " + b"a + " * 20_000 + b"a",
    b"x = a" + b".b()" * 20_000,
    b"\n".join(b" " * depth + b"if a:" for depth in range(900)),
    b"\n".join(b" " * depth + b"def f():" for depth in range(900)),
    b"\n".join(b" " * depth + b"class A:" for depth in range(900)),
    b"x = " + b"lambda: " * 5000 + b"1",
    b"x = '' " + b"f'{" * 2000,
    b"if a: pass\n" + b"elif b: pass\n" * 5000,
]


@pytest.mark.parametrize("text", DEEP)
def test_what_is_nested_too_deeply_is_said(text: bytes) -> None:
    deep, healthy = read_all([SourceFile("deep.py", text), SOURCES[0]], None)
    assert isinstance(healthy, ReadFile)
    if isinstance(deep, Unreadable):
        assert deep == Unreadable("deep.py", "it is nested too deeply to be read")


@pytest.mark.parametrize("depth", [2**each for each in range(3, 12)])
@pytest.mark.parametrize("piece", [b" + a", b".a()", b" | a", b", (a)"])
def test_what_was_read_can_be_unpacked(depth: int, piece: bytes) -> None:
    (read,) = read_all([SourceFile("a.py", b"def f():\n  x = a" + piece * depth)], None)
    if isinstance(read, ReadFile):
        assert [function.name for function in facts(read).functions] == ["<module>", "f"]
