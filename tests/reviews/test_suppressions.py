"""Comments that accept findings: where they reach, and what becomes of those left over."""

from dataclasses import replace

import pytest

from fastwright.application import application
from fastwright.practice import Finding, Place
from fastwright.reviews import suppressions
from fastwright.reviews.sources import Sources
from fastwright.reviews.suppressions import Ignore
from tests.reviews.examples import DANGER, LOWER, defect, habit

KNOWN = {DANGER, LOWER}


def _read(text: str) -> tuple[Sources, list[Ignore]]:
    sources = Sources({"a.py": text})
    (module,) = application.read_texts({"a.py": text}).codebase.modules
    return sources, list(suppressions.read([("a.py", *each) for each in module.ignores], sources))


def _apply(text: str, *findings: Finding) -> tuple[list[int], list[str]]:
    """Return the lines that are left, and the messages about leftover comments."""
    sources, ignores = _read(text)
    left = suppressions.apply(findings, ignores, sources)
    leftovers = suppressions.leftovers(
        ignores, ran={DANGER}, known=KNOWN, nearest=lambda name: DANGER if "dang" in name else None
    )
    return [each.at.line for each in left], [each.message for each in leftovers]


@pytest.mark.parametrize(
    ("text", "at", "end"),
    [
        (f"danger()  # fastwright: ignore[{DANGER}] reason\n", 1, 1),
        (f"danger()  # noqa: X  # fastwright:ignore[ {LOWER}, {DANGER} ]\n", 1, 1),
        (f"# fastwright: ignore[{DANGER}]\ndanger()\n", 2, 2),
        (f"# fastwright: ignore[{DANGER}]\n# more\n\n    \ndanger()\n", 5, 5),
        (f"danger(\n    1,\n)  # fastwright: ignore[{DANGER}]\n", 1, 3),
        (f"# fastwright: ignore[{DANGER}]\n@a\n@b(\n    1)\nasync def f():\n    pass\n", 5, 6),
        (f"@a  # fastwright: ignore[{DANGER}]\n@b\ndef f():\n    pass\n", 3, 4),
        (f"def f(\n    a,\n) -> int:  # fastwright: ignore[{DANGER}]\n    pass\n", 1, 4),
        (f"x = 'é'; danger()  # fastwright: ignore[{DANGER}]\n", 1, 1),
    ],
)
def test_a_comment_accepts_what_its_statement_has(text: str, at: int, end: int) -> None:
    finding = replace(defect("a.py", at), at=Place("a.py", at, 1, end, None))
    assert _apply(text, finding) == ([], [])


@pytest.mark.parametrize(
    ("text", "at", "end"),
    [
        (f"# fastwright: ignore[{DANGER}]\nsafety()\ndanger()\n", 3, 3),
        (f"safety()  # fastwright: ignore[{DANGER}]\ndanger()\n", 2, 2),
        (f"def f():\n    pass  # fastwright: ignore[{DANGER}]\n", 1, 2),
        (f"danger()  # fastwright: ignore[{LOWER}]\n", 1, 1),
        (f"danger('# fastwright: ignore[{DANGER}]')\n", 1, 1),
        ("danger()  # fastwright: ignore\n", 1, 1),
    ],
)
def test_a_comment_accepts_nothing_else(text: str, at: int, end: int) -> None:
    finding = replace(defect("a.py", at), at=Place("a.py", at, 1, end, None))
    assert _apply(text, finding)[0] == [at]


def test_a_comment_is_for_what_begins_on_its_line_before_what_contains_it() -> None:
    text = f"danger(\n    danger(),  # fastwright: ignore[{DANGER}]\n)\n"
    outer = replace(defect("a.py", 1), at=Place("a.py", 1, 1, 3, None))
    assert _apply(text, outer, defect("a.py", 2))[0] == [1]


def test_of_a_grouped_finding_single_places_go() -> None:
    text = f"a\nb  # fastwright: ignore[{LOWER}]\nc  # fastwright: ignore[{LOWER}]\nd\n"
    places = tuple(habit("a.py", line).at for line in (3, 4))
    sources, ignores = _read(text)
    grouped = replace(habit("a.py", 2), places=places)
    (left,) = suppressions.apply([grouped], ignores, sources)
    assert (left.at.line, left.places) == (4, ())


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        (f"ignore[{DANGER}] gone", f"Remove `ignore[{DANGER}]`"),
        ("ignore[calls/no-dangr]", f"write `{DANGER}`"),
        ("ignore[zzz]", "`fastwright explain` lists them all"),
        ("ignore", "Write `# fastwright: ignore[topic/name] reason`"),
        ("ignore[]", "Write `# fastwright: ignore[topic/name] reason`"),
        ("noqa", "Write `# fastwright: ignore[topic/name] reason`"),
        (f"disable={DANGER}", "Write `# fastwright: ignore[topic/name] reason`"),
        ("ignore[calls]", "Name one practice of `calls`"),
        (f"ignroe[{DANGER}]", "Write `# fastwright: ignore[topic/name] reason`"),
    ],
)
def test_a_leftover_comment_is_reported(comment: str, said: str) -> None:
    (message,) = _apply(f"safety()  # fastwright: {comment}\n")[1]
    assert said in message


def test_a_comment_for_a_practice_that_did_not_run_is_left_alone() -> None:
    assert _apply(f"x  # fastwright: ignore[{LOWER}]\n")[1] == []


def test_other_words_after_the_name_are_no_business_of_ours() -> None:
    assert _apply("x = 1  # fastwright: see the guide\n")[1] == []


def test_a_leftover_comment_stands_where_it_begins() -> None:
    _, (ignore,) = _read(f"é = 1  # fastwright: ignore[{DANGER}]\n")
    assert (ignore.line, ignore.column) == (1, 8)
