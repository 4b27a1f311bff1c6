"""A domain gets its place in the files of a project made by `fastwright new`."""

import tomllib
from pathlib import Path

import pytest

from fastwright.scaffolds.additions import (
    AddLayer,
    AddScopes,
    ImportForMigrations,
    IncludeRouter,
    ListRoutes,
)
from fastwright.scaffolds.draft import Draft, Outcome
from fastwright.scaffolds.registering import house
from fastwright.scaffolds.room import Symbol
from tests.scaffolds.making import apply, made

ROUTER = "from fastapi import APIRouter\n\nrouter = APIRouter()\n"
ADDITIONS = (
    IncludeRouter(Symbol("src.notes.router", "router"), None),
    ImportForMigrations("src.notes.models", ("Note",)),
    AddLayer("notes", "src", ("auth",)),
    AddScopes((("NOTES_READ", "notes:read"), ("NOTES_WRITE", "notes:write"))),
    ListRoutes("notes"),
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return made(tmp_path)


def register(root: Path) -> Outcome:
    draft = Draft(root)
    draft.make("src/notes/router.py", ROUTER)
    for addition in ADDITIONS:
        house.register(draft, addition)
    return draft.outcome()


def test_each_file_is_told_of_the_domain_once(root: Path) -> None:
    outcome = register(root)
    assert outcome.snippets == ()
    apply(root, outcome)

    main = (root / "src/main.py").read_text()
    assert "from src.notes.router import router as notes_router\n" in main
    assert "    health_router,\n    notes_router,\n)\n" in main
    env = (root / "alembic/env.py").read_text()
    assert "from src.notes import models as notes_models  # noqa: F401\n" in env
    layers = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["importlinter"]
    assert ["notes", "auth"] in [
        each["layers"][at : at + 2]
        for each in layers["contracts"]
        for at in range(len(each.get("layers", ())))
    ]
    routes = (root / "tests/routes.py").read_text()
    assert "from tests.notes import routes as notes\n" in routes
    assert "    **DOCS,\n    **notes.ROUTES,\n}\n" in routes
    assert "    users.make,\n    notes.make,\n)\n" in routes
    scopes = (root / "src/auth/constants.py").read_text()
    assert '    NOTES_READ = "notes:read"\n    NOTES_WRITE = "notes:write"\n\n\n' in scopes


def test_again_changes_nothing(root: Path) -> None:
    apply(root, register(root))

    again = register(root)

    assert again.files == {}
    assert again.snippets == ()
    assert len(again.identical) == 6


def test_what_is_not_found_is_left_to_the_user(root: Path) -> None:
    for path in ("src/main.py", "tests/routes.py", "src/auth/constants.py", "pyproject.toml"):
        (root / path).write_text("[nothing\n")
    (root / "alembic/env.py").unlink()

    outcome = register(root)

    assert list(outcome.files) == ["src/notes/router.py"]
    left = {each.path: each.text for each in outcome.snippets}
    assert left["src/main.py"].endswith("app.include_router(notes_router)\n")
    assert left["alembic/env.py"] == "from src.notes import models as notes_models  # noqa: F401\n"
    assert left["pyproject.toml"] == '    "notes",\n'
    assert "**notes.ROUTES" in left["tests/routes.py"]
    assert left["src/auth/constants.py"] == (
        '    NOTES_READ = "notes:read"\n    NOTES_WRITE = "notes:write"'
    )
