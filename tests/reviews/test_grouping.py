"""Grouping: one finding of a house practice in a folder, with all its places."""

from dataclasses import replace

from fastwright.practice import Safety
from fastwright.reviews import grouping, suppressions
from tests.reviews.examples import defect, habit


def test_house_practices_are_grouped_by_folder_at_their_first_place() -> None:
    found = [habit("b/x.py", 2), habit("a/y.py", 9), habit("a/x.py", 3), habit("a/x.py", 1)]
    first, second = grouping.group(found)
    assert (first.at.path, first.at.line, first.message) == ("a/x.py", 1, "Rename line 1.")
    assert [(at.path, at.line) for at in first.places] == [("a/x.py", 3), ("a/y.py", 9)]
    assert (second.at.path, second.places) == ("b/x.py", ())


def test_what_says_something_else_is_a_group_of_its_own() -> None:
    said = ["Rename `a` in 2 files.", "Rename `b` in 3 files.", "Remove `c`."]
    found = [replace(habit("a.py", line), message=each) for line, each in enumerate(said, 1)]
    assert [len(each.places) for each in grouping.group(found)] == [1, 0]


def test_defects_stand_alone_and_in_the_order_of_lines() -> None:
    found = [defect("a.py", 5), defect("a.py", 2, column=9), defect("a.py", 2)]
    assert [(each.at.line, each.at.column) for each in grouping.group(found)] == [
        (2, 1),
        (2, 9),
        (5, 1),
    ]


def test_what_a_practice_has_grouped_itself_is_left_as_it_is() -> None:
    own = replace(habit("a/x.py", 4), places=(habit("a/y.py", 7).at,))
    assert len(grouping.group([own, habit("a/x.py", 1), habit("a/x.py", 2)])) == 2


def test_leftover_comments_are_told_one_by_one() -> None:
    comments = [replace(habit("a.py", line), practice=suppressions.NAME) for line in (1, 2)]
    assert len(grouping.group(comments)) == 2


def test_of_a_group_all_that_is_safe_is_mended_else_all_that_is_not() -> None:
    def fix(*each: Safety | None) -> tuple[Safety, int] | None:
        found = [habit("a.py", line, fix=safety) for line, safety in enumerate(each, 1)]
        known = grouping.group(found)[0].fix
        return (known.safety, len(known.edits)) if known else None

    assert fix(Safety.SAFE, Safety.SAFE) == (Safety.SAFE, 2)
    assert fix(Safety.SAFE, Safety.UNSAFE, None) == (Safety.SAFE, 1)
    assert fix(None, Safety.UNSAFE) == (Safety.UNSAFE, 1)
    assert fix(None, None) is None
