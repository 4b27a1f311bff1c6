"""The first commit comes about, whatever git was told by its user."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from fastwright.projects import repository


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with one file to commit."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "Makefile").write_text("all:\n")
    return folder


def test_without_an_identity_the_project_signs_its_first_commit(folder: Path) -> None:
    _create(folder)
    assert _git(folder, "log", "--format=%an <%ae>") == "shop <shop@localhost>"


def test_an_identity_that_git_knows_is_used(folder: Path) -> None:
    (Path.home() / ".gitconfig").write_text("[user]\nname = Ada\nemail = ada@example.org\n")
    _create(folder)
    assert _git(folder, "log", "--format=%an <%ae>") == "Ada <ada@example.org>"


def test_an_identity_in_the_environment_is_used(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ada@example.org")
    _create(folder)
    assert _git(folder, "log", "--format=%cn <%ce>") == "Ada <ada@example.org>"


def test_the_branch_is_main(folder: Path) -> None:
    (Path.home() / ".gitconfig").write_text("[init]\ndefaultBranch = trunk\n")
    _create(folder)
    assert _git(folder, "branch", "--show-current") == "main"


def test_the_users_hooks_templates_signing_and_ignore_rules_stay_out(
    folder: Path, tmp_path: Path, program: Callable[[str, str], Path]
) -> None:
    refusing = program("pre-commit", "exit 1")
    (tmp_path / "template" / "hooks").mkdir(parents=True)
    shutil.copy(refusing, tmp_path / "template" / "hooks")
    (tmp_path / "ignored").write_text("Makefile\n")
    (Path.home() / ".gitconfig").write_text(
        f"""
        [core]
            hooksPath = {refusing.parent}
            excludesFile = {tmp_path / "ignored"}
        [init]
            templateDir = {tmp_path / "template"}
        [commit]
            gpgSign = true
        [gpg]
            program = /bin/false
        """
    )
    _create(folder)
    assert _git(folder, "ls-files") == "Makefile"
    assert not (folder / ".git" / "hooks").exists()


def test_a_surrounding_git_command_does_not_redirect_it(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    _create(folder)
    assert (folder / ".git" / "HEAD").is_file()
    assert not (tmp_path / "elsewhere").exists()


def test_git_says_why_it_cannot(folder: Path) -> None:
    (folder / ".git").write_text("no repository\n")
    with pytest.raises(repository.GitError, match="invalid gitfile format"):
        _create(folder)


def _create(folder: Path) -> None:
    repository.create(folder, message="Start shop", fallback_name="shop")


def _git(folder: Path, *arguments: str) -> str:
    finished = subprocess.run(
        ["git", "-C", folder, *arguments], check=True, capture_output=True, text=True
    )
    return finished.stdout.strip()
