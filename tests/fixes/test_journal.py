"""Files are written all or none, also when the writer is killed at any moment."""

import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from fastwright.errors import AtWorkError, ChangedError, NotWrittenError
from fastwright.fixes import journal
from fastwright.fixes.journal import Recovered, Rewrite

FILES = ["a.py", "b.py", "sub/c.py"]
TOUCHES = {"open", "os.rename", "os.remove", "os.chmod"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "sub").mkdir(parents=True)
    for name in FILES:
        (folder / name).write_text(f"old {name}")
    return folder


def rewrites() -> list[Rewrite]:
    return [Rewrite(name, f"old {name}".encode(), b"new") for name in FILES]


def contents(root: Path) -> list[str]:
    return [(root / name).read_text() for name in FILES]


def names(root: Path) -> set[str]:
    return {each.relative_to(root).as_posix() for each in root.rglob("*") if each.is_file()}


def run_killed(task: Callable[[], object], root: Path, step: int) -> bool:
    """Run a task in a process that is killed before it touches the root once more than `step`.

    Tells whether it was killed; else it has come to its end.
    """
    process = os.fork()
    if process == 0:
        left = step

        def watch(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal left
            if event in TOUCHES and str(root) in str(arguments[0]):
                left -= 1
                if left < 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(watch)
        try:
            task()
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(process, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def write_killed(root: Path, step: int) -> bool:
    """Begin with old files, and write."""
    for name in FILES:
        (root / name).write_text(f"old {name}")
    return run_killed(lambda: journal.write(root, rewrites()), root, step)


def interrupt(root: Path) -> None:
    """Leave the files in the middle of being put in place."""
    step = 0
    while write_killed(root, step):
        if contents(root) == ["new", *OLD[1:]]:
            return
        journal.recover(root)
        step += 1
    raise AssertionError


OLD = [f"old {name}" for name in FILES]
NEW = ["new"] * len(FILES)


def test_all_files_are_written_with_their_modes(root: Path) -> None:
    (root / "a.py").chmod(0o755)
    journal.write(root, rewrites())
    assert contents(root) == NEW
    assert names(root) == set(FILES)
    assert (root / "a.py").stat().st_mode & 0o777 == 0o755
    assert journal.recover(root) is None


def test_a_kill_at_any_moment_leaves_each_file_old_or_new_and_the_next_run_finishes(
    root: Path,
) -> None:
    outcomes = []
    step = 0
    while write_killed(root, step):
        step += 1
        found = contents(root)
        assert all(each in {old, "new"} for each, old in zip(found, OLD, strict=True))
        recovered = journal.recover(root)
        assert contents(root) in (OLD, NEW)
        if recovered is None:
            assert contents(root) == found
        else:
            assert recovered.completed == (contents(root) == NEW)
        assert names(root) == set(FILES)
        outcomes.append(contents(root) == NEW)
    assert contents(root) == NEW
    assert outcomes == sorted(outcomes)
    assert set(outcomes) == {True, False}


def test_a_kill_while_the_rest_is_finished_is_finished_by_the_run_after_it(root: Path) -> None:
    step = 0
    interrupt(root)
    while run_killed(lambda: journal.recover(root), root, step):
        step += 1
        journal.recover(root)
        assert contents(root) == NEW
        assert names(root) == set(FILES)
        interrupt(root)
    assert contents(root) == NEW
    assert step > len(FILES)


def test_a_file_that_has_changed_stops_all(root: Path) -> None:
    (root / "sub/c.py").write_text("mine")
    with pytest.raises(ChangedError, match=r"sub/c\.py has changed meanwhile"):
        journal.write(root, rewrites())
    assert contents(root) == [*OLD[:2], "mine"]
    assert names(root) == set(FILES)


def test_what_has_changed_since_an_interruption_is_left_alone(root: Path) -> None:
    interrupt(root)
    (root / "b.py").write_text("mine")
    assert journal.recover(root) == Recovered(
        completed=True, files=("a.py", "sub/c.py"), changed=("b.py",)
    )
    assert contents(root) == ["new", "mine", "new"]
    assert names(root) == set(FILES)


def test_a_refusal_of_the_file_system_leaves_everything_as_it_was(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if target.name == "b.py":
            raise OSError(28, "No space left on device", str(target))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(NotWrittenError, match="No space left"):
        journal.write(root, rewrites())
    assert contents(root) == OLD
    assert names(root) == set(FILES)


def test_a_full_disk_leaves_everything_as_it_was(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device", "disk")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotWrittenError, match="No space left"):
        journal.write(root, rewrites())
    assert contents(root) == OLD
    assert names(root) == set(FILES)


def test_two_writers_do_not_meet(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside, leave = threading.Event(), threading.Event()
    prepare = journal._prepare

    def slowly(file: Path, ready: Path, content: bytes) -> None:
        inside.set()
        leave.wait(10)
        prepare(file, ready, content)

    monkeypatch.setattr(journal, "_prepare", slowly)
    writer = threading.Thread(target=journal.write, args=(root, rewrites()))
    writer.start()
    assert inside.wait(10)
    with pytest.raises(AtWorkError):
        journal.write(root, rewrites())
    leave.set()
    writer.join()
    assert contents(root) == NEW


def test_a_journal_of_a_strange_repository_cannot_reach_out_of_it(root: Path) -> None:
    outside = root.parent / "outside.py"
    outside.write_text("old")
    (root.parent / ".outside.py.fastwright-1").write_text("evil")
    entry = ["../outside.py", "../.outside.py.fastwright-1", "x", "y"]
    other = ["a.py", "b.py", "x", "y"]
    (root / journal.NAME).write_text(json.dumps([entry, other]) + "\ngo\n")
    journal.recover(root)
    assert outside.read_text() == "old"
    assert contents(root) == OLD


@pytest.mark.parametrize("text", ["", "{", "[1]", "[[1, 2]]\ngo\n", "null\ngo\n", "\0"])
def test_a_damaged_journal_does_nothing(root: Path, text: str) -> None:
    (root / journal.NAME).write_text(text)
    journal.recover(root)
    assert contents(root) == OLD
    assert names(root) == set(FILES)
