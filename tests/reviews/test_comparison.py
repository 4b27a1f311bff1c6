"""What a change brought in: not what only moved, was renamed or rewritten."""

from collections.abc import Mapping

from fastwright.practice import Finding
from fastwright.reviews import comparison
from fastwright.reviews.sources import Sources
from tests.reviews.examples import defect


def _brought_in(
    old: str, before: list[Finding], new: str, now: list[Finding], renames: Mapping[str, str] = {}
) -> list[int]:
    found = comparison.brought_in(
        now,
        Sources({each.at.path: new for each in now}),
        before=before,
        old_sources=Sources({each.at.path: old for each in before}),
        renames=renames,
    )
    return [each.at.line for each in found]


def test_a_line_that_moved_is_old() -> None:
    old, new = "danger()\n", "x = 1\ndanger()\n"
    assert _brought_in(old, [defect("a.py", 1)], new, [defect("a.py", 2)]) == []


def test_one_more_of_the_same_is_new() -> None:
    old, new = "danger()\n", "danger()\ndanger()\n"
    now = [defect("a.py", 1), defect("a.py", 2)]
    assert _brought_in(old, [defect("a.py", 1)], new, now) == [2]


def test_a_rewritten_line_that_says_the_same_is_old() -> None:
    old, new = "danger(1)\n", "danger(2, 3)\n"
    assert _brought_in(old, [defect("a.py", 1)], new, [defect("a.py", 1)]) == []


def test_a_file_that_was_renamed_brings_nothing_in() -> None:
    text = "danger()\n"
    before, now = [defect("a.py", 1)], [defect("b.py", 1)]
    assert _brought_in(text, before, text, now, {"a.py": "b.py"}) == []
    assert _brought_in(text, before, text, now) == [1]


def test_a_line_that_did_not_change_can_be_new() -> None:
    assert _brought_in("f()\n", [], "f()\n", [defect("a.py", 1)]) == [1]
