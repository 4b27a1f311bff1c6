"""Writes docs/practices/ and docs/patterns/ from what they describe: `make docs`."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from fastwright.reports import pages
from fastwright.verbs.explain import examples, explain

FOLDER = Path(__file__).parent


def main() -> None:
    """Replace all pages: those of what is gone go too."""
    for name, written in documents().items():
        folder = FOLDER / name
        shutil.rmtree(folder, ignore_errors=True)
        for path, text in written.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")


def documents() -> Mapping[str, Mapping[str, str]]:
    """Return the text of every page by its path, for each folder."""
    known = explain()
    patterns = {name: (each, examples(each)) for name, each in known.patterns.items()}
    return {
        "practices": pages.all_of(known.practices),
        "patterns": pages.all_of_patterns(patterns),
    }


if __name__ == "__main__":
    main()
