"""What nobody can store is refused: text that no column holds, and cursors beyond its range."""

from pathlib import Path

from fastwright.scaffolds.domain import Domain
from fastwright.scaffolds.language import parse
from fastwright.scaffolds.plain.rendering import render
from tests.scaffolds.plain.projects import put_in, write, write_project
from tests.scaffolds.plain.running import run_tests
from tests.scaffolds.plain.stacks import Stack

_NOTES = Domain(
    "notes",
    "note",
    tuple(
        map(
            parse,
            (
                "body:text",
                "title:str{80}:index",
                "rank:int:index",
                "grade:int{1..5}:index",
                "price:decimal{10,2}:index",
                "tags:list[str]",
            ),
        )
    ),
    searchable=("body",),
)
_TRIALS = """
import json
from base64 import urlsafe_b64encode

import pytest
from fastapi.testclient import TestClient

from tests.test_notes import PATH, api, client, create, values

__all__ = ["api", "client"]


_ODD = "\\ud800"


@pytest.mark.parametrize("change", [{"body": _ODD}, {"tags": [_ODD]}, {"rank": _ODD}])
def test_surrogates(client: TestClient, change: dict) -> None:
    path = f"{PATH}/{create(client)['id']}"
    headers = {"content-type": "application/json"}

    for method, url in (("POST", PATH), ("PATCH", path)):
        given = json.dumps({**values(2), **change})
        assert client.request(method, url, content=given, headers=headers).status_code == 422


@pytest.mark.parametrize(
    "asked",
    [
        {"search": "a\\0"},
        {"title": "a\\0"},
        {"rank": str(2**63)},
        {"grade": "6"},
        {"price": "1e-99"},
    ],
)
def test_questions(client: TestClient, asked: dict) -> None:
    assert client.get(PATH, params=asked).status_code == 422


@pytest.mark.parametrize(
    ("sort", "value"),
    [
        ("rank", str(2**63)),
        ("grade", "6"),
        ("title", "a\\0"),
        ("title", "\\ud800"),
        ("price", "NaN"),
        ("price", "sNaN"),
        ("price", "Infinity"),
        ("price", "1e-99"),
        ("price", "1e9"),
        ("created_at", "0001-01-01T00:00:00+23:00"),
    ],
)
def test_cursors(client: TestClient, sort: str, value: str) -> None:
    def ask(at: str) -> int:
        cursor = urlsafe_b64encode(json.dumps([at, "1"]).encode()).decode()
        return client.get(PATH, params={"sort": sort, "cursor": cursor}).status_code

    assert ask(value) == 422
    assert ask({"rank": "9", "grade": "5", "price": "0.50"}.get(sort, "2026-01-01")) == 200
"""


def test_what_no_column_holds_is_refused(tmp_path: Path) -> None:
    room = write_project(tmp_path, Stack(has_user=False))

    put_in(room, render(_NOTES, room))
    write(tmp_path, {"tests/test_limits.py": _TRIALS})

    assert " passed" in run_tests(tmp_path)
