"""The revision of a plan is made in a copy, against servers that end with it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from fastwright.scaffolds import plan as plans
from fastwright.scaffolds import revisions
from fastwright.scaffolds.draft import Draft
from fastwright.scaffolds.plan import Action, Plan
from tests.scaffolds.making import PYTHON, made

MOTTO = """

class Motto(SQLModel, table=True):
    id: int = Field(primary_key=True)
    words: str = Field(max_length=80)
"""


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    root = made(tmp_path / "project", "profiles")
    # Whatever the project's settings name is not touched.
    (root / ".env").write_text("DATABASE_URL=postgresql+asyncpg://nobody@127.0.0.1:1/nothing\n")
    yield root
    shutil.rmtree(root)


def plan(root: Path, python: Path = PYTHON) -> Plan:
    draft = Draft(root)
    models = draft.text("src/profiles/models.py")
    assert models is not None
    draft.put("src/profiles/models.py", models + MOTTO.encode())
    planned = plans.plan(root, "add", draft.outcome())
    return revisions.of_the_house(planned, python, message="Add mottos", slug="mottos")


def test_a_revision_follows_the_newest_and_nothing_is_written(root: Path) -> None:
    before = sorted(root.rglob("*"))

    planned = plan(root)

    assert planned.to_run == ()
    (revision,) = [each for each in planned.entries if each.path.startswith("alembic/")]
    assert revision.action is Action.CREATE
    assert revision.path.endswith("_add_mottos.py")
    assert b'\nrevision: str = "0009_mottos"\n' in revision.after
    assert planned.tables == {"motto"}
    assert sorted(root.rglob("*")) == before


def test_what_cannot_be_made_is_left_as_a_command(root: Path) -> None:
    planned = plan(root, python=root / "missing")

    (command,) = planned.to_run
    assert command.line == 'make revision MSG="Add mottos"'
    assert command.purpose.endswith("missing cannot be run: No such file or directory.")
    assert [each.path for each in planned.entries] == ["src/profiles/models.py"]


def test_models_that_cannot_be_imported_are_told_of(root: Path) -> None:
    (root / "src/auth/models.py").write_text("import nothing_of_that_name\n")

    (command,) = plan(root).to_run

    assert "nothing_of_that_name" in command.purpose
