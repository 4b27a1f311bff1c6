"""Every pattern stands on code of the blueprint, and finds its own places there."""

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
def test_the_practices_that_it_names_exist(name: str) -> None:
    assert PATTERNS[name].practices
    assert set(PATTERNS[name].practices) <= set(catalogue.names())


@pytest.mark.parametrize("name", PATTERNS)
def test_it_asks_a_question_and_answers_in_a_paragraph(name: str) -> None:
    pattern = PATTERNS[name]
    assert pattern.question.endswith("?")
    assert 40 <= len(pattern.answer.split()) <= 130


# In the blueprint errors become answers in middleware, limits are its own, values are never
# encoded by hand, and no thread is asked for but for what blocks.
@pytest.mark.parametrize("name", sorted(PATTERNS.keys() - {"errors", "rate-limits"}))
def test_it_finds_its_places_in_the_blueprint(name: str, application: Application) -> None:
    found = list(PATTERNS[name].places(application))
    assert found
    for step in found:
        text = (blueprint.root() / step.path).read_text("utf-8")
        assert 1 <= step.line <= len(text.splitlines()) + 1
