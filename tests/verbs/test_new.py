"""`new`, called from Python: what it plans, what it makes, and what is left when it cannot."""

import stat
import subprocess
from pathlib import Path

import pytest

from fastwright.errors import (
    ImpossibleNameError,
    NotWrittenError,
    ParentMissingError,
    TargetTakenError,
)
from fastwright.projects.plan import Outcome, Project, Step
from fastwright.verbs import new


def test_a_plan_writes_nothing(tmp_path: Path) -> None:
    project = new.plan("shop", parent=tmp_path)
    assert {step.outcome for step in project.steps} == {Outcome.PLANNED}
    assert list(tmp_path.iterdir()) == []


def test_every_planned_file_is_written_and_nothing_else(tmp_path: Path) -> None:
    project = new.create(new.plan("shop", parent=tmp_path, install=False))
    written = {
        path.relative_to(project.path).as_posix()
        for path in project.path.rglob("*")
        if path.is_file() and ".git" not in path.parts
    }
    assert written == {str(file.path) for file in project.files}
    assert list(tmp_path.iterdir()) == [project.path]


def test_files_come_in_a_fixed_order(tmp_path: Path) -> None:
    paths = [file.path for file in new.plan("shop", parent=tmp_path).files]
    assert paths == sorted(paths)


def test_the_settings_are_private_from_the_start(tmp_path: Path) -> None:
    project = new.create(new.plan("shop", parent=tmp_path, install=False))
    assert stat.S_IMODE((project.path / ".env").stat().st_mode) == 0o600


def test_the_first_commit_holds_everything_but_the_secrets(tmp_path: Path) -> None:
    project = new.create(new.plan("shop", parent=tmp_path, install=False))
    tracked = _git(project.path, "ls-files").split()
    assert sorted(tracked) == sorted(str(f.path) for f in project.files if str(f.path) != ".env")
    assert _git(project.path, "status", "--porcelain") == ""
    assert _git(project.path, "log", "--format=%s").split("\n") == ["Start shop"]


def test_the_lock_is_committed_and_the_environment_works(tmp_path: Path) -> None:
    project = new.create(new.plan("shop", parent=tmp_path))
    assert {step.outcome for step in project.steps} == {Outcome.DONE}, project.steps
    assert "uv.lock" in _git(project.path, "ls-files").split()
    imported = subprocess.run(
        [project.path / ".venv/bin/python", "-c", "import fastapi"], check=False, cwd=project.path
    )
    assert imported.returncode == 0


def test_without_a_network_the_project_is_whole_but_for_its_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "empty-cache"))
    project = new.create(new.plan("shop", parent=tmp_path))
    assert _outcomes(project) == {
        "files": Outcome.DONE,
        "lock": Outcome.FAILED,
        "repository": Outcome.DONE,
        "environment": Outcome.SKIPPED,
    }
    assert (project.path / "Makefile").is_file()
    assert _git(project.path, "status", "--porcelain") == ""


def test_without_uv_and_git_the_steps_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    monkeypatch.delenv("UV")
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    project = new.create(new.plan("shop", parent=tmp_path))
    assert [step.outcome for step in project.steps] == [Outcome.DONE, *[Outcome.SKIPPED] * 3]
    assert [step.detail.split(";")[0] for step in project.steps[1:]] == [
        "uv is not on this machine",
        "git is not on this machine",
        "uv is not on this machine",
    ]


def test_inside_a_repository_the_project_has_its_own(tmp_path: Path) -> None:
    _git(tmp_path, "init", "--quiet")
    project = new.create(new.plan("shop", parent=tmp_path, install=False))
    assert _git(project.path, "log", "--format=%s") == "Start shop"


def test_an_empty_folder_stays_when_its_project_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shop").mkdir()
    project = new.plan("shop", parent=tmp_path, install=False)

    def interrupted(step: Step) -> None:
        if step.name == "environment":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        new.create(project, watch=interrupted)
    assert [path.name for path in tmp_path.iterdir()] == ["shop"]
    assert not any((tmp_path / "shop").iterdir())


def test_an_empty_folder_may_be_there_already(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    project = new.create(new.plan("shop", parent=tmp_path, install=False))
    assert (project.path / "pyproject.toml").is_file()


def test_each_step_is_told_as_it_starts_and_as_it_ends(tmp_path: Path) -> None:
    told: list[Step] = []
    new.create(new.plan("shop", parent=tmp_path, install=False), watch=told.append)
    assert [(step.name, step.outcome) for step in told] == [
        ("files", Outcome.PLANNED),
        ("files", Outcome.DONE),
        ("lock", Outcome.SKIPPED),
        ("repository", Outcome.PLANNED),
        ("repository", Outcome.DONE),
        ("environment", Outcome.SKIPPED),
    ]


def test_a_taken_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    before = _tree(tmp_path)
    for name in ("full", "file", "link"):
        with pytest.raises(TargetTakenError):
            new.plan(name, parent=tmp_path)
    assert _tree(tmp_path) == before


def test_a_missing_parent_and_an_impossible_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ParentMissingError):
        new.plan("shop", parent=tmp_path / "missing")
    with pytest.raises(ImpossibleNameError):
        new.plan("My Shop", parent=tmp_path)
    assert _tree(tmp_path) == {}


def test_a_file_holds_no_project(tmp_path: Path) -> None:
    place = tmp_path / "notes.txt"
    place.touch()
    with pytest.raises(ParentMissingError, match="is no folder"):
        new.plan("shop", parent=place, install=False)


def test_whatever_breaks_it_off_leaves_nothing_behind(tmp_path: Path) -> None:
    for last in ("files", "lock", "repository", "environment"):

        def stop(step: Step, last: str = last) -> None:
            if step.name == last:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            new.create(new.plan("shop", parent=tmp_path, install=False), watch=stop)
        assert _tree(tmp_path) == {}, last


def test_a_place_taken_meanwhile_is_left_as_it_is(tmp_path: Path) -> None:
    def take(step: Step) -> None:
        if step.name == "repository" and step.outcome is Outcome.DONE:
            (tmp_path / "shop").mkdir()
            (tmp_path / "shop" / "mine.txt").write_text("mine")

    with pytest.raises(NotWrittenError):
        new.create(new.plan("shop", parent=tmp_path, install=False), watch=take)
    assert _tree(tmp_path) == {"shop": "", "shop/mine.txt": "mine"}


def _outcomes(project: Project) -> dict[str, Outcome]:
    return {step.name: step.outcome for step in project.steps}


def _git(folder: Path, *arguments: str) -> str:
    finished = subprocess.run(
        ["git", *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return finished.stdout.strip()


def _tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text() if path.is_file() else ""
        for path in folder.rglob("*")
    }
