"""The application that is meant is found, with the folder and the Python it is imported with."""

from pathlib import Path

import pytest

from fastwright.application.application import read_texts
from fastwright.contract import finding
from fastwright.errors import ContractError

MAKES = "from fastapi import FastAPI\n\napp = FastAPI()\n"


def found(files: dict[str, str], tmp_path: Path) -> tuple[str, tuple[str, ...]]:
    target = finding.target(tmp_path, read_texts(files), reference=None, python=None)
    return target.reference, target.paths


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"main.py": MAKES}, ("main:app", ("",))),
        ({"app/main.py": "from app import db\n" + MAKES, "app/db.py": ""}, ("app.main:app", ("",))),
        (
            {"src/shop/main.py": "from shop import db\n" + MAKES, "src/shop/db.py": ""},
            ("shop.main:app", ("src", "")),
        ),
        (
            {"backend/app/main.py": "from app.db import x\n" + MAKES, "backend/app/db.py": "x = 1"},
            ("app.main:app", ("backend", "")),
        ),
        (
            {"app/main.py": "from . import db\n" + MAKES, "app/db.py": ""},
            ("app.main:app", ("",)),
        ),
        (
            {"src/app/main.py": MAKES, "src/app/__init__.py": ""},
            ("app.main:app", ("src", "")),
        ),
        (
            {
                "main.py": "from factory import create\n\nserved = create()\n",
                "factory.py": "from fastapi import FastAPI\n\n\ndef create() -> FastAPI:\n"
                "    app = FastAPI()\n    return app\n",
            },
            ("main:served", ("",)),
        ),
        (
            {
                "admin.py": MAKES,
                "main.py": f"import admin\n{MAKES}app.mount('/admin', admin.app)\n",
            },
            ("main:app", ("",)),
        ),
        (
            {
                "one.py": MAKES,
                "two.py": MAKES,
                "pyproject.toml": '[tool.fastapi]\nentrypoint = "two:app"\n',
            },
            ("two:app", ("",)),
        ),
    ],
)
def test_the_application_is_found(
    files: dict[str, str], expected: tuple[str, tuple[str, ...]], tmp_path: Path
) -> None:
    assert found(files, tmp_path) == expected


def test_several_applications_are_named(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="one:app, two:app"):
        found({"one.py": MAKES, "two.py": MAKES}, tmp_path)


def test_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="No FastAPI application"):
        found({"main.py": "x = 1\n"}, tmp_path)


def test_the_environment_beside_the_project_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    project = tmp_path / "repository" / "backend"
    project.mkdir(parents=True)
    (tmp_path / "repository" / ".git").mkdir()
    outer = _environment(tmp_path / ".venv")
    assert finding.interpreter(project) != outer
    above = _environment(tmp_path / "repository" / "venv")
    assert finding.interpreter(project) == above
    own = _environment(project / ".venv")
    assert finding.interpreter(project) == own


def _environment(folder: Path) -> Path:
    python = folder / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    (folder / "pyvenv.cfg").touch()
    return python
