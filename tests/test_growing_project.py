"""The long proof of `add`: a project that grows passes its own check after each command.

Then every command is undone, and the project is byte for byte what it was. Uses the network.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.verify

COMMANDS = (
    (
        "domain posts title:str{200} slug:slug:unique body:text"
        " status:enum{draft,live}:index=draft published_at:datetime?"
        " --owner --public-read --searchable title,body --likeable"
    ),
    "domain comments body:text --under posts --owner --threaded",
    "field posts subtitle:str{120}?",
    (
        "domain products name:str{80}:unique price:decimal{10,2}:index stock:int{0..}=0"
        " tags:list[str] data:json? sheet:url? --public-read"
    ),
    (
        "domain invoices number:str{20}:unique customer:ref[users]:restrict issued_on:date:index"
        " amount:decimal{12,2} is_paid:bool=false secret:str{40}:write-only --owner"
    ),
    "domain notes text:text rating:int{1..5}? --owner --soft-delete",
    (
        "domain events title:str{100} starts_at:datetime:index token:uuid? email:email --owner"
        " --public-read --soft-delete --searchable title"
    ),
    "domain tags name:str{30}:unique",
    "endpoint posts POST /{post_id}/publish",
    "client weather",
)


@pytest.fixture(autouse=True)
def _online(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let uv fetch what is newest today, as it does for a user."""
    monkeypatch.delenv("UV_OFFLINE")
    monkeypatch.delenv("UV_EXCLUDE_NEWER")


def test_a_project_grows_and_shrinks_again(tmp_path: Path) -> None:
    project = tmp_path / "blog"
    _fastwright(tmp_path, "new", "blog", "--minimal")
    stages = [_contents(project)]
    for command in COMMANDS:
        _fastwright(project, "add", *command.split())
        added = _contents(project)
        _fastwright(project, "add", *command.split())
        assert _contents(project) == added, f"{command}, again"
        _make_check(project)
        _fastwright(project, "review")
        assert _contents(project) == added, f"what checking leaves, after {command}"
        stages.append(added)
    for stage in reversed(stages[:-1]):
        _fastwright(project, "undo")
        assert _contents(project) == stage


def _fastwright(folder: Path, *arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "fastwright", *arguments], cwd=folder, check=True)


def _contents(project: Path) -> dict[str, bytes]:
    """Return what every file holds that git does not ignore."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(listing, cwd=project, check=True, capture_output=True, text=True)
    files = (project / name for name in listed.stdout.split("\0") if name)
    return {str(file): file.read_bytes() for file in files if file.is_file()}


def _make_check(project: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "MAKEFLAGS"}
    subprocess.run(["make", "check"], cwd=project, env=environment, check=True)
