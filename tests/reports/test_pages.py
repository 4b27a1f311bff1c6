"""The documentation's pages."""

from dataclasses import replace

from fastwright.practice import Fixed
from fastwright.reports import pages
from tests.reports.reviews import DANGER, LOWER, REVIEW
from tests.sample_practices.calls import no_danger
from tests.sample_practices.naming import lower_case


def test_there_is_a_page_a_practice_and_an_index() -> None:
    assert set(pages.all_of(REVIEW.practices)) == {"README.md", f"{DANGER}.md", f"{LOWER}.md"}


def test_the_index_links_by_topic() -> None:
    index = pages.index(REVIEW.practices)
    assert "## calls\n\n| practice | kind | rule |" in index
    assert (
        "| [no-danger](calls/no-danger.md) | defect | Nothing calls what is dangerous. |" in index
    )


def test_a_page_has_the_explanation_and_the_examples() -> None:
    page = pages.page(DANGER, no_danger.PRACTICE)
    headings = [line for line in page.splitlines() if line.startswith("## ")]
    assert headings == [
        "## Why",
        "## Bad",
        "## Good",
        "## When not to",
        "## Fix safety",
        "## References",
        "## Found",
        "## Not found",
    ]
    assert "- [About dangers](https://example.com/dangers)" in page
    assert "### One call\n\n```python\ndanger()  # <- here\n```" in page
    assert "`app.py`\n\n```python\nsafety()\n```\n\n`empty.py`\n\n*(empty)*" in page


def test_what_can_be_mended_is_shown_before_and_after() -> None:
    example = Fixed("Two", "danger()\n", "safety()\n")
    page = pages.page(LOWER, replace(lower_case.PRACTICE, examples=(example,)))
    assert "```python\ndanger()\n```\n\nMended:\n\n```python\nsafety()\n```" in page
