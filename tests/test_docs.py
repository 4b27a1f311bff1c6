"""The documentation's pages about practices and patterns are those that they give today."""

import runpy
from pathlib import Path

import pytest


@pytest.mark.parametrize("name", ["practices", "patterns"])
def test_the_pages_are_current(checkout: Path, name: str) -> None:
    written = {
        file.relative_to(checkout / "docs" / name).as_posix(): file.read_text("utf-8")
        for file in (checkout / "docs" / name).rglob("*.md")
    }
    expected = runpy.run_path(str(checkout / "docs" / "write.py"))["documents"]()[name]
    assert written == expected, "write them with `make docs`"
