"""Finds the Python files below a folder and reads them as text, whatever their encoding."""

import codecs
import io
import os
import re
import stat
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pathspec import GitIgnoreSpec

from fastwright.source.digests import digest

# Generated code and data in Python's clothes; parsing more would only cost time.
LARGEST_FILE = 4 * 1024 * 1024

_BEGINNING = 1024  # bytes: where UTF-16 shows itself by a zero
_NEVER = {"__pycache__", "node_modules", "site-packages", "venv", "env"}
_BOM = codecs.BOM_UTF8
_UTF16_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_TWO_LINES = re.compile(rb"(?:[^\r\n]*(?:\r\n?|\n)?){2}")

# The group of a rule's pattern that is the `/` behind a folder.
_FOLDER_END = "ps_d"

# A folder, with a separator behind it, and what the paths below it are matched with: whether that
# leaves them out, the last rule first.
_Rules = tuple[str, list[tuple[bool, re.Pattern[str]]]]


@dataclass(frozen=True)
class SourceFile:
    """A file as it was read: `path` is relative to the root with `/`, `text` is UTF-8."""

    path: str
    text: bytes

    @cached_property
    def digest(self) -> bytes:
        """Return what the text is known by."""
        return digest(self.text)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that is left out, and why."""

    path: str
    reason: str


def find(root: Path, paths: tuple[Path, ...] = (), exclude: tuple[str, ...] = ()) -> Iterator[Path]:
    """Yield the Python files below the paths (by default, the root), in a fixed order.

    Left out are hidden folders, environments, and what a `.gitignore` or `exclude` names; a file
    that is asked for by its own path is always yielded. Links to folders are not followed.
    """
    excluded = [_rules(root, GitIgnoreSpec.from_lines(exclude))] if exclude else []
    seen: set[str] = set()
    for path in paths or (root,):
        if path.is_dir():
            found = _below(os.fspath(path), excluded, _ignores_above(path, root))
        else:
            found = iter([os.fspath(path)])
        for each in found:
            if each not in seen:
                seen.add(each)
                yield Path(each)


def read(path: Path, root: Path, within: Path | None = None) -> SourceFile | Unreadable:
    """Return a file's text, or why it cannot be had: a link, say, that leads out of `within`."""
    shown = os.fspath(path).removeprefix(_with_end(root)).replace(os.sep, "/")
    shown = os.fsencode(shown).decode("utf-8", "replace")
    if leads_out(path, within):
        return Unreadable(shown, "is a link that leads elsewhere")
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            return Unreadable(shown, "is not a file")  # and might never end
        if found.st_size > LARGEST_FILE:
            size = found.st_size // 1024 // 1024
            return Unreadable(shown, f"{size} MiB is more than is looked at")
        return SourceFile(shown, as_utf8(_content(path, found.st_size)))
    except OSError as error:
        return Unreadable(shown, error.strerror or "cannot be read")
    except (LookupError, SyntaxError, UnicodeError):
        return Unreadable(shown, "its encoding is unknown")


