"""From new texts to the bytes of files: in their encodings, and only where they may be written."""

import os
from collections.abc import Mapping
from pathlib import Path

from fastwright.changes.journal import Rewrite
from fastwright.practice import Finding
from fastwright.source import files


def rewrites(root: Path, texts: Mapping[str, bytes]) -> list[Rewrite]:
    """Return what is to be written, by the path from the root; see `obstacle`."""
    found = []
    for path, text in sorted(texts.items()):
        before = (root / path).read_bytes()
        after = _encoded(path, text, before)
        if after is not None and after != before:
            found.append(Rewrite(path, before, after))
    return found


def obstacle(root: Path, finding: Finding) -> str:
    """Return why a finding's fix cannot be written; empty if it can."""
    paths = sorted({edit.path for edit in finding.fix.edits}) if finding.fix else []
    return next(filter(None, (_obstacle(root, path) for path in paths)), "")


def _obstacle(root: Path, path: str) -> str:
    file = root / path
    if file.is_symlink() or not file.resolve().is_relative_to(root.resolve()):
        return f"{path} is a link"
    if not os.access(file, os.W_OK):
        return f"{path} may only be read"
    content = file.read_bytes()
    if _encoded(path, files.as_utf8(content), content) is None:
        return f"{path} has bytes that do not fit its encoding"
    return ""


def _encoded(path: str, text: bytes, content: bytes) -> bytes | None:
    if not path.endswith(".py"):
        fits = content.decode("utf-8", "replace").encode() == content
        return text if fits else None
    return files.as_before(text, content)
