"""Text about practices and patterns."""

import pytest

from fastwright.answer import Answer
from fastwright.pattern import Part, Pattern
from fastwright.practice import Step
from fastwright.reports.text import explanation as text
from tests.reports.reviews import DANGER, REVIEW


def test_all_are_listed_by_topic(capsys: pytest.CaptureFixture[str]) -> None:
    text.show(Answer(REVIEW.practices, {}))
    assert capsys.readouterr().out.splitlines()[:5] == [
        "calls",
        "  no-danger   defect    Nothing calls what is dangerous.",
        "",
        "naming",
        "  lower-case  practice  Functions have lower-case names.",
    ]


def test_one_is_told_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    text.show(Answer(REVIEW.practices, {}, best=DANGER))
    assert (
        capsys.readouterr().out
        == """\
calls/no-danger  defect
Nothing calls what is dangerous.

Why
It is dangerous.

Bad
    danger()

Good
    safety()

When not to
Always.

Fix safety
Leaving it out is safe.

References
  About dangers: https://example.com/dangers
"""
    )


def test_a_pattern_is_told_with_its_examples_and_the_places_of_the_codebase(
    capsys: pytest.CaptureFixture[str],
) -> None:
    pattern = Pattern(
        question="How?",
        answer="Like this.",
        parts=(Part("First.", "src/main.py", ("app",)),),
        otherwise="Never.",
        keywords="",
        practices=(DANGER,),
        places=lambda _application: iter(()),
    )
    answer = Answer(
        REVIEW.practices,
        {"safety": pattern},
        best="safety",
        examples=("app = 1",),
        places=(Step("app/main.py", 3, "does it"),),
        further=2,
        looked=True,
        others=(DANGER,),
    )
    text.show(answer)
    assert (
        capsys.readouterr().out
        == """\
safety  pattern
How?

Like this.

First.
    # src/main.py
    app = 1

When to do otherwise
Never.

Watched over by
  calls/no-danger

In this codebase
  app/main.py:3  does it
  and 2 more

See also
  calls/no-danger  Nothing calls what is dangerous.
"""
    )


def test_a_codebase_that_cannot_be_read_is_no_reason_to_say_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text.show(Answer(REVIEW.practices, {}, best=DANGER, unread="There is no Python file."))
    assert "It could not be looked at: There is no Python file." in capsys.readouterr().out
