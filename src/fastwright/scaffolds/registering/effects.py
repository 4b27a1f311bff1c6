"""Adds an import that a module makes for its effects alone."""

from fastwright.source import importing
from fastwright.source.edits import Edit, apply
from fastwright.source.importing import Import

_UNUSED = "  # noqa: F401"


def add(text: bytes, wanted: Import, own: frozenset[str]) -> bytes:
    """Return a module's text with an import of which nothing is used, marked as such.

    `own` are the first names of the project's own modules.
    """
    with_import = importing.add(text, wanted, own)
    if with_import == text:
        return text
    line = with_import.find(f"{wanted}".encode())
    if line < 0 or b"noqa" in with_import[line:].split(b"\n", 1)[0]:
        return with_import  # it has joined a statement with other names
    end = line + len(f"{wanted}".encode())
    return apply(with_import, [Edit("", end, end, _UNUSED)])
