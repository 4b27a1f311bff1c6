"""`fastwright add domain` and `add field`, with revisions that are really made and tried."""

import json
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
    fastwright("undo", cwd=project)
    assert contents(project) == before


def test_a_dry_run_is_the_run_without_writing(fastwright: Run, project: Path) -> None:
    before = contents(project)

    shown = json.loads(fastwright(*NOTES, "--dry-run", "--json", cwd=project).stdout)

    assert contents(project) == before
    assert shown["written"] is False
    (revision,) = [each for each in shown["files"] if each["path"].startswith("alembic/versions")]
    assert '+revision: str = "0005_notes"\n' in revision["diff"]
    assert (shown["to_paste"], shown["to_run"]) == ([], [])


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
        (("notes", "title", "--under", "posts"), "unknown_room"),
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
