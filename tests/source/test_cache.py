"""The cache answers by content, and whatever is wrong with it only costs time."""

import logging
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fastwright.application import application
from fastwright.source import cache as caching
from fastwright.source.cache import Cache
from fastwright.source.digests import digest
from fastwright.source.files import SourceFile
from fastwright.source.reading import read_all

ONE, TWO = SourceFile("one.py", b"a = 1\n"), SourceFile("two.py", b"b = 2\n")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def kept(root: Path, folder: Path) -> dict[bytes, bytes]:
    with Cache(root, folder) as cache:
        return cache.read()


def keep(root: Path, folder: Path, added: dict[bytes, bytes], *dropped: bytes) -> None:
    with Cache(root, folder) as cache:
        cache.replace(added, dropped)


def database(folder: Path) -> Path:
    (file,) = folder.glob("*.db")
    return file


def test_what_was_kept_is_there_the_next_time(tmp_path: Path, folder: Path) -> None:
    keep(tmp_path, folder, {b"1": b"one", b"2": b"two\0"})
    assert kept(tmp_path, folder) == {b"1": b"one", b"2": b"two\0"}


def test_another_folder_has_a_cache_of_its_own(tmp_path: Path, folder: Path) -> None:
    keep(tmp_path, folder, {b"1": b"one"})
    assert kept(tmp_path / "other", folder) == {}


def test_what_is_dropped_is_gone(tmp_path: Path, folder: Path) -> None:
    keep(tmp_path, folder, {b"1": b"one", b"2": b"two"})
    keep(tmp_path, folder, {b"3": b"three"}, b"1", b"never there")
    assert kept(tmp_path, folder) == {b"2": b"two", b"3": b"three"}


def test_the_same_text_is_kept_once_whatever_its_path(tmp_path: Path, folder: Path) -> None:
    with Cache(tmp_path, folder) as cache:
        list(read_all([ONE, SourceFile("copy.py", ONE.text)], cache))
    assert kept(tmp_path, folder).keys() == {digest(ONE.text)}


def test_files_that_have_gone_are_dropped(tmp_path: Path, folder: Path) -> None:
    for sources in ([ONE, TWO], [TWO]):
        with Cache(tmp_path, folder) as cache:
            list(read_all(sources, cache))
    assert kept(tmp_path, folder).keys() == {digest(TWO.text)}


def test_a_changed_file_is_read_anew(tmp_path: Path, folder: Path) -> None:
    changed = SourceFile("one.py", b"a = 'other'\n")
    for source in (ONE, changed):
        with Cache(tmp_path, folder) as cache:
            (read,) = read_all([source], cache)
        (without,) = read_all([source], None)
        assert read == without


