"""The command from outside: its words, its exit status, what it prints and where, and signals."""

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run

REFUSED = {
    "My-Shop": "impossible_name",
    "my--shop": "impossible_name",
    "-": "impossible_name",
    "src": "impossible_name",
    "fastapi": "impossible_name",
    "full": "target_taken",
}


def test_help_teaches_with_an_example(fastwright: Run) -> None:
    shown = fastwright("new", "--help")
    assert shown.returncode == 0
    assert "fastwright new shop --path projects" in shown.stdout
    for option in ("--path", "--domains", "--minimal", "--dry-run", "--json", "--no-install"):
        assert option in shown.stdout


def test_the_version_is_shown(fastwright: Run) -> None:
    assert fastwright("--version").stdout.startswith("fastwright 0.")


def test_a_project_is_made_and_the_next_commands_are_shown(fastwright: Run, tmp_path: Path) -> None:
    shown = fastwright("new", "shop", "--no-install")
    assert shown.returncode == 0
    assert shown.stderr == ""
    assert "\n  cd shop     enter the project\n  make run    serve" in shown.stdout
    assert (tmp_path / "shop" / "Makefile").is_file()


def test_piped_text_has_no_escape_codes(fastwright: Run) -> None:
    shown = fastwright("new", "shop", "--no-install", FORCE_COLOR="1")
    assert "\x1b" not in shown.stdout


def test_path_names_the_folder_that_holds_the_project(fastwright: Run, tmp_path: Path) -> None:
    (tmp_path / "my projects").mkdir()
    shown = fastwright("new", "shop", "--no-install", "--path", "my projects")
    assert (tmp_path / "my projects" / "shop" / "Makefile").is_file()
    assert f"cd {shlex.quote('my projects/shop')}" in shown.stdout


def test_a_dry_run_shows_the_files_and_writes_nothing(fastwright: Run, tmp_path: Path) -> None:
    shown = fastwright("new", "shop", "--dry-run")
    assert shown.returncode == 0
    assert "  pyproject.toml\n" in shown.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_prints_the_same_json_each_time(fastwright: Run, tmp_path: Path) -> None:
    first, second = (fastwright("new", "shop", "--dry-run", "--json") for _ in range(2))
    assert first.stdout == second.stdout
    plan = json.loads(first.stdout)
    assert plan["name"] == "shop"
    assert plan["path"] == str(tmp_path / "shop")
    assert "src/main.py" in plan["files"]
    assert {step["outcome"] for step in plan["steps"]} == {"planned"}
    assert list(tmp_path.iterdir()) == []


def test_json_tells_what_was_made(fastwright: Run, tmp_path: Path) -> None:
    made = json.loads(fastwright("new", "shop", "--no-install", "--json").stdout)
    assert [step["outcome"] for step in made["steps"]] == ["done", "skipped", "done", "skipped"]
    assert made["next"] == ["cd shop", "make run", "make check"]
    assert all((tmp_path / "shop" / path).is_file() for path in made["files"])


def test_domains_can_be_chosen_and_left_out(fastwright: Run, tmp_path: Path) -> None:
    shown = fastwright("new", "shop", "--minimal", "--no-install")
    assert shown.stdout.startswith("  with     auth and users\n  without  posts")
    assert not (tmp_path / "shop" / "src" / "posts").exists()

    plans = [
        json.loads(fastwright("new", "blog", "--dry-run", "--json", *options).stdout)["domains"]
        for options in (["--domains", "users, posts"], ["--domains=posts", "--domains=auth"])
    ]
    assert plans[0] == plans[1]
    assert plans[0]["included"] == ["auth", "users", "posts"]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--domains", "post"], "unknown_domain"),
        (["--domains", "posts,"], "usage"),
        (["--domains", ""], "usage"),
        (["--domains", "posts", "--minimal"], "usage"),
    ],
)
def test_a_choice_that_makes_no_sense_is_refused(
    fastwright: Run, tmp_path: Path, options: list[str], code: str
) -> None:
    shown = fastwright("new", "shop", "--json", *options)
    assert (shown.returncode, shown.stderr) == (2, "")
    assert json.loads(shown.stdout)["error"]["code"] == code
    assert fastwright("new", "shop", *options).returncode == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "code"), REFUSED.items())
def test_a_refusal_is_one_sentence_with_status_2_and_touches_nothing(
    fastwright: Run, tmp_path: Path, name: str, code: str
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    before = sorted(tmp_path.rglob("*"))

    text = fastwright("new", "--no-install", "--", name)
    assert (text.returncode, text.stdout) == (2, "")
    assert len(text.stderr.splitlines()) == 1

    as_json = fastwright("new", "--no-install", "--json", "--", name)
    assert (as_json.returncode, as_json.stderr) == (2, "")
    assert json.loads(as_json.stdout)["error"]["code"] == code

    assert sorted(tmp_path.rglob("*")) == before


def test_a_wrong_call_is_an_error_in_json_too(fastwright: Run) -> None:
    for arguments in (["new", "--json"], ["new", "shop", "--json", "--bogus"]):
        shown = fastwright(*arguments)
        assert (shown.returncode, shown.stderr) == (2, "")
        assert json.loads(shown.stdout)["error"]["code"] == "usage"


def test_a_disk_that_refuses_is_one_sentence_with_status_2(tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir()
    command = f"ulimit -f 0; exec {sys.executable} -m fastwright new shop --no-install"
    shown = subprocess.run(
        ["sh", "-c", command], cwd=place, check=False, capture_output=True, text=True
    )
    assert (shown.returncode, shown.stderr) == (2, "shop could not be written: File too large.\n")
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("verb", ["lock", "sync"])
def test_a_signal_leaves_nothing_behind(
    program: Callable[[str, str], Path], tmp_path: Path, verb: str, number: signal.Signals
) -> None:
    place = tmp_path / "place"
    place.mkdir()
    started = tmp_path / "started"
    slow_uv = program("uv", f'[ "$1" = {verb} ] || exit 0; touch "{started}"; exec sleep 60')
    running = subprocess.Popen(
        [sys.executable, "-m", "fastwright", "new", "shop", "--path", place],
        env=os.environ | {"UV": str(slow_uv)},
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 30
    while not started.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert list(place.iterdir())
    running.send_signal(number)
    _, said = running.communicate(timeout=30)
    assert running.returncode == 128 + number
    assert "nothing is left behind" in said
    assert list(place.iterdir()) == []


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A codebase that takes a while to read."""
    function = "def {name}(a: int) -> int:\n    return a + {number} * (a - 1)\n\n\n"
    for number in range(40):
        lines = (function.format(name=f"f{each}", number=number) for each in range(2000))
        (tmp_path / f"module{number}.py").write_text("".join(lines))
    return tmp_path


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("to_all", [True, False])
@pytest.mark.parametrize("moment", [0.0, 0.1, 0.5])  # seconds after it has begun
def test_a_signal_while_files_are_read_ends_all_that_read(
    large: Path, moment: float, number: signal.Signals, *, to_all: bool
) -> None:
    cache = large / "cache"
    running = subprocess.Popen(
        [sys.executable, "-m", "fastwright", "review", str(large)],
        env=os.environ | {"XDG_CACHE_HOME": str(cache)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while not list(cache.glob("*/*")) and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(moment)
    if to_all:
        os.killpg(running.pid, number)
    else:
        running.send_signal(number)
    running.communicate(timeout=60)  # those that read hold these pipes as long as they are there
    assert running.returncode in {128 + number, -number}
