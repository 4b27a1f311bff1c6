"""Alembic's environments are found with their settings and revisions."""

import pytest

from fastwright.application.application import read_texts
from fastwright.application.migrations import Environment

ENV = (
    "from alembic import context\nfrom src.models import Base\n"
    "context.configure(target_metadata=Base.metadata)\n"
)
INI = (
    "[alembic]\nscript_location = alembic\n"
    "file_template = %%(year)d_%%(slug)s\nsqlalchemy.url = a%b\n"
)


def environments(files: dict[str, str]) -> list[Environment]:
    return read_texts(files).migrations.environments


def test_an_environment_has_its_settings_and_revisions() -> None:
    files = {
        "alembic.ini": INI,
        "alembic/env.py": ENV,
        "alembic/versions/1.py": "revision = 'a'\ndown_revision = None\n",
        "alembic/versions/2.py": "revision: str = 'b'\ndown_revision: str | None = 'a'\n",
        "alembic/versions/3.py": "revision = 'c'\ndown_revision = ('a', 'b')\n",
        "alembic/versions/4.py": "revision = make()\ndown_revision = ['c', x]\n",
        "alembic/versions/notes.py": "down_revision = 'a'\n",
        "elsewhere/5.py": "revision = 'd'\ndown_revision = 'c'\n",
    }
    (found,) = environments(files)
    assert (found.module.path, found.ini_path) == ("alembic/env.py", "alembic.ini")
    assert found.settings["file_template"] == "%%(year)d_%%(slug)s"
    revisions = [(each.identifier, each.parents) for each in found.revisions]
    assert revisions == [("a", ()), ("b", ("a",)), ("c", ("a", "b")), (None, ("c",))]
    assert len(read_texts(files).migrations.revisions) == 5


def test_the_nearest_settings_upward_count() -> None:
    files = {
        "alembic.ini": "[alembic]\nscript_location = top\n",
        "one/alembic.ini": "[alembic]\nscript_location = migrations\n",
        "one/db/migrations/env.py": ENV,
        "two/migrations/env.py": ENV,
    }
    found = {each.module.path: each.ini_path for each in environments(files)}
    assert found == {
        "one/db/migrations/env.py": "one/alembic.ini",
        "two/migrations/env.py": "alembic.ini",
    }


@pytest.mark.parametrize(
    "text", ["", "nonsense", "[other]\na = 1\n", "[alembic\n", "[alembic]\na\n", "\0"]
)
def test_settings_that_cannot_be_read_are_empty(text: str) -> None:
    (found,) = environments({"alembic.ini": text, "alembic/env.py": ENV})
    assert dict(found.settings) == {}


def test_other_modules_are_no_environments() -> None:
    assert environments({"env.py": "import os\n", "alembic/other.py": ENV}) == []
