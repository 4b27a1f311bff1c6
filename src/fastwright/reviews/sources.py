"""The lines of the reviewed files, by path and number."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

# Showing an error, say, should not have to import all that reading takes.
if TYPE_CHECKING:
    from fastwright.application.application import Application, Gathered


class Sources:
    """The text of files, divided into lines where a finding stands."""

    def __init__(self, texts: Mapping[str, bytes | str]) -> None:
        """`texts` are by path; bytes are UTF-8."""
        self._texts = texts
        self._lines: dict[str, list[str]] = {}

    @classmethod
    def of(cls, project: "Gathered | Application") -> "Sources":
        """Return the sources of a project as they were read."""
        return cls({**project.texts, **{each.path: each.text for each in project.sources}})

    def lines(self, path: str) -> list[str]:
        """Return a file's lines without their ends; none of a file that is not known."""
        if path not in self._lines:
            text = self._texts.get(path, "")
            decoded = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
            # As the parser counts: other line ends than these stand within a line.
            self._lines[path] = [line.removesuffix("\r") for line in decoded.split("\n")]
        return self._lines[path]

    def line(self, path: str, number: int) -> str:
        """Return a line, counted from 1; empty where there is none."""
        lines = self.lines(path)
        return lines[number - 1] if 0 < number <= len(lines) else ""
