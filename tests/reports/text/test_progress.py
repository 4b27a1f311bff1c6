"""Progress: for whoever waits, and only where somebody looks."""

import pytest

from fastwright.reports.text import progress
from fastwright.reports.text.progress import Progress
from tests.reports.text.terminals import become_terminal


def test_a_long_run_says_how_far_it_is_and_leaves_a_clean_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", 0.0)
    terminal = become_terminal(monkeypatch, "stderr")
    with Progress() as watch:
        watch("reading", 1200, 1770)
    shown, blank, end = terminal.getvalue().removeprefix("\r").split("\r")
    assert shown == "reading … 1,200 of 1,770"
    assert (blank.strip(), len(blank), end) == ("", len(shown), "")


def test_a_short_run_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = become_terminal(monkeypatch, "stderr")
    with Progress() as watch:
        watch("reading", 1, 2)
    assert terminal.getvalue() == ""


def test_nothing_is_said_to_a_pipe(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", 0.0)
    with Progress() as watch:
        watch("reading", 1, 2)
    assert capsys.readouterr().err == ""


def test_where_nothing_is_to_be_done_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", 0.0)
    terminal = become_terminal(monkeypatch, "stderr")
    with Progress() as watch:
        watch("checking", 0, 0)
    assert terminal.getvalue() == ""
