"""`fastwright add domain` and `add field`, with revisions that are really made and tried."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.test_add import contents
from tests.conftest import Run
from tests.scaffolds.making import BLUEPRINT, made

NOTES = ("add", "domain", "notes", "title:str{80}", "rank:int{1..5}?:index", "--owner")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = made(tmp_path / "shop")
    (root / ".venv").symlink_to(BLUEPRINT / ".venv")
    return root


def test_a_domain_and_a_field_are_added_and_undone_to_the_byte(
    fastwright: Run, project: Path
) -> None:
    before = contents(project)

    added = fastwright(*NOTES, cwd=project)

    assert added.returncode == 0, added.stdout + added.stderr
    assert "  create     src/notes/router.py\n" in added.stdout
    assert "_add_notes.py\n" in added.stdout
    assert "  make migrate  bring the local database" in added.stdout
    with_notes = contents(project)

    again = fastwright(*NOTES, cwd=project)
    assert "Nothing is to be written: all of it is there.\n" in again.stdout
    assert contents(project) == with_notes

    grown = fastwright("add", "field", "notes", "colour:str{20}?", cwd=project)
    assert grown.returncode == 0, grown.stdout + grown.stderr
    assert "_add_colour_to_notes.py\n" in grown.stdout

    assert "`add field notes 'colour:str{20}?'` was" in fastwright("undo", cwd=project).stdout
    assert contents(project) == with_notes
    assert "`alembic downgrade -1`, undo.\n" in fastwright("undo", cwd=project).stdout
    assert contents(project) == before


def test_a_dry_run_is_the_run_without_writing(fastwright: Run, project: Path) -> None:
    before = contents(project)

    shown = json.loads(fastwright(*NOTES, "--dry-run", "--json", cwd=project).stdout)

    assert contents(project) == before
    assert shown["written"] is False
    (revision,) = [each for each in shown["files"] if each["path"].startswith("alembic/versions")]
    assert '+revision: str = "0005_notes"\n' in revision["diff"]
    assert (shown["to_paste"], shown["to_run"]) == ([], [])


def test_what_else_the_revision_holds_is_told(fastwright: Run, project: Path) -> None:
    models = project / "src/auth/models.py"
    table = "class Motto(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n"
    models.write_text(f"{models.read_text()}\n\n{table}")

    shown = json.loads(fastwright(*NOTES, "--dry-run", "--json", cwd=project).stdout)

    assert shown["notes"] == [
        "The revision also holds what the models say anew of motto: look at it."
    ]


def test_without_its_environment_the_revision_is_left_as_a_command(
    fastwright: Run, project: Path
) -> None:
    (project / ".venv").unlink()

    done = fastwright(*NOTES, cwd=project)

    assert done.returncode == 1
    assert '    make revision MSG="Add notes"\n' in done.stdout
    assert (project / "src/notes/models.py").exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("notes",), "option"),
        (("note", "title"), "impossible_name"),
        (("notes", "title:strng"), "unreadable_field"),
        (("notes", "title", "--searchable", "body"), "option"),
        (("notes", "title", "--under", "posts"), "option"),
        (("auth", "title"), "impossible_name"),
        (("notes", "title", "--base", "nothing"), "usage"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_written(
    fastwright: Run, project: Path, arguments: tuple[str, ...], code: str
) -> None:
    refused = fastwright("add", "domain", *arguments, "--json", cwd=project)

    assert refused.returncode == 2
    assert json.loads(refused.stdout)["error"]["code"] == code
    assert not (project / "src/notes").exists()


def test_what_was_found_of_a_project_is_shown_with_its_places(
    fastwright: Run, project: Path
) -> None:
    shown = fastwright("add", "domain", "--explain-project", cwd=project)
    told = json.loads(
        fastwright("add", "domain", "--explain-project", "--json", cwd=project).stdout
    )

    assert shown.returncode == 0, shown.stderr
    assert "  manner          house, domain layout\n" in shown.stdout
    assert "  session         src.database:DbSession  src/database.py:" in shown.stdout
    assert "  users           src.auth.models:User" in shown.stdout
    assert told["manner"] == "house"
    assert told["found"]["session"]["path"] == "src/database.py"


def test_a_project_without_what_a_domain_needs_is_told_what_was_looked_for(
    fastwright: Run, tmp_path: Path
) -> None:
    (tmp_path / "main.py").write_text("from fastapi import FastAPI\n\napp = FastAPI()\n")

    refused = fastwright("add", "domain", "notes", "title")

    assert refused.returncode == 2
    assert "--base" in refused.stderr
    assert "--session" in refused.stderr
    assert list(tmp_path.iterdir()) == [tmp_path / "main.py"]


DATABASE = """\
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Session

engine = create_engine("sqlite://")


class Base(DeclarativeBase):
    pass


def get_db():
    with Session(engine) as session:
        yield session


def get_other():
    with Session(engine) as session:
        yield session
"""
MAIN = """\
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.database import Base, get_db, get_other


class Post(Base):
    __tablename__ = "posts"
    id: Mapped[int] = mapped_column(primary_key=True)


router = APIRouter(prefix="/posts")


@router.get("")
def read(session: Annotated[Session, Depends(get_db)]) -> int:
    return 1


@router.get("/others")
def read_others(session: Annotated[Session, Depends(get_other)]) -> int:
    return 1


app = FastAPI()
app.include_router(router)
"""


def test_what_is_left_open_is_asked_for_once_on_a_terminal(fastwright: Run, tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "blog"\n')
    for name, text in (("__init__", ""), ("database", DATABASE), ("main", MAIN)):
        (tmp_path / f"app/{name}.py").write_text(text)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "fastwright", "add", "domain", "notes", "title"]
    process = subprocess.Popen(
        command, cwd=tmp_path, stdin=theirs, stderr=theirs, stdout=subprocess.PIPE, text=True
    )
    os.close(theirs)
    os.write(ours, b"app.database:get_db\n")

    shown, _ = process.communicate(timeout=120)

    assert process.returncode == 0, shown
    asked = os.read(ours, 100_000).decode()
    os.close(ours)
    assert "app.database:get_other" in asked
    assert "--session: " in asked
    router = (tmp_path / "app/notes.py").read_text()
    assert "get_db" in router
    assert "get_other" not in router
    assert "Next:\n  pytest tests/test_notes.py" in shown
    assert "title:str --session app.database:get_db`" in fastwright("undo").stdout
