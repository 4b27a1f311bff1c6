"""The catalogue: names by walking, practices when asked for, and what a misspelt name meant."""

import subprocess
import sys

import pytest

from fastwright import catalogue
from fastwright.errors import UnknownPracticeError
from fastwright.practice import Kind
from fastwright.reviews import suppressions
from tests.sample_practices.calls import no_danger

DANGER, LOWER = "calls/no-danger", "naming/lower-case"


@pytest.fixture(autouse=True)
def _sample_practices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "PACKAGE", "tests.sample_practices")


def test_a_practice_is_known_by_its_folder_and_file() -> None:
    assert catalogue.names() == (DANGER, LOWER, suppressions.NAME)
    assert catalogue.find(DANGER) is no_danger.PRACTICE
    assert catalogue.topics() == ("calls", "naming", "fastwright")


def test_names_are_known_without_importing_a_practice() -> None:
    code = (
        "import sys; from fastwright import catalogue; catalogue.names();"
        "sys.exit(any(name.count('.') > 2 and name.startswith('fastwright.practices')"
        " for name in sys.modules))"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [
        ("calls/no-dangr", DANGER),
        ("no-danger", DANGER),
        ("call/lower_case", LOWER),
        ("unused-ignore", suppressions.NAME),
    ],
)
def test_a_misspelt_name_suggests_the_nearest(misspelt: str, meant: str) -> None:
    with pytest.raises(UnknownPracticeError) as raised:
        catalogue.find(misspelt)
    assert raised.value.suggestion == meant


def test_a_name_like_no_other_suggests_the_list() -> None:
    with pytest.raises(UnknownPracticeError) as raised:
        catalogue.find("zzz")
    assert raised.value.suggestion == "fastwright explain"


def test_a_module_without_a_practice_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(no_danger, "PRACTICE", "nothing")
    with pytest.raises(TypeError):
        catalogue.find(DANGER)


def test_everything_is_selected_unless_something_is_asked_for() -> None:
    assert tuple(catalogue.select()) == catalogue.names()


def test_names_topics_and_kinds_select() -> None:
    assert list(catalogue.select(only=["calls"])) == [DANGER]
    assert list(catalogue.select(only=[LOWER, DANGER])) == [DANGER, LOWER]
    assert list(catalogue.select(ignore=["naming", "fastwright"])) == [DANGER]
    assert list(catalogue.select(kinds=[Kind.PRACTICE])) == [LOWER, suppressions.NAME]
    assert list(catalogue.select(only=["calls"], kinds=[Kind.RISK])) == []


def test_selecting_what_is_unknown_suggests_topics_too() -> None:
    with pytest.raises(UnknownPracticeError) as raised:
        catalogue.select(ignore=["namings"])
    assert raised.value.suggestion == "naming"


def test_a_name_may_be_told_without_its_topic() -> None:
    name = catalogue.names()[0]
    assert list(catalogue.select(only=(name.partition("/")[2],))) == [name]
