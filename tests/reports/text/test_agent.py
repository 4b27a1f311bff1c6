"""Text about what is put into a project for coding assistants."""

from pathlib import Path

import pytest

from fastwright.agents.plan import Action, AgentPlan, Change
from fastwright.reports.text import agent as text

ROOT = Path("/project")


def change(name: str, action: Action, **fields: object) -> Change:
    return Change(ROOT / name, name, action, **fields)  # type: ignore[arg-type]


def test_without_any_assistant_it_says_how_to_name_one(capsys: pytest.CaptureFixture[str]) -> None:
    there = change("AGENTS.md", Action.IDENTICAL, before=b"text")
    text.plan(AgentPlan(ROOT, (), (there, change("SKILL.md", Action.IDENTICAL))), done=True)
    assert capsys.readouterr().out == (
        "No assistant was found here: name one with --for, or take --all.\n"
        "These files many of them read:\n"
        "  identical  AGENTS.md\n"
        "\n"
        "Nothing is to be done.\n"
    )


def test_a_plan_shows_differences_and_conflicts(capsys: pytest.CaptureFixture[str]) -> None:
    changes = (
        change("a.md", Action.CHANGE, before=b"one\n", after=b"one\ntwo\n"),
        change("b.md", Action.CONFLICT, note="there is another one", snippet="paste\nme"),
    )
    text.plan(AgentPlan(ROOT, ("codex",), changes), done=False)
    assert capsys.readouterr().out == (
        "  change     a.md\n"
        "  conflict   b.md  there is another one\n"
        "\n"
        "--- a.md\n"
        "+++ a.md\n"
        "@@ -1 +1,2 @@\n"
        " one\n"
        "+two\n"
        "\n"
        "b.md was left alone. What belongs there:\n"
        "    paste\n"
        "    me\n"
        "\n"
        "1 file would change; this was a dry run.\n"
    )
