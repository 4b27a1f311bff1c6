"""Files are written all or none, also when the writer is killed at any moment."""

import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from fastwright.changes import journal
from fastwright.changes.journal import Recovered, Rewrite
from fastwright.errors import AtWorkError, ChangedError, NotWrittenError

FILES = ["a.py", "b.py", "sub/c.py"]
TOUCHES = {"open", "os.rename", "os.remove", "os.chmod", "os.mkdir", "os.rmdir"}


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


NOTHING = '{"entries": [[1, 2, 3, 4]], "made": [], "emptied": []}\ngo\n'
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
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotWrittenError, match=rf"{root} could not .* No space left") as refused:
        journal.write(root, rewrites())
    assert refused.value.exit_status == 2
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
    (root.parent / "empty").mkdir()
    noted = {
        "entries": [
            ["../outside.py", "../.outside.py.fastwright-1", sha256(b"old").hexdigest(), None],
            ["a.py", "b.py", "x", "y"],
        ],
        "made": ["../empty"],
        "emptied": ["../empty", "."],
    }
    (root / journal.NAME).write_text(json.dumps(noted) + "\ngo\n")
    journal.recover(root)
    assert outside.read_text() == "old"
    assert (root.parent / "empty").is_dir()
    assert contents(root) == OLD


@pytest.mark.parametrize("text", ["", "{", "[1]", "[[1, 2]]\ngo\n", "null\ngo\n", NOTHING, "\0"])
def test_a_damaged_journal_does_nothing(root: Path, text: str) -> None:
    (root / journal.NAME).write_text(text)
    journal.recover(root)
    assert contents(root) == OLD
    assert names(root) == set(FILES)


# One file is made in a folder of its own, one goes with its folder, one stays and changes.
CHANGES = [
    Rewrite("a.py", b"old a.py", b"new"),
    Rewrite("sub/c.py", b"old sub/c.py", None),
    Rewrite("deep/er/d.py", None, b"new"),
]


def tree(root: Path) -> dict[str, str]:
    """Return every file with its text, and every folder."""
    return {
        each.relative_to(root).as_posix(): each.read_text() if each.is_file() else "/"
        for each in root.rglob("*")
    }


def change(root: Path) -> None:
    journal.write(root, CHANGES, emptied=["sub"])


BEFORE = {"a.py": "old a.py", "b.py": "old b.py", "sub": "/", "sub/c.py": "old sub/c.py"}
AFTER = {"a.py": "new", "b.py": "old b.py", "deep": "/", "deep/er": "/", "deep/er/d.py": "new"}


def restore(root: Path) -> None:
    journal.recover(root)
    if tree(root) != BEFORE:
        back = [Rewrite(each.path, each.after, each.before) for each in CHANGES]
        journal.write(root, back, emptied=["deep", "deep/er"])
    assert tree(root) == BEFORE


def test_files_are_made_with_their_folders_and_go_with_theirs(root: Path) -> None:
    (root / "sub/__pycache__").mkdir()
    (root / "sub/__pycache__/c.pyc").write_text("")

    assert journal.write(root, CHANGES, emptied=["sub"]) == ("deep", "deep/er")

    assert tree(root) == AFTER
    restore(root)


def test_a_new_file_has_the_mode_of_any_other(root: Path) -> None:
    change(root)
    (root / "other").touch()

    assert (root / "deep/er/d.py").stat().st_mode == (root / "other").stat().st_mode


def test_a_folder_in_which_something_is_left_stays(root: Path) -> None:
    (root / "sub/mine.py").write_text("mine")
    change(root)

    assert tree(root) == AFTER | {"sub": "/", "sub/mine.py": "mine"}


def test_a_kill_at_any_moment_leaves_the_whole_tree_old_or_new(root: Path) -> None:
    outcomes = []
    step = 0
    while run_killed(lambda: change(root), root, step):
        step += 1
        journal.recover(root)
        assert tree(root) in (BEFORE, AFTER)
        outcomes.append(tree(root) == AFTER)
        restore(root)
    assert tree(root) == AFTER
    assert outcomes == sorted(outcomes)
    assert set(outcomes) == {True, False}


def test_a_refusal_takes_back_files_that_were_made_and_that_went(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if target.name == "d.py":
            raise OSError(28, "No space left on device", str(target))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(NotWrittenError, match="No space left"):
        change(root)
    assert tree(root) == BEFORE


def test_a_file_in_the_place_of_a_new_one_stops_all(root: Path) -> None:
    (root / "deep/er").mkdir(parents=True)
    (root / "deep/er/d.py").write_text("mine")

    with pytest.raises(ChangedError, match=r"deep/er/d\.py has changed meanwhile"):
        change(root)
