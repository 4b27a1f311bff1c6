"""Every pattern stands on code of the blueprint, and finds its own places there."""

import re
from pathlib import Path

import pytest

from fastwright import catalogue
from fastwright.application.application import Application, read
from fastwright.projects import blueprint
from fastwright.verbs.explain import examples

PATTERNS = catalogue.patterns()
_LONGEST = 40


@pytest.fixture(scope="module")
def application() -> Application:
    return read(Path(blueprint.root()), use_cache=False)


@pytest.mark.parametrize("name", PATTERNS)
def test_its_examples_are_in_the_blueprint_and_short(name: str) -> None:
    shown = examples(PATTERNS[name])
    assert shown
    for example in shown:
        assert 1 <= len(example.splitlines()) <= _LONGEST


@pytest.mark.parametrize("name", PATTERNS)
def test_its_examples_show_what_is_said_about_them(name: str) -> None:
    for part, example in zip(PATTERNS[name].parts, examples(PATTERNS[name]), strict=True):
        assert [code for code in re.findall("`(.+?)`", part.text) if code not in example] == []
        assert _words(part.text) & _words(example), part.text


@pytest.mark.parametrize("name", PATTERNS)
def test_the_practices_that_it_names_exist(name: str) -> None:
    assert PATTERNS[name].practices
    assert set(PATTERNS[name].practices) <= set(catalogue.names())


@pytest.mark.parametrize("name", PATTERNS)
def test_it_asks_a_question_and_answers_in_a_paragraph(name: str) -> None:
    pattern = PATTERNS[name]
    assert pattern.question.endswith("?")
    assert 40 <= len(pattern.answer.split()) <= 130


@pytest.mark.parametrize("name", PATTERNS)
def test_it_finds_its_places_in_the_blueprint(name: str, application: Application) -> None:
    found = list(PATTERNS[name].places(application))
    assert found
    for step in found:
        text = (blueprint.root() / step.path).read_text("utf-8")
        assert 1 <= step.line <= len(text.splitlines()) + 1


def _words(text: str) -> set[str]:
    return {word.removesuffix("s") for word in re.findall("[a-z]{4,}", text.lower())}
