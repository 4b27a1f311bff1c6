"""The README's commands and code run as they stand there, and print what it says they print."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from fastwright.cli import app
from tests.scaffolds.making import made

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def _blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def _commands(block: str) -> list[tuple[str, str]]:
    """Return a block's commands, each with the output that is shown below it."""
    pairs = []
    for step in filter(None, re.split(r"(?m)^\$ ", block)):
        document = re.match(r".*<<'(\w+)'\n.*?^\1\n", step, re.MULTILINE | re.DOTALL)
        command = document[0] if document else step.partition("\n")[0]
        pairs.append((command, step.removeprefix(command).lstrip("\n")))
    return pairs


def _with_output() -> list[str]:
    """Return the blocks that show what commands print; others start servers or take minutes."""
    return [block for block in _blocks("console") if any(out for _, out in _commands(block))]


@pytest.mark.parametrize("block", _with_output())
def test_commands_print_what_the_readme_shows(tmp_path: Path, block: str) -> None:
    for command, output in _commands(block):
        shown = _run(command, tmp_path)
        assert _without_counts(shown.stdout) == _without_counts(output)


def test_a_project_grows_as_the_readme_shows(tmp_path: Path) -> None:
    """Without an environment, which takes minutes: the revisions alone are left."""
    root = made(tmp_path / "blog")
    (block,) = [each for each in _blocks("console") if each.startswith("$ fastwright add domain")]
    for command, _ in _commands(block):
        done = _run(command, root)
        has_revision = " endpoint " not in command
        assert done.returncode == int(has_revision), done.stdout
        assert ("    make revision MSG=" in done.stdout) == has_revision
        assert "What belongs there:" not in done.stdout
    review = _run("fastwright review", root)
    assert review.returncode == 0, review.stdout


def _run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["sh", "-c", f"exec 2>&1; {command}"],
        cwd=folder,
        env=os.environ | {"PATH": path},
        check=False,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("folder", ["", "blueprint"])
@pytest.mark.parametrize("name", ["README.md", "AGENTS.md"])
def test_every_make_target_that_is_named_exists(checkout: Path, folder: str, name: str) -> None:
    makefile = (checkout / folder / "Makefile").read_text()
    named = re.findall(r"(?:\$|`)\s*make ([a-z]+)", (checkout / folder / name).read_text())
    assert named
    assert [target for target in named if f"\n{target}: " not in makefile] == []


@pytest.mark.parametrize("code", _blocks("python"))
def test_python_code_runs(tmp_path: Path, code: str) -> None:
    subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=tmp_path, check=True)


def test_every_linked_file_exists(checkout: Path) -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (checkout / target).is_file(), target


def _without_counts(text: str) -> str:
    """Leave out how many files there are: the README need not change with each of them."""
    return re.sub(r"\d+ files", "N files", text)


def test_the_servers_that_are_configured_exist() -> None:
    (text,) = _blocks("json")
    (server,) = json.loads(text)["mcpServers"].values()
    assert server["command"] == "fastwright"
    assert app.get_command(click.Context(app), *server["args"]) is not None
