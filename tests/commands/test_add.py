"""`fastwright add` and `fastwright undo`, as a user runs them in a project made by `new`."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fastwright.changes import history
from tests.conftest import Run
from tests.scaffolds.making import made


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return made(tmp_path / "shop")


def contents(root: Path) -> dict[str, bytes]:
    """Return every file that is not remembered for `undo`, and every folder."""
    return {
        each.relative_to(root).as_posix(): each.read_bytes() if each.is_file() else b"/"
        for each in root.rglob("*")
        if each.relative_to(root).parts[0] != history.FOLDER
    }


def test_a_client_is_added_and_shown(fastwright: Run, project: Path) -> None:
    done = fastwright("add", "client", "weather", cwd=project)

    assert done.returncode == 0, done.stderr
    assert "  create     src/weather/client.py\n" in done.stdout
    assert "  change     src/main.py\n" in done.stdout
    assert "13 files written. `fastwright undo` takes them back.\n" in done.stdout
    assert "make check" in done.stdout
    assert "weather" in (project / "src/main.py").read_text()


def test_adding_again_changes_nothing(fastwright: Run, project: Path) -> None:
    fastwright("add", "client", "weather", cwd=project)
    added = contents(project)

    again = fastwright("add", "client", "weather", cwd=project)

    assert again.returncode == 0
    assert "Nothing is to be written: all of it is there.\n" in again.stdout
    assert contents(project) == added


def test_a_dry_run_shows_all_and_writes_nothing(fastwright: Run, project: Path) -> None:
    before = contents(project)

    shown = fastwright("add", "client", "weather", "--dry-run", cwd=project)

    assert shown.returncode == 0
    assert "+++ b/src/weather/client.py\n" in shown.stdout
    assert "13 files would be written; this was a dry run.\n" in shown.stdout
    assert contents(project) == before
    assert not (project / history.FOLDER).exists()


def test_a_file_in_the_way_stops_all_and_is_shown(fastwright: Run, project: Path) -> None:
    (project / "src/weather").mkdir()
    (project / "src/weather/client.py").write_text("mine = 1\n")
    before = contents(project)

    refused = fastwright("add", "client", "weather", cwd=project)

    assert refused.returncode == 2
    assert "-mine = 1\n" in refused.stdout
    assert "  conflict   src/weather/client.py\n" in refused.stdout
    assert "Nothing was written: 1 file has another content." in refused.stdout
    assert contents(project) == before


def test_what_cannot_be_done_safely_is_left_to_the_user(fastwright: Run, project: Path) -> None:
    (project / "src/main.py").write_text("app = make()\n")

    done = fastwright("add", "client", "weather", cwd=project)

    assert done.returncode == 1
    assert "src/main.py is left to you." in done.stdout
    assert "What belongs there:\n" in done.stdout
    assert (project / "src/main.py").read_text() == "app = make()\n"
    assert (project / "src/weather/client.py").exists()


def test_it_is_told_as_json(fastwright: Run, project: Path) -> None:
    added = json.loads(fastwright("add", "client", "weather", "--json", cwd=project).stdout)
    undone = json.loads(fastwright("undo", "--json", cwd=project).stdout)
    refused = fastwright("undo", "--json", cwd=project)

    assert added["command"] == "add client weather"
    assert added["written"] is True
    actions = {each["path"]: each["action"] for each in added["files"]}
    assert actions["src/weather/client.py"] == "create"
    assert actions["src/main.py"] == "change"
    assert undone["command"] == "add client weather"
    assert {each["action"] for each in undone["files"]} == {"remove", "restore"}
    assert refused.returncode == 2
    assert json.loads(refused.stdout)["error"]["code"] == "nothing_to_undo"


def test_commands_are_undone_one_by_one_to_the_byte(fastwright: Run, project: Path) -> None:
    stages = [contents(project)]
    for name in ("weather", "payments"):
        fastwright("add", "client", name, cwd=project)
        stages.append(contents(project))

    shown = fastwright("undo", "--dry-run", cwd=project)
    assert "`add client payments` would be undone; this was a dry run.\n" in shown.stdout
    assert contents(project) == stages[2]

    undone = fastwright("undo", cwd=project)
    assert undone.returncode == 0
    assert "  remove     src/payments/client.py\n" in undone.stdout
    assert "`add client payments` was undone.\n" in undone.stdout
    assert "downgrade" not in undone.stdout  # no revision has gone
    assert contents(project) == stages[1]
    fastwright("undo", cwd=project)
    assert contents(project) == stages[0]
    assert not (project / history.FOLDER).exists()


def test_undo_says_which_files_have_changed_since(fastwright: Run, project: Path) -> None:
    fastwright("add", "client", "weather", cwd=project)
    (project / "src/weather/client.py").write_text("mine = 1\n")
    before = contents(project)

    refused = fastwright("undo", cwd=project)

    assert refused.returncode == 2
    assert "src/weather/client.py" in refused.stderr
    assert "Nothing was written" in refused.stderr
    assert contents(project) == before


def test_killed_at_any_moment_the_project_is_old_or_new(project: Path, tmp_path: Path) -> None:
    """The delays are spread over the whole run; the next run finishes what was begun."""
    before = contents(project)
    command = [sys.executable, "-m", "fastwright", "add", "client", "weather"]
    started = time.monotonic()
    subprocess.run(command, cwd=project, check=True, capture_output=True)
    took = time.monotonic() - started
    after = contents(project)
    for part in range(4):
        copy = tmp_path / f"copy{part}"
        shutil.copytree(project, copy, ignore=shutil.ignore_patterns(history.FOLDER))
        restore(copy, before)
        process = subprocess.Popen(command, cwd=copy, stdout=subprocess.DEVNULL)
        time.sleep(took * (0.55 + part / 8))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        subprocess.run(command, cwd=copy, check=True, capture_output=True)
        assert contents(copy) == after
        subprocess.run(
            [sys.executable, "-m", "fastwright", "undo"], cwd=copy, check=True, capture_output=True
        )
        assert contents(copy) == before


def restore(root: Path, stage: dict[str, bytes]) -> None:
    for path in sorted(contents(root).keys() - stage.keys(), reverse=True):
        (root / path).rmdir() if (root / path).is_dir() else (root / path).unlink()
    for path, content in stage.items():
        if content != b"/":
            (root / path).write_bytes(content)


def test_a_folder_that_is_gone_is_called_so(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    command = f"rmdir ../gone && exec {sys.executable} -m fastwright undo"

    refused = subprocess.run(
        ["sh", "-c", command], cwd=gone, check=False, capture_output=True, text=True
    )

    assert refused.returncode == 2
    assert refused.stderr.startswith("The folder that this was called in is not there any more.")
