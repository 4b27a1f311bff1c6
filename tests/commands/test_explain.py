"""`fastwright explain` from outside."""

import json
from pathlib import Path

from tests.conftest import Run

NAME = "async_routes/no-blocking-call"


def test_all_practices_are_listed_by_topic(fastwright: Run) -> None:
    shown = fastwright("explain")
    assert shown.returncode == 0
    assert "\nasync_routes\n" in f"\n{shown.stdout}"
    assert "  no-blocking-call " in shown.stdout


def test_a_topic_is_listed(fastwright: Run) -> None:
    shown = fastwright("explain", "fastwright")
    assert "  unused-ignore " in shown.stdout
    assert "no-blocking-call" not in shown.stdout


def test_one_practice_is_explained(fastwright: Run) -> None:
    shown = fastwright("explain", NAME)
    assert shown.stdout.startswith(f"{NAME}  defect\n")
    for part in ("Why", "Bad", "Good", "When not to", "Fix safety"):
        assert f"\n\n{part}\n" in shown.stdout


def test_it_can_be_json(fastwright: Run) -> None:
    (practice,) = json.loads(fastwright("explain", NAME, "--json").stdout)["practices"]
    assert practice["name"] == NAME


def test_a_misspelt_name_suggests_the_nearest(fastwright: Run) -> None:
    shown = fastwright("explain", "no-bloking-call")
    assert (shown.returncode, shown.stdout) == (2, "")
    assert shown.stderr == f"There is no practice “no-bloking-call”. Try: {NAME}\n"


def test_help_teaches_with_an_example(fastwright: Run) -> None:
    assert f"fastwright explain {NAME}" in fastwright("explain", "--help").stdout


def test_a_question_need_not_be_quoted(fastwright: Run) -> None:
    shown = fastwright("explain", "How", "should", "I", "paginate", "lists?")
    assert shown.stdout.startswith("pagination  pattern\n")


def test_inside_a_codebase_its_places_are_shown(fastwright: Run, tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("from fastapi import FastAPI\n\napp = FastAPI()\n")
    shown = fastwright("explain", "project-structure", "--path", str(tmp_path))
    assert "In this codebase\n  main.py:3  makes an application\n" in shown.stdout
    plain = fastwright("explain", "project-structure", "--no-codebase")
    assert "In this codebase" not in plain.stdout


def test_the_codebase_around_the_working_directory_is_looked_at(
    fastwright: Run, tmp_path: Path
) -> None:
    (tmp_path / "main.py").write_text("from fastapi import FastAPI\n\napp = FastAPI()\n")
    (tmp_path / "shop").mkdir()
    asked = ("explain", "project-structure")
    assert "In this codebase" not in fastwright(*asked).stdout
    (tmp_path / ".git").mkdir()
    shown = fastwright(*asked, cwd=tmp_path / "shop").stdout
    assert "In this codebase\n  main.py:3  makes an application\n" in shown
    assert "In this codebase" not in fastwright(*asked, HOME=str(tmp_path)).stdout


def test_a_codebase_that_cannot_be_read_leaves_the_answer(fastwright: Run, tmp_path: Path) -> None:
    shown = fastwright("explain", "pagination", "--path", str(tmp_path))
    assert shown.returncode == 0
    assert "\nIn this codebase\nIt could not be looked at: There is no Python file" in shown.stdout


def test_where_nothing_stands_out_what_comes_near_is_listed(fastwright: Run) -> None:
    asked = ("explain", "stream", "a", "large", "file")
    shown = fastwright(*asked).stdout
    assert shown.startswith("No one answer stands out. What comes near:\n  ")
    assert "Why" not in shown
    document = json.loads(fastwright(*asked, "--json").stdout)
    assert document["best"] is None
    for name in document["others"]:
        assert f"\n  {name}  " in shown


def test_what_nothing_is_about_is_refused(fastwright: Run) -> None:
    shown = fastwright("explain", "kubernetes helm")
    assert (shown.returncode, shown.stdout) == (2, "")
    assert "Nothing here is about" in shown.stderr
