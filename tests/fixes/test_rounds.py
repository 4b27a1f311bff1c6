"""Fixes are made in memory until nothing is left that can be mended."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from fastwright.application import application as applications
from fastwright.application.application import Application
from fastwright.fixes import rounds
from fastwright.practice import Edit, Finding, Fix, Import, Place, Safety

PATH = "app.py"


def replacing(old: str, new: str, *imports: Import) -> Callable[[Application], list[Finding]]:
    """Find each `old`, to be replaced."""

    def found(application: Application) -> Iterator[Finding]:
        text = text_of(application)
        start = text.find(old)
        while start >= 0:
            edit = Edit(PATH, start, start + len(old), new)
            fix = Fix(Safety.SAFE, (edit,), tuple((PATH, each) for each in imports))
            line = text.count("\n", 0, start) + 1
            yield Finding(Place(PATH, line, 1, line, None), f"Replace {old}.", fix=fix)
            start = text.find(old, start + 1)

    return lambda application: list(found(application))


def text_of(application: Application) -> str:
    return next(iter(application.codebase.modules)).text.decode()


def mend(text: str, look: rounds.Look) -> rounds.Mended:
    return rounds.mend(applications.read_texts({PATH: text}), look)


def test_what_overlaps_has_its_turn_later() -> None:
    mended = mend("aaa = 1\n", replacing("aa", "b"))
    assert text_of(mended.application) == "ba = 1\n"
    assert len(mended.fixed) == 1
    assert mended.texts == {PATH: b"ba = 1\n"}


def test_two_practices_take_turns_on_a_line_that_both_measure() -> None:
    def fitting(old: str, new: str, application: Application) -> list[Finding]:
        lines = text_of(application).splitlines()
        found = replacing(old, new)(application)
        return [
            replace(each, practice=old)
            for each in found
            if len(lines[each.at.line - 1].replace(old, new)) <= len("long = b")
        ]

    def both(application: Application) -> list[Finding]:
        return [*fitting("a", "long", application), *fitting("b", "wide", application)]

    assert text_of(mend("a = b\n", both).application) == "long = b\n"
    assert text_of(mend("a\nb\n", both).application) == "long\nwide\n"


def test_what_comes_of_a_fix_is_mended_too() -> None:
    def both(application: Application) -> list[Finding]:
        return [
            *replacing("one", "two")(application),
            *replacing("two", "three")(application),
        ]

    mended = mend("one = 1\n", both)
    assert text_of(mended.application) == "three = 1\n"
    assert [each.message for each in mended.fixed] == ["Replace one.", "Replace two."]


def test_fixes_that_undo_each_other_come_to_an_end_and_are_told() -> None:
    def both(application: Application) -> list[Finding]:
        return [*replacing("one", "two")(application), *replacing("two", "one")(application)]

    mended = mend("one = 1\n", both)
    assert [why for _, why in mended.failed] == ["it comes back when it is mended"]


def test_what_would_leave_no_valid_python_is_not_made() -> None:
    mended = mend("one = 1\nother = 2\n", replacing("one", "one ("))
    assert mended.texts == {}
    assert [why for _, why in mended.failed] == ["its edits would leave no valid Python"]


def test_imports_come_and_go_with_their_use() -> None:
    mended = mend(
        "import os\nimport time\n\ntime.sleep(1)\nos.getcwd()\n",
        replacing("time.sleep", "asyncio.sleep", Import("asyncio")),
    )
    assert text_of(mended.application) == (
        "import asyncio\nimport os\n\nasyncio.sleep(1)\nos.getcwd()\n"
    )


def test_imports_that_other_files_rely_on_stay() -> None:
    texts = {PATH: "import time\n\ntime.sleep(1)\n", "other.py": "from app import time\n"}
    mended = rounds.mend(applications.read_texts(texts), replacing("time.sleep", "print"))
    assert mended.texts[PATH] == b"import time\n\nprint(1)\n"


def test_line_ends_are_those_of_the_file() -> None:
    mended = mend("old = 1\r\n", replacing("old", "one = 0\ntwo", Import("os")))
    assert text_of(mended.application) == "import os\r\n\r\none = 0\r\ntwo = 1\r\n"


def test_what_breaks_a_file_keeps_nothing_else_from_being_mended() -> None:
    def both(application: Application) -> list[Finding]:
        return [*replacing("one", "one (")(application), *replacing("other", "new")(application)]

    mended = mend("one = 1\nother = 2\n", both)
    assert text_of(mended.application) == "one = 1\nnew = 2\n"
    assert [each.message for each, _ in mended.failed] == ["Replace one."]


def test_what_breaks_a_file_only_together_is_not_made() -> None:
    def both(application: Application) -> list[Finding]:
        return [*replacing("one", "*, one")(application), *replacing("two", "*, two")(application)]

    mended = mend("def f(one, two): ...\n", both)
    assert mended.texts == {}
    assert len(mended.failed) == 2
