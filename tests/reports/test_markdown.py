"""Markdown for a pull request: short, and nothing in it comes alive."""

from dataclasses import replace

from fastwright.reports import markdown
from tests.reports.reviews import DEFECT, EMPTY, REVIEW


def test_findings_stand_under_their_kinds_with_their_chains() -> None:
    assert markdown.review(REVIEW, "backend/").splitlines()[:12] == [
        "## fastwright: 1 defect and 1 house practice",
        "",
        "### Defects",
        "",
        "- `backend/app/größe %.py:2` Leave out `danger()`. (`calls/no-danger`)",
        "  - `backend/app/größe %.py:2` `create` calls `helper`",
        "  - `backend/app/helper.py:7` `danger()` is called",
        "",
        "### House practices",
        "",
        "- `backend/app/main.py:1` Rename `Shout`. (and 2 more places) (`naming/lower-case`)",
        "",
    ]


def test_the_closing_line_says_what_is_not_known() -> None:
    closing = markdown.review(REVIEW).splitlines()[-1]
    assert "3 files with 1 route" in closing
    assert "12 stayed unresolved (1.0%)" in closing
    assert "1 file left out." in closing


def test_nothing_found_is_said() -> None:
    assert markdown.review(EMPTY).startswith("## fastwright: No findings\n")


def test_names_and_messages_are_text() -> None:
    nasty = replace(DEFECT, message="<b>@someone</b> [x](y) | `a|<c>` # *z* `", chain=())
    shown = markdown.review(replace(REVIEW, findings=(nasty,)))
    assert "&lt;b&gt;&#64;someone&lt;/b&gt; \\[x\\](y) \\| `a|<c>` \\# \\*z\\* \\`" in shown


def test_a_path_with_backticks_is_still_code() -> None:
    nasty = replace(DEFECT, at=replace(DEFECT.at, path="a`b.py"), chain=())
    assert "- `` a`b.py:2 `` " in markdown.review(replace(REVIEW, findings=(nasty,)))


def test_a_comment_is_never_longer_than_github_takes() -> None:
    many = tuple(replace(DEFECT, at=replace(DEFECT.at, line=line)) for line in range(1, 2_000))
    shown = markdown.review(replace(REVIEW, findings=many))
    assert len(shown) < 65_536
    assert "more findings: too many for a comment." in shown
