"""JSON for programs: one object on standard output, for a result and for an error alike."""

import json

from fastwright.errors import FastwrightError
from fastwright.projects.plan import Project


def project(shown: Project) -> str:
    """Return a project, planned or made: its steps' outcomes tell which."""
    return _text(
        {
            "name": shown.name,
            "path": str(shown.path.absolute()),
            "files": [str(file.path) for file in shown.files],
            "steps": [
                {"name": step.name, "outcome": step.outcome, "detail": step.detail}
                for step in shown.steps
            ],
            "next": [command.line for command in shown.next_commands],
        }
    )


def error(shown: FastwrightError) -> str:
    """Return an error with its stable code."""
    return _text(
        {"error": {"code": shown.code, "message": shown.message, "suggestion": shown.suggestion}}
    )


def _text(document: object) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
