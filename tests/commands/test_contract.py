"""`fastwright contract` from outside."""

import json
import subprocess
from pathlib import Path

from tests.conftest import Run

BEFORE = """\
from fastapi import FastAPI

app = FastAPI()


@app.get("/posts")
def read_posts(limit: int = 10) -> list[int]:
    return []


@app.get("/users")
def read_users() -> list[int]:
    return []
"""
AFTER = BEFORE.replace("limit: int = 10", "limit: int").replace("/users", "/people")


def commit(folder: Path) -> None:
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "Start"]):
        subprocess.run(
            ["git", "-c", "user.name=A", "-c", "user.email=a@example.com", *words],
            cwd=folder,
            check=True,
        )


def test_the_contract_is_shown(fastwright: Run, tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(BEFORE)
    shown = fastwright("contract")
    assert shown.returncode == 0
    assert "\nGET      /posts\nGET      /users\n" in shown.stdout
    assert shown.stderr.startswith("Importing main:app with ")


def test_a_revision_is_compared(fastwright: Run, tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(BEFORE)
    commit(tmp_path)
    same = fastwright("contract", "--diff", "HEAD")
    assert (same.returncode, same.stdout) == (0, "the same as before.\n")
    (tmp_path / "main.py").write_text(AFTER)
    shown = fastwright("contract", "--diff", "HEAD")
    assert shown.returncode == 1
    assert "breaking    GET /users  is gone\n" in shown.stdout
    assert "compatible  GET /people  is new\n" in shown.stdout
    markdown = fastwright("contract", "--diff", "HEAD", "--format", "markdown").stdout
    assert "### Breaking\n\n- `GET /posts` query parameter limit" in markdown


def test_a_saved_contract_is_compared(fastwright: Run, tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(BEFORE)
    saved = fastwright("contract", "--save", "contract.json")
    assert (saved.returncode, saved.stdout) == (0, "")
    (tmp_path / "main.py").write_text(AFTER)
    shown = fastwright("contract", "--diff", "contract.json", "--format", "json")
    document = json.loads(shown.stdout)
    assert document["summary"]["breaking"] == len(
        [each for each in document["changes"] if each["weight"] == "breaking"]
    )
    assert shown.returncode == 1


def test_what_cannot_run_is_told(fastwright: Run, tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(BEFORE + "\nraise RuntimeError('no database')\n")
    shown = fastwright("contract")
    assert (shown.returncode, shown.stdout) == (2, "")
    assert "RuntimeError: no database" in shown.stderr
    (tmp_path / "main.py").write_text(BEFORE)
    wrong = fastwright("contract", "--diff", "no-such-revision")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert fastwright("contract", "--env", "NAME").returncode == 2
