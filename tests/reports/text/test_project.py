"""Text about a project: coloured on a terminal, plain elsewhere."""

from pathlib import Path, PurePosixPath

import pytest

from fastwright.projects.domains import Selection
from fastwright.projects.plan import Command, Outcome, Project, ProjectFile, Step
from fastwright.reports.text import project as text
from tests.reports.text.terminals import become_terminal

FAILED = Step("lock", Outcome.FAILED, "uv lock failed [no network]")
PROJECT = Project(
    name="shop",
    path=Path("shop"),
    domains=Selection(("auth", "users", "posts"), {}, ()),
    files=(ProjectFile(PurePosixPath("Makefile"), b"", 0o666),),
    steps=(FAILED,),
    next_commands=(Command("cd shop", "enter the project"),),
)


def test_piped_steps_are_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    text.step(Step("lock", Outcome.PLANNED, "not shown yet"))
    text.step(FAILED)
    assert capsys.readouterr().out == "  failed   lock         uv lock failed [no network]\n"


def test_a_terminal_shows_a_step_under_way_then_its_outcome_in_colour(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = become_terminal(monkeypatch)
    text.step(Step("lock", Outcome.PLANNED, ""))
    assert terminal.getvalue() == "  …        lock\r"
    text.step(FAILED)
    assert "\x1b[1;31m  failed   lock         uv lock failed [no network]" in terminal.getvalue()


def test_a_terminal_that_wants_no_colour_gets_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = become_terminal(monkeypatch)
    monkeypatch.setenv("NO_COLOR", "1")
    text.step(FAILED)
    assert "\x1b[1;31m" not in terminal.getvalue()


def test_a_plan_lists_files_and_steps(capsys: pytest.CaptureFixture[str]) -> None:
    text.plan(PROJECT)
    assert capsys.readouterr().out.splitlines() == [
        "shop would be created; nothing is written.",
        "",
        "  Makefile",
        "",
        "  with     auth, users and posts",
        "  failed   lock         uv lock failed [no network]",
    ]


def test_domains_are_told_with_what_brought_them_in(capsys: pytest.CaptureFixture[str]) -> None:
    added = {"posts": ("profiles", "comments")}
    included = ("auth", "users", "posts", "profiles", "comments")
    text.domains(Selection(included, added, ("notifications", "media")))
    assert capsys.readouterr().out.splitlines() == [
        "  with     auth, users, posts, profiles and comments",
        "           posts was added: profiles and comments need it",
        "  without  notifications and media",
    ]


def test_a_made_project_comes_with_what_to_do_next(capsys: pytest.CaptureFixture[str]) -> None:
    text.made(PROJECT)
    assert "shop is ready. Next:" in capsys.readouterr().out
