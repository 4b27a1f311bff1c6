"""What commands have written can be taken back, the last first, and leaves nothing behind."""

import json
from pathlib import Path

import pytest

from fastwright.changes import history, journal
from fastwright.changes.journal import Rewrite
from fastwright.errors import ChangedError, NothingToUndoError
from tests.changes.test_journal import run_killed


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "a.py").write_bytes(b"old\r\n\xff")
    return folder


FIRST = [Rewrite("a.py", b"old\r\n\xff", b"new"), Rewrite("posts/models.py", None, b"made")]
SECOND = [Rewrite("a.py", b"new", b"newer"), Rewrite("posts/extra.py", None, b"")]


def take_back(root: Path) -> str:
    undoing = history.plan(root)
    history.undo(undoing)
    return undoing.record.command


def tree(root: Path) -> dict[str, bytes]:
    return {
        each.relative_to(root).as_posix(): each.read_bytes() if each.is_file() else b"/"
        for each in root.rglob("*")
    }


def contents(root: Path) -> dict[str, bytes]:
    return {path: each for path, each in tree(root).items() if history.FOLDER not in path}


def test_commands_are_taken_back_one_by_one_and_nothing_is_left(root: Path) -> None:
    stages = [contents(root)]
    for command, rewrites in (("one", FIRST), ("two", SECOND)):
        history.write(root, command, rewrites)
        stages.append(contents(root))
    assert stages[2] == {
        "a.py": b"newer",
        "posts": b"/",
        "posts/models.py": b"made",
        "posts/extra.py": b"",
    }

    assert take_back(root) == "two"
    assert contents(root) == stages[1]
    assert take_back(root) == "one"
    assert contents(root) == stages[0]
    assert not (root / history.FOLDER).exists()
    with pytest.raises(NothingToUndoError):
        history.last(root)


def test_git_does_not_see_what_is_remembered(root: Path) -> None:
    history.write(root, "one", FIRST)

    assert (root / history.FOLDER / ".gitignore").read_text() == "*\n"


def test_what_has_changed_since_is_told_and_nothing_is_written(root: Path) -> None:
    history.write(root, "one", FIRST)
    (root / "a.py").write_text("mine")
    (root / "posts/models.py").unlink()
    before = contents(root)

    with pytest.raises(ChangedError, match=r"`one`.*: a\.py, posts/models\.py\. Nothing was"):
        take_back(root)

    assert contents(root) == before
    assert history.last(root).command == "one"


def test_a_folder_in_which_something_was_put_stays(root: Path) -> None:
    history.write(root, "one", FIRST)
    (root / "posts/mine.py").write_text("mine")

    take_back(root)

    assert contents(root) == {"a.py": b"old\r\n\xff", "posts": b"/", "posts/mine.py": b"mine"}


def test_a_kill_at_any_moment_leaves_a_command_written_and_remembered_or_neither(
    root: Path,
) -> None:
    before, step = tree(root), 0
    while run_killed(lambda: history.write(root, "one", FIRST), root, step):
        step += 1
        journal.recover(root)
        if (root / "posts").exists():
            take_back(root)
        assert tree(root) == before
    assert history.last(root).command == "one"
    assert step > len(FIRST)


def test_a_kill_at_any_moment_while_taking_back_is_finished_by_the_next_run(root: Path) -> None:
    before, step = tree(root), 0
    history.write(root, "one", FIRST)
    while run_killed(lambda: take_back(root), root, step):
        step += 1
        journal.recover(root)
        if tree(root) == before:
            history.write(root, "one", FIRST)
        assert history.last(root).command == "one"
    assert tree(root) == before
    assert step > len(FIRST)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"command": "x", "files": [{"path": "a.py", "before": "?", "after": null}], "made": []}',
    ],
)
def test_a_damaged_record_is_told_of(root: Path, text: str) -> None:
    history.write(root, "one", FIRST)
    (root / history.last(root).path).write_text(text)

    with pytest.raises(NothingToUndoError, match="cannot be read"):
        history.last(root)


@pytest.mark.parametrize("path", ["../outside.py", "/outside.py", "link/outside.py", ""])
def test_a_record_of_a_strange_repository_cannot_reach_out_of_it(root: Path, path: str) -> None:
    (root.parent / "outside.py").write_text("mine")
    (root / "link").symlink_to(root.parent)
    history.write(root, "one", FIRST)
    record = root / history.last(root).path
    plain = json.loads(record.read_text())
    plain["files"][0]["path"] = path
    record.write_text(json.dumps(plain))

    with pytest.raises(NothingToUndoError):
        history.last(root)