def _content(path: Path, size: int) -> bytes:
    """Return the bytes of a file that has so many, in half the time that others take for it."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        content = os.read(descriptor, size + 1)
    finally:
        os.close(descriptor)
    # It may have grown meanwhile, or come in pieces.
    return content if len(content) == size else path.read_bytes()


def leads_out(path: Path, within: Path | None) -> bool:
    """Tell whether a path is a link to something outside of a folder; None sets no limit."""
    if within is None or not os.path.islink(path):
        return False
    return not path.resolve().is_relative_to(within)


def is_ignored(path: str, ignores: str) -> bool:
    """Tell whether the text of a `.gitignore` names a path, relative to its folder with `/`."""
    return bool(_spec(ignores.splitlines()).check_file(path).include)


def as_utf8(content: bytes) -> bytes:
    """Return a file's content as UTF-8 without a mark, by the encoding that it declares.

    Bytes that do not fit stay as replacement characters: they are no reason to drop a file.
    Source: PEP 263. Raises `SyntaxError`, `LookupError` or `UnicodeError` for an encoding that is
    not known, or not one of text.
    """
    if content.startswith(_BOM):
        return _in_utf8(content.removeprefix(_BOM).decode("utf-8", "replace"))
    if content.startswith(_UTF16_BOMS) and b"\0" in content[:_BEGINNING]:
        return _in_utf8(content.decode("utf-16", "replace"))
    encoding = _declared(content)
    if encoding == "utf-8" and content.isascii():
        return content
    return _in_utf8(content.decode(encoding, "replace"))


def as_before(text: bytes, content: bytes) -> bytes | None:
    """Return UTF-8 text in the encoding, and behind the mark, of a file's content.

    None where it cannot be: `content` itself would not come out as it was, or the encoding has no
    way to write the text.
    """
    try:
        if content.startswith(_BOM):
            encoding, mark = "utf-8", _BOM
        elif content.startswith(_UTF16_BOMS) and b"\0" in content[:_BEGINNING]:
            mark = content[:2]
            encoding = "utf-16-le" if mark == codecs.BOM_UTF16_LE else "utf-16-be"
        else:
            encoding, mark = _declared(content), b""
        was = mark + as_utf8(content).decode().encode(encoding)
        return mark + text.decode().encode(encoding) if was == content else None
    except (LookupError, SyntaxError, UnicodeError):
        return None


def _in_utf8(text: str) -> bytes:
    """Return text as UTF-8; what some encodings make of escapes may not fit there."""
    return text.encode("utf-8", "replace")


def _declared(content: bytes) -> str:
    head = _TWO_LINES.match(content)
    if head is None or b"coding" not in head[0]:
        return "utf-8"
    try:
        return tokenize.detect_encoding(io.BytesIO(head[0]).readline)[0]
    except SyntaxError as error:
        if "unknown encoding" in str(error):
            raise
        return "utf-8"  # declares nothing, and has bytes that are not UTF-8


def _below(folder: str, excluded: list[_Rules], ignores: list[_Rules]) -> Iterator[str]:
    ignores = [*_own_ignores(folder), *ignores]
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    folders = []
    for entry in entries:
        name = entry.name
        path = entry.path
        if entry.is_dir(follow_symlinks=False):
            if not (name.startswith(".") or name in _NEVER):
                folders.append(path)
        elif (
            name.endswith(".py")
            and not (entry.is_symlink() and os.path.isdir(path))
            and not _is_left_out(path, excluded, ignores)
        ):
            yield path
    for each in folders:
        is_environment = os.path.isfile(os.path.join(each, "pyvenv.cfg"))
        if not is_environment and not _is_left_out(each, excluded, ignores, "/"):
            yield from _below(each, excluded, ignores)


def _ignores_above(path: Path, root: Path) -> list[_Rules]:
    """Return the rules of the folders above, nearest first."""
    above = (folder for folder in path.parents if folder.is_relative_to(root))
    return [rules for folder in above for rules in _own_ignores(os.fspath(folder))]


def _own_ignores(folder: str) -> list[_Rules]:
    """Return the rules of a folder's `.gitignore`; none where it has none that can be read."""
    try:
        lines = Path(folder, ".gitignore").read_text("utf-8-sig", "replace").splitlines()
    except OSError:
        return []
    return [_rules(folder, _spec(lines))]


def _rules(folder: Path | str, spec: GitIgnoreSpec) -> _Rules:
    patterns = ((each.include, each.regex) for each in reversed([*spec.patterns]))
    found = [(include, regex) for include, regex in patterns if include is not None and regex]
    return _with_end(folder), found


def _spec(lines: list[str]) -> GitIgnoreSpec:
    """Return the rules in lines; those that git would not understand say nothing."""
    try:
        return GitIgnoreSpec.from_lines(lines)
    except ValueError:
        return GitIgnoreSpec.from_lines([line for line in lines if _is_pattern(line)])


def _is_pattern(line: str) -> bool:
    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True


def _is_left_out(
    path: str, excluded: list[_Rules], ignores: list[_Rules], suffix: str = ""
) -> bool:
    """Tell whether a path is excluded, or ignored by the nearest `.gitignore` that names it."""
    if any(_verdict(path, rules, suffix) for rules in excluded):
        return True
    verdicts = (_verdict(path, rules, suffix) for rules in ignores)
    return next((each for each in verdicts if each is not None), False)


def _verdict(path: str, rules: _Rules, suffix: str) -> bool | None:
    folder, patterns = rules
    if not path.startswith(folder):
        return None
    below = path.removeprefix(folder).replace(os.sep, "/") + suffix
    for include, pattern in patterns:
        if pattern.search(below) and _is_of(pattern, below):
            return include
    return None


def _is_of(pattern: re.Pattern[str], path: str) -> bool:
    """Tell whether a rule is of a path itself, not of a folder above: that has been asked before.

    A file can so be taken back from a rule that leaves out all, as git does it.
    """
    for found in pattern.finditer(path):
        at = found.start(_FOLDER_END) if pattern.groups else -1
        if at == -1:
            # What is in a folder (`docs/**`) is not the folder.
            return not (found[0].endswith("/") and found.end() == len(path))
        if at == len(path) - 1:
            return True
    return False


def _with_end(folder: Path | str) -> str:
    """Return a folder so that what is below it begins with it."""
    return os.path.join(folder, "")
