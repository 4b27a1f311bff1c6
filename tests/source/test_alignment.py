"""Two texts of a file are told apart by what of them has changed, and by nothing else."""

import pytest

from fastwright.source import changes, facts, parts
from fastwright.source.alignment import Alignment, NotMovedError
from fastwright.source.facts import Facts
from fastwright.source.places import Place
from fastwright.source.shifting import Shifts

TEXT = """\
import time

LIMIT = 3


class Items:
    kind = "items"

    def all(self):
        return time.time()

    def one(self):
        return LIMIT


def wait(seconds):
    time.sleep(seconds)


def wait(seconds, more):
    def later():
        return more

    return later
"""
PATH = "a.py"
OF_EVERY_EDIT = {(parts.TEXT, PATH), (parts.CODE, PATH)}


def aligned(old: str, new: str) -> Alignment:
    return Alignment(*(Facts.of(facts.pack(text.encode())) for text in (old, new)))


def changed(old: str, new: str) -> set[tuple[object, ...]]:
    packed = facts.pack(old.encode()), facts.pack(new.encode())
    return set(changes.between(PATH, *packed, aligned(old, new)))


def edited(old: str, new: str) -> set[tuple[object, ...]]:
    assert TEXT.count(old) == 1
    return changed(TEXT, TEXT.replace(old, new)) - OF_EVERY_EDIT


def test_a_comment_changes_the_text_alone() -> None:
    assert changed(TEXT, "# first\n\n" + TEXT) == {(parts.TEXT, PATH)}


def test_a_body_is_changed_by_itself() -> None:
    assert edited("return LIMIT", "return 2") == {(parts.BODY, PATH, "Items.one")}


def test_what_stands_in_a_function_changes_with_it() -> None:
    assert edited("return more", "return 2") == {
        (parts.BODY, PATH, "wait#2"),
        (parts.HEAD, PATH, "wait.later"),
        (parts.BODY, PATH, "wait.later"),
    }


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("LIMIT = 3", "LIMIT = 4", {(parts.NAME, PATH, "LIMIT")}),
        (
            "import time\n",
            "import time\nimport json\n",
            {
                (parts.NAME, PATH, "json"),
                (parts.IMPORTED, "json"),
                (parts.IMPORTING, PATH),
            },
        ),
        (
            '    kind = "items"\n',
            '    kind = "items"\n    more = 1\n',
            {(parts.CLASS, PATH, "Items"), (parts.MEMBER, PATH, "Items", "more")},
        ),
        (
            "class Items:",
            "class Items(dict):",
            {
                (parts.CLASS, PATH, "Items"),
                (parts.CLASS_HEAD, PATH, "Items"),
                (parts.DERIVED, ""),
            },
        ),
        (
            "def one(self)",
            "def one(self, *more)",
            {
                (parts.HEAD, PATH, "Items.one"),
                (parts.CLASS, PATH, "Items"),
            },
        ),
    ],
)
def test_what_is_outside_of_bodies_is_changed_name_by_name(
    old: str, new: str, expected: set[tuple[object, ...]]
) -> None:
    assert edited(old, new) == expected | {(parts.FILE, PATH)}


def test_a_function_that_is_added_leaves_the_others_as_they_are() -> None:
    assert edited("class Items:", "def added():\n    pass\n\n\nclass Items:") == {
        (parts.FILE, PATH),
        (parts.NAME, PATH, "added"),
        (parts.DEFINED, "added"),
        (parts.HEAD, PATH, "added"),
        (parts.BODY, PATH, "added"),
    }


def test_a_function_that_gets_another_key_has_changed() -> None:
    found = edited("def wait(seconds):\n    time.sleep(seconds)\n", "")
    assert {(parts.HEAD, PATH, "wait"), (parts.HEAD, PATH, "wait#2")} <= found
    assert (parts.NAME, PATH, "wait") in found


def test_of_two_statements_that_change_places_one_has_changed() -> None:
    old, new = "a = 1\nb = f(a)\na = 2\n", "a = 1\na = 2\nb = f(a)\n"
    found = changed(old, new)
    assert (parts.NAME, PATH, "a") in found or (parts.NAME, PATH, "b") in found


def test_of_two_calls_that_change_places_one_has_changed() -> None:
    old, new = "def f():\n    a()\n    b()\n", "def f():\n    b()\n    a()\n"
    found = changed(old, new)
    assert (parts.CALLS, "a") in found or (parts.CALLS, "b") in found


def test_places_move_with_the_statements_that_they_are_in() -> None:
    new = TEXT.replace("LIMIT = 3\n", "LIMIT = 3\n\n# more\nMORE = 4\n")
    shifts = Shifts(aligned(TEXT, new))
    line = TEXT.splitlines().index("    time.sleep(seconds)") + 1
    assert shifts.place(Place(PATH, line, 5, line, "wait")).line == line + 3
    assert shifts.place(Place(PATH, 1, 1, 1, None)).line == 1


def test_a_class_ends_where_its_last_line_is_now() -> None:
    new = TEXT.replace("        return LIMIT\n", "        more = 1\n        return LIMIT + more\n")
    lines = TEXT.splitlines()
    first, last = lines.index("class Items:") + 1, lines.index("        return LIMIT") + 1
    moved = Shifts(aligned(TEXT, new)).place(Place(PATH, first, 7, last, "Items"))
    assert (moved.line, moved.end_line) == (first, last + 1)


def test_what_has_changed_has_no_place() -> None:
    shifts = Shifts(aligned(TEXT, TEXT.replace("return LIMIT", "return 2")))
    line = TEXT.splitlines().index("        return LIMIT") + 1
    with pytest.raises(NotMovedError):
        shifts.place(Place(PATH, line, 9, line, "Items.one"))
