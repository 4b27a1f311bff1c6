"""The words of a file are told without unpacking anything else of it."""

import pytest

from fastwright.source import facts
from fastwright.source.words import Words


def words(text: str) -> Words:
    return facts.words_of(facts.pack(text.encode()))


def test_what_imports_name_is_known_also_over_several_lines() -> None:
    found = words(
        "from src.users import (\n    service as users,\n    models,\n)\nimport a.b as c\n"
    )
    assert {"src", "users", "service", "models", "a", "b"} <= set(found.imported)


def test_imports_within_functions_count_and_those_in_comments_do_not() -> None:
    found = words("def f():\n    from x import y\n# import z\n")
    assert {"x", "y"} <= set(found.imported)
    assert "z" not in found.imported


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("map(load, items)", {"load", "items"}),
        ("tasks.add_task(jobs.send, mail)", {"send", "mail"}),
        ("# map(load, items)", set()),
    ],
)
def test_what_may_be_called_unseen_is_known_by_its_last_name(text: str, names: set[str]) -> None:
    assert set(words(text).handed_on) - {""} == names


def test_calls_are_known_by_their_last_names() -> None:
    assert words("a.b(c())\n(x or y)()\n").called == ["", "b", "c"]


def test_the_facts_are_still_found_behind_the_words() -> None:
    packed = facts.pack(b"import a\nf(1)\n")
    assert list(facts.Facts.of(packed).calls) == facts.words_of(packed).called == ["f"]
