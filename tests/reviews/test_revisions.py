"""A codebase as it was, out of a real repository."""

import subprocess
from pathlib import Path

import pytest

from fastwright.errors import RevisionError
from fastwright.reviews import revisions


def _git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.com"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a repository with one commit, and changes since."""
    root = tmp_path / "repository"
    (root / "backend" / "app").mkdir(parents=True)
    (root / "backend" / "app" / "größe.py").write_bytes(b"x = 1\r\n")
    (root / "backend" / "old.py").write_text("a = 1\nb = 2\nc = 3\n")
    (root / "backend" / "alembic.ini").write_text("[alembic]\n")
    (root / "backend" / "data.bin").write_bytes(b"\0")
    (root / "outside.py").write_text("y = 1\n")
    (root / ".gitattributes").write_text("backend/app/* export-ignore\n")
    (root / "backend" / "link.py").symlink_to("old.py")
    _git(root, "init", "--quiet")
    _git(root, "add", "--all")
    _git(root, "commit", "--quiet", "--message", "Start")
    _git(root, "mv", "backend/old.py", "backend/new.py")
    (root / "backend" / "app" / "größe.py").write_text("x = 2\n")
    return root


def test_a_folder_is_as_it_was_without_what_no_review_reads(
    repository: Path, tmp_path: Path
) -> None:
    target = tmp_path / "target"
    target.mkdir()
    revisions.extract(repository / "backend", "HEAD", target)
    found = {
        path.relative_to(target).as_posix(): path.read_bytes()
        for path in target.rglob("*")
        if path.is_file()
    }
    assert found == {
        "alembic.ini": b"[alembic]\n",
        "app/größe.py": b"x = 1\r\n",
        "old.py": b"a = 1\nb = 2\nc = 3\n",
    }
    assert (repository / "backend" / "app" / "größe.py").read_text() == "x = 2\n"


def test_renamed_files_are_known_by_both_paths(repository: Path) -> None:
    assert revisions.renames(repository / "backend", "HEAD") == {"old.py": "new.py"}


def test_no_program_of_the_repository_runs_and_its_index_stays(
    repository: Path, tmp_path: Path
) -> None:
    ran = tmp_path / "ran"
    (repository / ".gitattributes").write_text("* filter=strange diff=strange\n")
    for setting in (
        "filter.strange.clean",
        "filter.strange.process",
        "filter.a=b.clean",
        "diff.strange.textconv",
        "diff.strange.command",
        "diff.external",
        "core.fsmonitor",
    ):
        _git(repository, "config", setting, f"touch '{ran}'; cat")
    _git(repository, "config", "filter.strange.required", "true")
    (repository / "backend" / "new.py").write_text("a = 1\nb = 2\nc = 3\n\n")
    index = (repository / ".git" / "index").read_bytes()
    assert revisions.renames(repository / "backend", "HEAD") == {"old.py": "new.py"}
    revisions.extract(repository / "backend", "HEAD", tmp_path / "target")
    assert not ran.exists()
    assert (repository / ".git" / "index").read_bytes() == index


def test_an_unknown_revision_is_refused(repository: Path, tmp_path: Path) -> None:
    for unknown in ("nowhere", "--help", "HEAD:outside.py"):
        with pytest.raises(RevisionError, match="knows no revision"):
            revisions.extract(repository, unknown, tmp_path)


def test_a_repository_without_a_commit_is_told_so(tmp_path: Path) -> None:
    _git(tmp_path, "init", "--quiet")
    with pytest.raises(RevisionError, match="no commit yet") as refused:
        revisions.renames(tmp_path, "HEAD")
    assert refused.value.suggestion is None


def test_a_folder_in_no_repository_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RevisionError, match="is in no git repository"):
        revisions.extract(tmp_path, "HEAD", tmp_path)


def test_a_machine_without_git_is_told_so(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RevisionError, match="not on this machine"):
        revisions.extract(repository, "HEAD", tmp_path)
