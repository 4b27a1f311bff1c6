"""Where the blueprint is and what belongs to it."""

import os
from pathlib import Path, PurePosixPath

import pytest

from fastwright.projects import blueprint


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a small blueprint that stands in for the real one."""
    for path, text in {
        ".gitignore": ".env\n.venv/\n*.py[cod]\n/local.txt\n",
        "main.py": "1",
        "deep/local.txt": "kept",
    }.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    monkeypatch.setattr(blueprint, "root", lambda: tmp_path)
    return tmp_path


def test_in_a_clone_the_blueprint_is_the_folder_of_that_name(checkout: Path) -> None:
    assert blueprint.root() == checkout / "blueprint"


def test_what_the_blueprint_ignores_is_no_part_of_it(small: Path) -> None:
    expected = [PurePosixPath(path) for path in (".gitignore", "deep/local.txt", "main.py")]
    for path in (".env", "local.txt", "deep/main.pyc", ".venv/lib/x.py", ".git/HEAD", "uv.lock"):
        (small / path).parent.mkdir(parents=True, exist_ok=True)
        (small / path).write_text("")
    assert list(blueprint.files()) == expected


def test_the_digest_follows_contents_and_names_only(small: Path) -> None:
    before = blueprint.digest()
    os.utime(small / "main.py", (0, 0))
    (small / ".env").write_text("A=1")
    assert blueprint.digest() == before

    (small / "main.py").write_text("2")
    changed = blueprint.digest()
    (small / "main.py").rename(small / "other.py")
    assert len({before, changed, blueprint.digest()}) == 3


def test_dependencies_are_read_with_their_groups() -> None:
    assert {"fastapi", "pwdlib", "sqlmodel", "pytest"} <= blueprint.dependencies()
