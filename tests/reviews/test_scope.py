"""What is reviewed: the project around the paths, and which of its files are reported on."""

from pathlib import Path

import pytest

from fastwright.errors import NothingToReviewError, UsageError
from fastwright.reviews import scope
from fastwright.reviews.scope import Scope


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project with a package in a folder of its own."""
    (tmp_path / "project" / "src" / "posts").mkdir(parents=True)
    (tmp_path / "project" / "pyproject.toml").touch()
    (tmp_path / "project" / "src" / "main.py").touch()
    return tmp_path / "project"


def test_the_root_is_the_nearest_folder_upward_with_a_project_file(project: Path) -> None:
    assert scope.find((project / "src" / "posts",)) == Scope(project, ("src/posts",))
    assert scope.find((project / "src" / "main.py",)) == Scope(project, ("src/main.py",))
    assert scope.find((project,)) == Scope(project)


def test_a_repository_is_a_root_too(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "app").mkdir()
    assert scope.find((tmp_path / "app",)) == Scope(tmp_path, ("app",))


def test_a_folder_in_no_project_is_its_own_root(tmp_path: Path) -> None:
    assert scope.find((tmp_path,)) == Scope(tmp_path)


def test_without_paths_it_is_the_working_directorys_project(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project / "src" / "posts")
    assert scope.find(()) == Scope(project)


def test_several_paths_share_a_root(project: Path) -> None:
    found = scope.find((project / "src" / "posts", project / "src" / "main.py"))
    assert found == Scope(project, ("src/posts", "src/main.py"))


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NothingToReviewError):
        scope.find((tmp_path / "nowhere",))


def test_paths_of_several_projects_are_refused(project: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with pytest.raises(UsageError, match="in no project together"):
        scope.find((project, tmp_path / "other"))


def test_paths_in_no_project_have_their_folder_in_common(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "tests").mkdir()
    found = scope.find((tmp_path / "app", tmp_path / "tests"))
    assert found == Scope(tmp_path, ("app", "tests"))


@pytest.mark.parametrize("folder", ["/", "~"])
def test_the_whole_disk_and_home_are_no_projects(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(UsageError, match="is no project"):
        scope.find((Path(folder).expanduser(),))


def test_what_is_no_python_is_refused(tmp_path: Path) -> None:
    (tmp_path / "README.md").touch()
    (tmp_path / "manage").touch()
    with pytest.raises(NothingToReviewError, match="is no Python file"):
        scope.find((tmp_path / "README.md",))
    assert scope.find((tmp_path / "manage",)).paths == ("manage",)


def test_a_folder_covers_what_is_below_it_and_nothing_that_is_named_alike() -> None:
    posts = Scope(Path("/"), ("src/posts", "main.py"))
    assert posts.covers("src/posts/router.py")
    assert posts.covers("main.py")
    assert not posts.covers("src/posts_old/router.py")
    assert Scope(Path("/")).covers("anything.py")
