"""JSON for programs."""

import json as standard_json
from dataclasses import replace
from pathlib import Path, PurePosixPath

from fastwright.errors import ImpossibleNameError
from fastwright.practice import Place
from fastwright.projects.domains import Selection
from fastwright.projects.plan import Command, Outcome, Project, ProjectFile, Step
from fastwright.reports import json
from fastwright.reviews.review import Dependency, Endpoint
from tests.reports.reviews import REVIEW


def test_a_project_is_one_object_without_the_files_contents() -> None:
    project = Project(
        name="shop",
        path=Path("/projects/shop"),
        domains=Selection(("auth", "users", "posts"), {"posts": ("comments",)}, ("media",)),
        files=(ProjectFile(PurePosixPath("src/main.py"), b"secret", 0o666),),
        steps=(Step("files", Outcome.DONE, "1 file"),),
        next_commands=(Command("make run", "serve it"),),
    )
    assert standard_json.loads(json.text(json.project(project))) == {
        "name": "shop",
        "path": "/projects/shop",
        "domains": {
            "included": ["auth", "users", "posts"],
            "added": [{"name": "posts", "needed_by": ["comments"]}],
            "left_out": ["media"],
        },
        "files": ["src/main.py"],
        "steps": [{"name": "files", "outcome": "done", "detail": "1 file"}],
        "next": ["make run"],
    }


def test_an_error_has_its_code_and_suggestion() -> None:
    assert standard_json.loads(
        json.text(json.error(ImpossibleNameError("No.", suggestion="shop")))
    ) == {"error": {"code": "impossible_name", "message": "No.", "suggestion": "shop"}}


def test_a_review_keeps_to_the_interface() -> None:
    document = standard_json.loads(json.text(json.review(REVIEW)))
    defect, grouped = document["findings"]
    assert defect == {
        "practice": "calls/no-danger",
        "kind": "defect",
        "path": "app/größe %.py",
        "line": 2,
        "column": 10,
        "end_line": 2,
        "symbol": "Views.create",
        "message": "Leave out `danger()`.",
        "chain": [
            {"path": "app/größe %.py", "line": 2, "text": "`create` calls `helper`"},
            {"path": "app/helper.py", "line": 7, "text": "`danger()` is called"},
        ],
        "fix": "safe",
        "places": [],
    }
    assert grouped["fix"] is None
    assert grouped["places"] == [
        {"path": "app/main.py", "line": 9, "symbol": "Loud"},
        {"path": "app/other.py", "line": 4, "symbol": None},
    ]
    assert document["summary"] == {
        "files": 3,
        "routes": 1,
        "calls": 1200,
        "resolved": 1188,
        "unresolved": 12,
        "findings": 2,
        "kinds": {"defect": 1, "risk": 0, "practice": 1},
        "suppressed": 1,
        "accepted": 2,
        "stale": 3,
        "unknown": [
            {
                "path": "app/main.py",
                "line": 3,
                "text": "includes a router that could not be followed",
            }
        ],
        "unreadable": [{"path": "app/broken.py", "reason": "its encoding is unknown"}],
        "partly_read": [{"path": "app/torn.py", "line": 4, "text": "is no valid Python"}],
        "failures": [{"practice": "calls/no-danger", "reason": "ValueError: no (x.py:1)"}],
    }
    assert set(document) == {"findings", "summary"}


def test_a_review_of_an_endpoint_has_its_dependency_tree() -> None:
    at = Place("app/main.py", 1, 1, 1, "create")
    inner = Dependency("get_session", None)
    endpoint = Endpoint(
        ("POST",), "/posts", "create", at, (Dependency("current_user", at, (inner,)),), 3, ()
    )
    document = standard_json.loads(json.text(json.review(replace(REVIEW, endpoints=(endpoint,)))))
    (shown,) = document["endpoints"]
    assert (shown["methods"], shown["path"], shown["reached"]) == (["POST"], "/posts", 3)
    (dependency,) = shown["dependencies"]
    assert dependency["at"] == {"path": "app/main.py", "line": 1, "symbol": "create"}
    assert dependency["dependencies"] == [{"name": "get_session", "at": None, "dependencies": []}]


def test_a_name_that_is_no_unicode_does_not_stop_the_output() -> None:
    assert standard_json.loads(json.text({"path": "a\udcff.py"})) == {"path": "a?.py"}


def test_practices_come_with_their_explanations() -> None:
    (practice, _) = standard_json.loads(json.text(json.practices(REVIEW.practices)))["practices"]
    assert practice["name"] == "calls/no-danger"
    assert practice["references"] == {"About dangers": "https://example.com/dangers"}
