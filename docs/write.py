"""Writes docs/practices/ from the practices themselves: `make docs`."""

import shutil
from pathlib import Path

from fastwright.reports import pages
from fastwright.verbs.explain import explain

FOLDER = Path(__file__).parent / "practices"


def main() -> None:
    """Replace all pages: those of practices that are gone go too."""
    written = pages.all_of(explain())
    shutil.rmtree(FOLDER, ignore_errors=True)
    for path, text in written.items():
        file = FOLDER / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
