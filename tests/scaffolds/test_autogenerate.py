"""Revisions are Alembic's own, and hold; nothing of the project's environment gets in the way."""

import shutil
from pathlib import Path

import pytest

from fastwright.errors import MigrationError
from fastwright.scaffolds import autogenerate
from fastwright.scaffolds.autogenerate import Revision

VARIABLES = {"DATABASE_URL": None, "REDIS_URL": None}


@pytest.fixture
def project(checkout: Path, tmp_path: Path) -> Path:
    left_out = shutil.ignore_patterns(".venv", ".data", ".env", "tests", "__pycache__", ".*_cache")
    return shutil.copytree(checkout / "blueprint", tmp_path / "copy", ignore=left_out)


def write(project: Path, checkout: Path) -> Revision | None:
    return autogenerate.write(
        project,
        checkout / "blueprint/.venv/bin/python",
        ini="alembic.ini",
        message="Add mottos",
        name="0123456789ab",
        variables=VARIABLES,
    )


def test_a_revision_is_what_the_models_ask_for(project: Path, checkout: Path) -> None:
    models = project / "src/profiles/models.py"
    models.write_text(
        f"{models.read_text()}\n\nclass Motto(SQLModel, table=True):\n"
        "    id: int = Field(primary_key=True)\n"
        "    words: str = Field(max_length=80)\n"
    )

    revision = write(project, checkout)

    assert revision is not None
    assert revision.path.startswith("alembic/versions/")
    assert revision.path.endswith("_add_mottos.py")
    assert revision.tables == {"motto"}
    text = revision.content.decode()
    assert 'revision: str = "0123456789ab"' in text
    assert "sqlmodel.sql.sqltypes.AutoString(length=80)" in text


def test_models_that_ask_for_nothing_get_no_revision(project: Path, checkout: Path) -> None:
    assert write(project, checkout) is None


def test_models_that_cannot_be_imported_are_told_of(project: Path, checkout: Path) -> None:
    (project / "src/profiles/models.py").write_text("import nothing_of_that_name\n")

    with pytest.raises(MigrationError, match="No module named 'nothing_of_that_name'"):
        write(project, checkout)
