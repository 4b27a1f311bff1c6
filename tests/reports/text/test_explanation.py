"""Text about practices."""

import pytest

from fastwright.reports.text import explanation as text
from tests.reports.reviews import DANGER, REVIEW


def test_all_are_listed_by_topic(capsys: pytest.CaptureFixture[str]) -> None:
    text.all_of(REVIEW.practices)
    assert capsys.readouterr().out.splitlines()[:5] == [
        "calls",
        "  no-danger   defect    Nothing calls what is dangerous.",
        "",
        "naming",
        "  lower-case  practice  Functions have lower-case names.",
    ]


def test_one_is_told_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    text.one(DANGER, REVIEW.practices[DANGER])
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
