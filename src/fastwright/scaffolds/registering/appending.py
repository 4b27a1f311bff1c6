"""Puts code at the end of a module, and what it needs among its imports."""

from fastwright.scaffolds.additions import AppendToModule
from fastwright.source import importing
from fastwright.source.facts import parse
from fastwright.source.importing.statements import top_level

_DEFINITIONS = {"class_definition", "function_definition", "decorated_definition"}


def append(text: bytes, addition: AppendToModule, own: frozenset[str]) -> bytes:
    """Return a module's text with the code behind all that is there.

    A module that has all of its classes and functions already stays as it is.
    """
    wanted = _defined(addition.text.encode())
    if wanted and wanted <= _defined(text):
        return text
    for statement in top_level(parse("\n".join(addition.imports).encode())):
        for item in statement.items:
            text = importing.add(text, item.imported, own)
    newline = "\r\n" if b"\r\n" in text else "\n"
    code = addition.text.strip("\n").replace("\n", newline)
    before = text.rstrip()
    gap = newline * 3 if before else ""
    return before + f"{gap}{code}{newline}".encode()


def _defined(text: bytes) -> set[bytes]:
    """Return the names of the classes and functions of a module."""
    found = set()
    for each in parse(text).root_node.named_children:
        if each.type in _DEFINITIONS:
            inner = each.child_by_field_name("definition") or each
            name = inner.child_by_field_name("name")
            if name is not None and name.text is not None:
                found.add(name.text)
    return found
