"""What agents are told is true, and short."""

import re
import shlex

import click
import pytest

from fastwright import catalogue
from fastwright.agents import wording
from fastwright.agents.assistants import ASSISTANTS
from fastwright.cli import app
from fastwright.mcp.server import create
from tests.conftest import Run
from tests.mcp.talking import talk

TEXTS = {
    "section": wording.section(),
    "skill": wording.skill(),
    "agent": wording.agent(),
    **{f"agent of {name}": wording.agent(each) for name, each in ASSISTANTS.items()},
}
# Tokens, estimated as the larger of a quarter of the characters and four thirds of the words.
BUDGETS = {"section": 280, "skill": 900, "agent": 900}


def tokens(text: str) -> int:
    return max(len(text) // 4, len(text.split()) * 4 // 3)


@pytest.mark.parametrize("name", BUDGETS)
def test_it_keeps_to_its_budget(name: str) -> None:
    assert tokens(TEXTS[name]) <= BUDGETS[name]


def commands(text: str) -> list[str]:
    return [each for each in re.findall(r"`(fastwright [^`]+)`", text) if each != "fastwright new"]


@pytest.mark.parametrize("name", TEXTS)
def test_every_command_exists_with_its_options(name: str) -> None:
    found = commands(TEXTS[name])
    assert found
    for line in found:
        words = shlex.split(line)[1:]
        command = app.get_command(click.Context(app), words[0])
        assert command is not None, line
        if len(words) > 1:
            command.make_context(words[0], words[1:])


def test_the_commands_run(fastwright: Run) -> None:
    for line in {each for text in TEXTS.values() for each in commands(text)}:
        words = shlex.split(line)[1:]
        if words[0] == "explain" and len(words) > 1:
            shown = fastwright(*words, "--no-codebase")
            assert shown.returncode == 0, line


@pytest.mark.parametrize("name", TEXTS)
def test_every_practice_and_pattern_exists(name: str) -> None:
    named = set(re.findall(r"\b[a-z_]+/[a-z]+(?:-[a-z]+)+\b", TEXTS[name]))
    assert named <= set(catalogue.names())
    quoted = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", TEXTS[name]))
    assert quoted <= set(catalogue.patterns())


def test_every_tool_and_argument_exists() -> None:
    async def conversation() -> None:
        listed = {each.name: each for each in await create(()).list_tools()}
        told = "".join(TEXTS.values())
        for name in listed:
            assert f"`{name}`" in told
        arguments = {key for each in listed.values() for key in each.input_schema["properties"]}
        assert {"diff", "route", "path", "plan_id"} <= arguments

    talk(conversation)
