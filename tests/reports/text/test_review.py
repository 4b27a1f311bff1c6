"""Text about a review: what is found, where, by which way, and what is not known."""

from dataclasses import replace
from pathlib import Path

import pytest

from fastwright.practice import Place, Step
from fastwright.reports.text import review as text
from fastwright.reviews.review import Dependency, Endpoint
from fastwright.reviews.sources import Sources
from tests.reports.reviews import DEFECT, EMPTY, GROUPED, REVIEW
from tests.reports.text.terminals import become_terminal

SHOWN = """\
defect  calls/no-danger  1 finding
Nothing calls what is dangerous.
More: fastwright explain calls/no-danger

  backend/app/größe %.py:2:10  in Views.create
  Leave out `danger()`. (a safe fix is known)
  2 │ return  danger.call(1)
    │         ^^^^^^^^^^^
    └─ `create` calls `helper`  backend/app/größe %.py:2
       └─ `danger()` is called  backend/app/helper.py:7

practice  naming/lower-case  1 finding
Functions have lower-case names.
More: fastwright explain naming/lower-case

  backend/app/main.py:1:5  in Shout
  Rename `Shout`.
  1 │ def Shout():
    │     ^^^^^
  And at 2 more places:
    backend/app/main.py:9
    backend/app/other.py:4

1 defect and 1 house practice in 3 files with 1 route.
1 finding accepted by comments.
The findings in 2 places are not new.
3 entries of the baseline not found any more: --update-baseline removes them.
Of 1,200 calls that routes reach and the codebase may define, 12 stayed unresolved (1.0%).
Unknown: backend/app/main.py:3 includes a router that could not be followed
Left out: backend/app/broken.py: its encoding is unknown
Partly read: backend/app/torn.py:4 is no valid Python
"""


def test_a_review_is_grouped_by_practice_the_worst_first(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text.show(REVIEW, lambda path: f"backend/{path}")
    assert capsys.readouterr().out == SHOWN


def test_after_many_findings_there_is_an_overview(capsys: pytest.CaptureFixture[str]) -> None:
    text.show(replace(REVIEW, findings=(*([DEFECT] * 20), GROUPED)))
    overview = """\
     20  defect    calls/no-danger
      1  practice  naming/lower-case      3 places

"""
    assert overview in capsys.readouterr().out


def test_nothing_found_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    text.show(EMPTY)
    assert capsys.readouterr().out == (
        "No findings in 1 file with 0 routes.\n"
        "No FastAPI route was found, and so nothing that follows from one.\n"
    )


def test_a_terminal_shows_the_same_in_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = become_terminal(monkeypatch)
    text.show(REVIEW)
    assert "\x1b[1;31mdefect\x1b[0m  \x1b[1mcalls/no-danger\x1b[0m" in terminal.getvalue()


def test_a_narrow_terminal_breaks_sentences_between_words(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = become_terminal(monkeypatch)
    monkeypatch.setenv("COLUMNS", "40")
    message = "Await `run_in_threadpool(work, …)`: it waits, and every request waits with it."
    text.show(replace(REVIEW, findings=(replace(DEFECT, message=message, fix=None),)))
    assert (
        "\n  Await `run_in_threadpool(work, …)`: it\n  waits, and every request waits with\n  it.\n"
    ) in terminal.getvalue()


def test_what_was_asked_for_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    text.show(replace(EMPTY, paths=("app/main.py", "app/users")))
    closing = capsys.readouterr().out.splitlines()[0]
    assert closing == "No findings in app/main.py and app/users, of 1 file with 0 routes."
    text.show(replace(EMPTY, paths=("a", "b", "c", "d")))
    assert capsys.readouterr().out.startswith("No findings in 4 paths, of 1 file")


def test_a_new_baseline_says_what_it_accepts(capsys: pytest.CaptureFixture[str]) -> None:
    text.show(replace(EMPTY, accepted=18, baseline_written=Path("accepted.json")))
    said = capsys.readouterr().out.splitlines()[1]
    assert said == "The findings in 18 places are accepted from now on: accepted.json."


def test_the_reviewed_code_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    nasty = replace(
        REVIEW,
        findings=(replace(DEFECT, message="\x1b[2J", chain=(Step("a\r.py", 1, "\u202e"),)),),
        sources=Sources({"app/größe %.py": "\nx = '\x1b]0;title\x07'\n"}),
    )
    text.show(nasty)
    shown = capsys.readouterr().out
    assert not {"\x1b", "\x07", "\r", "\u202e"} & set(shown)


def test_of_a_long_line_the_part_around_the_finding_is_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    line = f"x = [{'0, ' * 500}danger()]"
    at = Place("long.py", 1, line.index("danger") + 1, 1, None)
    found = (replace(DEFECT, at=at, chain=()),)
    text.show(replace(REVIEW, findings=found, sources=Sources({"long.py": line})))
    lines = capsys.readouterr().out.splitlines()
    caret = next(number for number, each in enumerate(lines) if "^" in each)
    assert max(map(len, lines[caret - 1 : caret + 1])) < 120
    start = lines[caret].index("^")
    assert lines[caret - 1][start:].startswith("danger()")


def test_a_caret_stands_below_wide_characters_and_tabs(capsys: pytest.CaptureFixture[str]) -> None:
    at = Place("a.py", 1, 7, 1, None)
    found = (replace(DEFECT, at=at, chain=()),)
    text.show(replace(REVIEW, findings=found, sources=Sources({"a.py": "'名前'\t;danger()\n"})))
    shown, caret = capsys.readouterr().out.splitlines()[6:8]
    assert shown == "  1 │ '名前'    ;danger()"
    assert caret == "    │ " + " " * 11 + "^^^^^^"


def test_a_line_that_is_not_there_any_more_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    text.show(replace(REVIEW, findings=(replace(DEFECT, chain=()),), sources=Sources({})))
    assert "│" not in capsys.readouterr().out


def test_long_lists_are_cut_and_say_so(capsys: pytest.CaptureFixture[str]) -> None:
    places = tuple(Place(f"{number}.py", 1, 1, 1, None) for number in range(30))
    unknown = tuple(Step("a.py", number, "what") for number in range(20))
    torn = tuple(Step(f"{number}.py", 1, "is no valid Python") for number in range(20))
    found = (replace(GROUPED, places=places),)
    text.show(replace(REVIEW, findings=found, unknown=unknown, partly_read=torn))
    shown = capsys.readouterr().out
    assert "… and 18 more files" in shown
    assert "Partly read: 8 more files; --format json has all" in shown
    assert "Unknown: 12 more things; --format json has all" in shown


def test_an_endpoint_is_introduced_by_its_dependency_tree(
    capsys: pytest.CaptureFixture[str],
) -> None:
    at = Place("app/main.py", 3, 1, 9, "create")
    session = Dependency("get_session", at)
    user = Dependency("current_user", at, (session, Dependency("oauth2", None)))
    unknown = (Step("app/main.py", 5, "`x()` could not be followed"),)
    endpoint = Endpoint(("POST",), "/posts", "create", at, (user, session), 4, unknown)
    text.show(replace(EMPTY, endpoints=(endpoint,)))
    assert capsys.readouterr().out.splitlines() == [
        "POST /posts  create  app/main.py:3",
        "├─ current_user  app/main.py:3",
        "│  ├─ get_session  app/main.py:3",
        "│  └─ oauth2",
        "└─ get_session  app/main.py:3",
        "It reaches 4 functions of the codebase.",
        "Unknown: app/main.py:5 `x()` could not be followed",
        "",
        "No findings in what POST /posts reaches.",
    ]
