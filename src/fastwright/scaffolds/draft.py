"""A project's files while something is added to them: nothing is written yet."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fastwright.errors import ConflictsError
from fastwright.scaffolds.splicing import CannotBePutError, Node, parse
from fastwright.scaffolds.tidying import tidied
from fastwright.source import files, importing
from fastwright.source.importing import Import

OWN = frozenset({"src", "tests"})


@dataclass(frozen=True, slots=True)
class Snippet:
    """What the user has to put into a file: it could not be done safely."""

    path: str
    text: str
    why: str  # a sentence


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the project's files become, by path, as they are to be written; and what is left."""

    files: Mapping[str, bytes]
    snippets: tuple[Snippet, ...] = ()
    identical: tuple[str, ...] = ()  # what was to be written holds that already
    in_the_way: Mapping[str, bytes] = field(default_factory=dict)  # other contents are there
    notes: tuple[str, ...] = ()  # sentences for the plan
    # SQL for what rows get that are there already, by "table.column".
    existing: Mapping[str, str] = field(default_factory=dict)


class Draft:
    """The files of the project at `root`; paths are relative to it, with `/`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._texts: dict[str, bytes] = {}
        self._whole: set[str] = set()
        self._tidy: set[str] = set()
        self._before: dict[str, bytes | None] = {}
        self._snippets: list[Snippet] = []
        self._notes: list[str] = []

    def text(self, path: str) -> bytes | None:
        """Return a file's text in UTF-8, as it is by now; None where there is no such file."""
        if path not in self._before:
            file = self.root / path
            self._before[path] = file.read_bytes() if file.is_file() else None
        if path in self._texts:
            return self._texts[path]
        before = self._before[path]
        return None if before is None else files.as_utf8(before)

    def root_of(self, path: str) -> Node | None:
        """Return the syntax tree of a Python file."""
        text = self.text(path)
        return None if text is None else parse(text)

    def put(self, path: str, text: bytes | str) -> None:
        """Let a file have this text."""
        self.text(path)
        self._texts[path] = text.encode() if isinstance(text, str) else text

    def make(self, path: str, text: str, *, is_tidy: bool = False) -> None:
        """Let there be a file with this text: another one that is there is in the way.

        What is tidy is formatted already as the project has it.
        """
        self.put(path, text)
        self._whole.add(path)
        if is_tidy:
            self._tidy.add(path)

    def add_import(self, path: str, wanted: Import) -> None:
        """Let a Python file import something."""
        self.put(path, importing.add(self.text(path) or b"", wanted, OWN))

    def change(
        self, path: str, change: Callable[[bytes, Node], bytes], *, snippet: str, why: str
    ) -> bool:
        """Change a Python file, or leave the snippet to the user where `change` cannot.

        `why` says of what is not there; `change` raises `CannotBePutError`.
        """
        text = self.text(path)
        try:
            changed = None if text is None else change(text, parse(text))
        except CannotBePutError:
            changed = None
        if changed is None:
            self.leave(Snippet(path, snippet, why))
            return False
        self.put(path, changed)
        return True

    def leave(self, snippet: Snippet) -> None:
        """Leave something to the user."""
        self._snippets.append(snippet)

    def note(self, sentence: str) -> None:
        """Say something in the plan."""
        self._notes.append(sentence)

    def outcome(self) -> Outcome:
        """Return what has become of the files: formatted, and in their encodings."""
        changed: dict[str, bytes] = {}
        in_the_way: dict[str, bytes] = {}
        identical = []
        for path, text in sorted(self._texts.items()):
            before = self._before[path]
            new = self._encoded(path, text, before)
            if new == before:
                identical.append(path)
            elif path in self._whole and before is not None:
                in_the_way[path] = new
            else:
                changed[path] = new
        return Outcome(
            changed, tuple(self._snippets), tuple(identical), in_the_way, tuple(self._notes)
        )

    def _encoded(self, path: str, text: bytes, before: bytes | None) -> bytes:
        if before is None:
            is_tidy = path in self._tidy
            return text if is_tidy else tidied(self.root, path, text, beside=self._texts)
        old = files.as_utf8(before)
        if text == old:
            return before
        is_whole = path in self._whole
        new = (
            text
            if path in self._tidy
            else tidied(self.root, path, text, before=None if is_whole else old, beside=self._texts)
        )
        encoded = files.as_before(new, before)
        if encoded is None:
            raise ConflictsError(f"{path} has an encoding in which this cannot be written.")
        return encoded
