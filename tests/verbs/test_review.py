"""`review` from Python: real files, two sample practices, and everything that is asked of it."""

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from fastwright import catalogue
from fastwright.errors import (
    BaselineError,
    NothingToReviewError,
    UnknownPracticeError,
    UnknownRouteError,
    UsageError,
)
from fastwright.practice import Finding, Kind
from fastwright.reviews import suppressions
from fastwright.reviews.review import Review
from fastwright.verbs.review import Options, model, review
from tests.sample_practices.calls import no_danger

DANGER, LOWER = "calls/no-danger", "naming/lower-case"

MAIN = """\
from fastapi import Depends, FastAPI

from app import service

app = FastAPI()


def current_user():
    return danger()


@app.post("/posts")
async def create(user=Depends(current_user)):
    return service.create()


@app.get("/posts")
async def read():
    return danger()
"""
SERVICE = """\
def create():
    Shout()


def Shout():
    danger()


def Unused():
    danger()
"""


@pytest.fixture(autouse=True)
def _sample_practices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "PACKAGE", "tests.sample_practices")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a small project."""
    root = tmp_path / "project"
    (root / "app").mkdir(parents=True)
    (root / "pyproject.toml").touch()
    (root / "app" / "__init__.py").touch()
    (root / "app" / "main.py").write_text(MAIN)
    (root / "app" / "service.py").write_text(SERVICE)
    return root


def _places(found: Review) -> list[str]:
    return [f"{each.practice} {each.at.path}:{each.at.line}" for each in found.findings]


def test_findings_carry_their_practice_and_come_in_the_order_of_lines(project: Path) -> None:
    found = review((project,))
    assert _places(found) == [
        f"{DANGER} app/main.py:9",
        f"{DANGER} app/main.py:19",
        f"{LOWER} app/service.py:5",
        f"{DANGER} app/service.py:6",
        f"{DANGER} app/service.py:10",
    ]
    first, grouped = found.findings[0], found.findings[2]
    assert (first.kind, first.at.symbol) == (Kind.DEFECT, "current_user")
    assert [(at.path, at.line) for at in grouped.places] == [("app/service.py", 9)]
    assert (found.number(Kind.DEFECT), found.number(Kind.PRACTICE)) == (4, 1)
    assert found.counts["files"] == 3
    assert found.counts["routes"] == 2


def test_paths_narrow_what_is_reported_and_not_what_is_read(project: Path) -> None:
    found = review((project / "app" / "service.py",))
    assert {each.at.path for each in found.findings} == {"app/service.py"}
    assert found.counts["files"] == 3
    assert found.root == project


def test_practices_topics_and_kinds_are_chosen(project: Path) -> None:
    assert {each.practice for each in review((project,), Options(only=("naming",))).findings} == {
        LOWER
    }
    assert {each.practice for each in review((project,), Options(ignore=("calls",))).findings} == {
        LOWER
    }
    assert {each.kind for each in review((project,), Options(kinds=(Kind.DEFECT,))).findings} == {
        Kind.DEFECT
    }
    with pytest.raises(UnknownPracticeError):
        review((project,), Options(only=("nothing",)))


def test_the_projects_settings_choose_until_something_else_is_asked_for(project: Path) -> None:
    (project / "pyproject.toml").write_text(
        f'[tool.fastwright]\nignore = ["{DANGER}"]\nexclude = ["app/service.py"]\n'
    )
    assert _places(review((project,))) == []
    assert len(review((project,), Options(only=(DANGER,))).findings) == 2
    assert len(review((project,), Options(ignore=())).findings) == 2


def test_a_comment_accepts_and_a_leftover_one_is_found(project: Path) -> None:
    accepted = MAIN.replace("danger()\n\n", f"danger()  # fastwright: ignore[{DANGER}] ok\n\n")
    (project / "app" / "main.py").write_text(
        accepted.replace("app = FastAPI()", f"app = FastAPI()  # fastwright: ignore[{DANGER}]")
    )
    found = review((project / "app" / "main.py",))
    assert _places(found) == [
        f"{suppressions.NAME} app/main.py:5",
        f"{DANGER} app/main.py:19",
    ]
    assert found.suppressed == 1


def test_a_leftover_comment_is_only_told_when_its_practice_ran(project: Path) -> None:
    (project / "app" / "service.py").write_text(f"x = 1  # fastwright: ignore[{DANGER}]\n")
    assert _places(review((project,), Options(ignore=(DANGER,)))) == []
    assert _places(review((project,), Options(only=(suppressions.NAME,)))) == []
    found = review((project,), Options(only=(suppressions.NAME, DANGER)))
    assert f"{suppressions.NAME} app/service.py:1" in _places(found)


def test_a_missing_baseline_is_written_and_then_accepts_what_was_found(project: Path) -> None:
    file = project / "baseline.json"
    written = review((project,), Options(baseline=file))
    assert (written.findings, written.baseline_written) == ((), file)

    (project / "app" / "main.py").write_text(f"\n\n{MAIN}\n\ndanger(1)\n")
    found = review((project,), Options(baseline=file))
    assert _places(found) == [f"{DANGER} app/main.py:24"]
    assert (found.accepted, found.stale, found.baseline_written) == (6, 0, None)

    (project / "app" / "service.py").write_text("")
    assert review((project,), Options(baseline=file)).stale == 4


def test_updating_a_baseline_keeps_what_was_not_looked_for(project: Path) -> None:
    file = project / "baseline.json"
    review((project,), Options(baseline=file))
    (project / "app" / "service.py").write_text("")
    review((project,), Options(baseline=file, update_baseline=True, only=(LOWER,)))
    assert review((project,), Options(baseline=file)).stale == 2
    review((project,), Options(baseline=file, update_baseline=True))
    assert review((project,), Options(baseline=file)).stale == 0


def test_a_baseline_in_the_settings_must_be_there(project: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.fastwright]\nbaseline = "accepted.json"\n')
    with pytest.raises(BaselineError):
        review((project,))
    review((project,), Options(update_baseline=True))
    assert review((project,)).findings == ()
    assert (project / "accepted.json").is_file()


def test_a_baseline_is_never_written_from_part_of_a_review(project: Path) -> None:
    file = project / "baseline.json"
    for options in (Options(route="GET /posts"), Options(diff="HEAD")):
        with pytest.raises(UsageError):
            review((project,), replace(options, baseline=file, update_baseline=True))
    with pytest.raises(BaselineError):
        review((project,), Options(route="GET /posts", baseline=file))
    with pytest.raises(UsageError):
        review((project,), Options(update_baseline=True))


def test_a_route_is_reviewed_with_all_it_reaches(project: Path) -> None:
    found = review((project,), Options(route="POST /posts"))
    assert _places(found) == [
        f"{DANGER} app/main.py:9",
        f"{LOWER} app/service.py:5",
        f"{DANGER} app/service.py:6",
    ]
    (endpoint,) = found.endpoints
    assert (endpoint.methods, endpoint.path, endpoint.name) == (("POST",), "/posts", "create")
    assert [each.name for each in endpoint.dependencies] == ["current_user"]
    assert endpoint.reached == 4


def test_a_path_alone_means_every_method(project: Path) -> None:
    assert len(review((project,), Options(route="/posts")).endpoints) == 2


def test_a_route_that_is_not_there_suggests_the_nearest(project: Path) -> None:
    with pytest.raises(UnknownRouteError) as raised:
        review((project,), Options(route="post /post"))
    assert raised.value.suggestion == "POST /posts"


def test_a_difference_shows_what_came_in_on_whichever_line(project: Path) -> None:
    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=A", "-c", "user.email=a@example.com"]
        subprocess.run(["git", *identity, *arguments], cwd=project, check=True)

    git("init", "--quiet")
    git("add", "--all")
    git("commit", "--quiet", "--message", "Start")
    (project / "app" / "main.py").write_text(f"import this\n\n{MAIN}")
    assert _places(review((project,), Options(diff="HEAD"))) == []

    (project / "app" / "extra.py").write_text("danger()\n")
    found = review((project,), Options(diff="HEAD"))
    assert _places(found) == [f"{DANGER} app/extra.py:1"]
    assert found.accepted == 6
    assert _places(review((project / "app" / "main.py",), Options(diff="HEAD"))) == []


def test_a_check_that_breaks_down_is_told_and_stops_no_other(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> Iterator[Finding]:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(no_danger, "PRACTICE", replace(no_danger.PRACTICE, check=broken))
    found = review((project,))
    assert _places(found) == [f"{LOWER} app/service.py:5"]
    (failure,) = found.failures
    assert failure.practice == DANGER
    assert "ZeroDivisionError: by zero (" in failure.reason


def test_files_that_cannot_be_read_are_told_and_the_rest_is_reviewed(project: Path) -> None:
    (project / "app" / "broken.py").write_bytes(b"# -*- coding: nonsense -*-\nx = '\xff'\n")
    (project / "pyproject.toml").write_text("[tool.fastwright\n")
    found = review((project,))
    assert [path for path, _ in found.unreadable] == ["pyproject.toml", "app/broken.py"]
    assert len(found.findings) == 5


def test_a_file_that_is_no_python_is_told_and_the_rest_of_it_is_reviewed(project: Path) -> None:
    (project / "torn.py").write_text("def danger_zone(\n\n\ndef Loud():\n    pass\n")
    found = review((project,))
    assert [(each.path, each.line) for each in found.partly_read] == [("torn.py", 1)]


def test_a_folder_without_python_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NothingToReviewError):
        review((tmp_path,))


def test_what_is_done_can_be_watched(project: Path) -> None:
    seen = []
    review((project,), watch=lambda what, done, of: seen.append((what, done, of)))
    assert seen[-1][1] == seen[-1][2]


def test_what_was_understood_are_plain_values(project: Path) -> None:
    shown = model((project,))
    assert {route["path"] for route in shown["routes"]} == {"/posts"}
