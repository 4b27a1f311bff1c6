"""JSON for programs."""

import json as standard_json
from pathlib import Path, PurePosixPath

from fastwright.errors import ImpossibleNameError
from fastwright.projects.plan import Command, Outcome, Project, ProjectFile, Step
from fastwright.reports import json


def test_a_project_is_one_object_without_the_files_contents() -> None:
    project = Project(
        name="shop",
        path=Path("/projects/shop"),
        files=(ProjectFile(PurePosixPath("src/main.py"), b"secret", 0o666),),
        steps=(Step("files", Outcome.DONE, "1 file"),),
        next_commands=(Command("make run", "serve it"),),
    )
    assert standard_json.loads(json.project(project)) == {
        "name": "shop",
        "path": "/projects/shop",
        "files": ["src/main.py"],
        "steps": [{"name": "files", "outcome": "done", "detail": "1 file"}],
        "next": ["make run"],
    }


def test_an_error_has_its_code_and_suggestion() -> None:
    assert standard_json.loads(json.error(ImpossibleNameError("No.", suggestion="shop"))) == {
        "error": {"code": "impossible_name", "message": "No.", "suggestion": "shop"}
    }
