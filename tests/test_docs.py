"""The documentation's pages about practices are those that the practices give today."""

from pathlib import Path

from fastwright.reports import pages
from fastwright.verbs.explain import explain


def test_the_pages_are_current(checkout: Path) -> None:
    folder = checkout / "docs" / "practices"
    written = {
        file.relative_to(folder).as_posix(): file.read_text("utf-8")
        for file in folder.rglob("*.md")
    }
    assert written == pages.all_of(explain()), "write them with `make docs`"
