"""Text for people: coloured on a terminal, plain elsewhere."""

import io
import sys
from pathlib import Path, PurePosixPath

import pytest

from fastwright.errors import ImpossibleNameError
from fastwright.projects.plan import Command, Outcome, Project, ProjectFile, Step
from fastwright.reports import text

FAILED = Step("lock", Outcome.FAILED, "uv lock failed [no network]")
PROJECT = Project(
    name="shop",
    path=Path("shop"),
    files=(ProjectFile(PurePosixPath("Makefile"), b"", 0o666),),
    steps=(FAILED,),
    next_commands=(Command("cd shop", "enter the project"),),
)


class Terminal(io.StringIO):
    """Standard output that is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def test_piped_steps_are_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    text.step(Step("lock", Outcome.PLANNED, "not shown yet"))
    text.step(FAILED)
    assert capsys.readouterr().out == "  failed   lock         uv lock failed [no network]\n"


def test_a_terminal_shows_a_step_under_way_then_its_outcome_in_colour(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = _terminal(monkeypatch)
    text.step(Step("lock", Outcome.PLANNED, ""))
    assert terminal.getvalue() == "  …        lock\r"
    text.step(FAILED)
    assert "\x1b[1;31m  failed   lock         uv lock failed [no network]" in terminal.getvalue()


def test_a_terminal_that_wants_no_colour_gets_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = _terminal(monkeypatch)
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
        "  failed   lock         uv lock failed [no network]",
    ]


def test_a_made_project_comes_with_what_to_do_next(capsys: pytest.CaptureFixture[str]) -> None:
    text.made(PROJECT)
    assert "shop is ready. Next:" in capsys.readouterr().out


def test_an_error_goes_to_standard_error_with_its_suggestion(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text.error(ImpossibleNameError("No.", suggestion="shop"))
    assert capsys.readouterr() == ("", "No. Try: shop\n")


def _terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Make standard output a terminal that knows colours, and return what is written to it."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return terminal
