"""What is remembered of a review holds while only comments and blank lines change."""

from dataclasses import fields
from pathlib import Path

import pytest

from fastwright.application import understanding
from fastwright.practice import Finding, Place
from fastwright.reports import json
from fastwright.reviews import checks, memory, plain
from fastwright.reviews.review import Failure
from fastwright.reviews.tracks import Tracks
from fastwright.verbs import review as verb

BAD = '''\
"""A small application.

# no comment
"""

import datetime

from fastapi import FastAPI

app = FastAPI()


@app.get("/posts")
async def read_posts():
    if app:
        return datetime.datetime.utcnow()
    return []
'''


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    root = tmp_path / "project"
    root.mkdir()
    (root / "pyproject.toml").write_text("")
    file = root / "app.py"
    file.write_text(BAD)
    assert review(file)[1] > 1
    return file


def review(file: Path) -> tuple[str, int]:
    """Return a review as JSON, and how many practices had anything to judge for it."""
    checked = [0]

    def watch(what: str, _done: int, of: int) -> None:
        if what == "checking":
            checked.append(of)

    found = verb.review((file.parent,), watch=watch)
    return json.text(json.review(found)), checked[-1]


def fresh(file: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    with monkeypatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(file.parents[1] / "fresh"))
        patch.setattr(memory, "recall", lambda *_: None)
        return review(file)[0]


def test_a_review_of_the_same_files_is_remembered(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert review(file) == (fresh(file, monkeypatch), 0)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("import datetime", "# above\n\nimport datetime  # behind"),
        ("    if app:", "    # password = 1\n\n    if app:"),
        ("utcnow()", "utcnow()  # é"),
        ("return []\n", "return []\n\n    # the last line of the function\n"),
        ("return []\n", "return []\n# below\n"),
        ("\n\n@app", "\n@app"),
        ("utcnow()", "utcnow()  # fastwright: ignore[schemas/aware-datetime] for now"),
    ],
)
def test_comments_and_blank_lines_only_move_what_is_found(
    file: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str
) -> None:
    for text in (BAD.replace(old, new, 1), BAD):
        file.write_text(text)
        assert review(file) == (fresh(file, monkeypatch), 0)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("async def", "def"),
        ("# no comment", "# this is a text"),
        ("\n# no comment", ""),
        ("    return []", "  return []"),
        ("utcnow()", "utcnow("),
        ("utcnow()", "utcnow(  # the fix would lose this\n        )"),
        ('"""A', "'''A"),
        ("        return", "        # return"),
    ],
)
def test_whatever_else_changes_is_looked_at(
    file: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str
) -> None:
    file.write_text(BAD.replace(old, new, 1))
    said, judged = review(file)
    assert said == fresh(file, monkeypatch)
    assert judged


def test_other_files_and_other_versions_are_no_match(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (file.parent / "other.py").write_text("")
    assert review(file)[1]
    (file.parent / "requirements.txt").write_text("fastapi")
    assert review(file)[1]
    assert not review(file)[1]
    monkeypatch.setattr(memory, "_maker", lambda: b"another")
    assert review(file)[1]


def test_a_program_is_another_once_any_of_its_files_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "some_program"
    (package / "data").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "data" / ".#rules.toml").symlink_to("nowhere")  # as an editor leaves it
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(memory, "_PACKAGES", ("some_program",))
    known = set()
    for text in ("", "one = 1", "one = 2"):
        (package / "data" / "rules.toml").write_text(text)
        known.add(memory._maker.__wrapped__())
    assert len(known) == 3


def test_a_failed_check_is_not_remembered(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text(f"{BAD}\n\nx = 1\n")
    monkeypatch.setattr(understanding, "unknowns", lambda _: [])
    broken = (Failure("a/b", "broke down"),)
    monkeypatch.setattr(checks, "run", lambda *_: ({}, broken))
    assert verb.review((file.parent,)).failures == broken
    assert verb.review((file.parent,)).failures == broken


@pytest.mark.parametrize("kept", [b"", b"nonsense", b"\xe9\x00"])
def test_what_is_damaged_is_not_believed(kept: bytes) -> None:
    assert Tracks.unpacked(kept, b"") is None


def test_a_finding_is_kept_with_all_of_its_fields() -> None:
    """Another field has to be added to `plain`."""
    names = [each.name for each in fields(Finding)]
    assert names == ["at", "message", "chain", "places", "fix", "practice", "kind"]
    finding = Finding(Place("a.py", 1, 2, 3, None), "Do.", practice="a/b")
    assert plain.finding(plain.of(finding)) == finding