def test_what_is_kept_is_not_read_again(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Cache(tmp_path, folder) as cache:
        first = list(read_all([ONE, TWO], cache))
    monkeypatch.setattr("fastwright.source.facts.pack", lambda _: pytest.fail("read again"))
    with Cache(tmp_path, folder) as cache:
        assert list(read_all([ONE, TWO], cache)) == first


def test_a_damaged_row_is_read_anew(tmp_path: Path, folder: Path) -> None:
    keep(tmp_path, folder, {b"1": b"one", b"2": b"two"})
    with sqlite3.connect(database(folder)) as connection:
        connection.execute("UPDATE facts SET packed = x'00' WHERE digest = ?", (b"1",))
    connection.close()
    assert kept(tmp_path, folder) == {b"2": b"two"}


@pytest.mark.parametrize("value", ["NULL", "42", "'text'", "1.5"])
def test_a_row_of_another_kind_is_read_anew(tmp_path: Path, folder: Path, value: str) -> None:
    keep(tmp_path, folder, {b"1": b"one", b"2": b"two"})
    with sqlite3.connect(database(folder)) as connection:
        connection.execute(f"UPDATE facts SET packed = {value} WHERE digest = ?", (b"1",))
    connection.close()
    assert kept(tmp_path, folder) == {b"2": b"two"}


@pytest.mark.parametrize("damage", [b"", b"no database", b"SQLite format 3\0" + bytes(5000)])
def test_a_damaged_database_is_replaced(tmp_path: Path, folder: Path, damage: bytes) -> None:
    keep(tmp_path, folder, {b"1": b"one"})
    database(folder).write_bytes(damage)
    keep(tmp_path, folder, {b"2": b"two"})
    keep(tmp_path, folder, {b"3": b"three"})
    assert kept(tmp_path, folder).items() >= {b"3": b"three"}.items()


def test_a_database_damaged_in_the_middle_is_replaced(tmp_path: Path, folder: Path) -> None:
    keep(tmp_path, folder, {bytes([each]): bytes(3000) for each in range(200)})
    file = database(folder)
    content = bytearray(file.read_bytes())
    content[4096:300_000] = b"\xff" * (300_000 - 4096)
    file.write_bytes(content)
    kept(tmp_path, folder)
    keep(tmp_path, folder, {b"new": b"new"})
    keep(tmp_path, folder, {b"newer": b"newer"})
    assert kept(tmp_path, folder)[b"newer"] == b"newer"


def test_a_database_with_another_table_is_replaced(tmp_path: Path, folder: Path) -> None:
    keep(tmp_path, folder, {})
    with sqlite3.connect(database(folder)) as connection:
        connection.execute("DROP TABLE facts")
        connection.execute("CREATE TABLE facts (something TEXT)")
    connection.close()
    kept(tmp_path, folder)
    keep(tmp_path, folder, {b"1": b"one"})
    assert kept(tmp_path, folder) == {b"1": b"one"}


def test_another_version_does_not_use_the_same_facts(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(tmp_path, folder, {b"1": b"one"})
    monkeypatch.setattr(caching, "_maker", lambda: "other")
    assert kept(tmp_path, folder) == {}


def make_old(file: Path) -> None:
    long_ago = time.time() - 8 * 24 * 60 * 60
    os.utime(file, (long_ago, long_ago))


def test_a_new_database_replaces_those_that_other_versions_left(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for root, version in (("here", "old"), ("there", "old"), ("here", "recent")):
        monkeypatch.setattr(caching, "_maker", lambda version=version: version)
        keep(tmp_path / root, folder, {b"1": b"one"})
    for file in folder.glob("*-old.db"):
        make_old(file)
    monkeypatch.setattr(caching, "_maker", lambda: "new")
    keep(tmp_path / "here", folder, {b"2": b"two"})
    assert kept(tmp_path / "here", folder) == {b"2": b"two"}
    for root, version, left in (
        ("here", "old", {}),
        ("here", "recent", {b"1": b"one"}),
        ("there", "old", {b"1": b"one"}),
    ):
        monkeypatch.setattr(caching, "_maker", lambda version=version: version)
        assert kept(tmp_path / root, folder) == left


def test_a_database_that_is_only_read_counts_as_used(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(tmp_path, folder, {b"1": b"one"})
    make_old(database(folder))
    assert kept(tmp_path, folder) == {b"1": b"one"}
    with monkeypatch.context() as other_version:
        other_version.setattr(caching, "_maker", lambda: "new")
        keep(tmp_path, folder, {b"2": b"two"})
    assert kept(tmp_path, folder) == {b"1": b"one"}


def test_a_folder_that_cannot_be_made_is_done_without(
    tmp_path: Path, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder.write_text("a file where the folder should be")
    with caplog.at_level(logging.INFO), Cache(tmp_path, folder) as cache:
        assert cache.read() == {}
        cache.replace({b"1": b"one"}, [])
    assert "cache" in caplog.text
    assert folder.read_text() == "a file where the folder should be"


def test_a_database_that_is_only_to_be_read_is_done_without(tmp_path: Path, folder: Path) -> None:
    keep(tmp_path, folder, {b"1": b"one"})
    with Cache(tmp_path, folder) as cache:
        assert cache._database is not None
        cache._database.execute("PRAGMA query_only = ON")
        cache.replace({b"2": b"two"}, [])
        assert cache.read() == {b"1": b"one"}


def test_a_full_disk_leaves_what_was_kept(tmp_path: Path, folder: Path) -> None:
    keep(tmp_path, folder, {b"1": b"one"})
    with Cache(tmp_path, folder) as cache:
        assert cache._database is not None
        cache._database.execute("PRAGMA max_page_count = 4")
        cache.replace({b"2": bytes(1_000_000)}, [b"1"])
        assert cache.read() == {b"1": b"one"}


def test_a_locked_database_is_done_without(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caching, "_SECONDS_TO_WAIT", 0.05)
    keep(tmp_path, folder, {b"1": b"one"})
    other = sqlite3.connect(database(folder), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with Cache(tmp_path, folder) as cache:
        assert list(read_all([ONE], cache)) == list(read_all([ONE], None))
    other.execute("ROLLBACK")
    other.close()
    assert kept(tmp_path, folder) == {b"1": b"one"}


def test_processes_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"m{number}.py").write_text(f"def f{number}(): return {number}\n" * 20)
    program = (
        "import sys; from pathlib import Path\n"
        "from fastwright.application.application import read\n"
        "print(len(read(Path(sys.argv[1])).codebase.functions))"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    answers = {process.communicate(timeout=60)[0] for process in running}
    assert answers == {f"{30 * 21}\n"}


def test_an_application_is_the_same_with_and_without_a_cache(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("from fastapi import FastAPI\napp = FastAPI()\n")
    (tmp_path / "b.py").write_text("from a import app\n@app.get('/')\ndef f(): pass\n")
    answers = []
    for use_cache in (False, True, True):
        read = application.read(tmp_path, use_cache=use_cache)
        answers.append([(route.path, route.function.qualified_name) for route in read.routes])
    assert answers == [[("/", "f")]] * 3


def test_what_is_kept_can_be_read_by_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    with Cache(tmp_path, folder) as cache:
        cache.replace({b"key": b"value"}, ())
    assert folder.stat().st_mode & 0o077 == 0
