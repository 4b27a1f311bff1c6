"""Removes imports that an edit has left without any use."""

import re
from collections.abc import Container

from fastwright.source.edits import Edit, apply
from fastwright.source.importing.statements import (
    Item,
    Statement,
    identifiers,
    parse,
    top_level,
)

_WORD = re.compile(r"\w+")


def unused(before: bytes, after: bytes, kept: frozenset[str] = frozenset()) -> bytes:
    """Return the text `after` without the imports whose last use `before` had.

    What nothing used before either stays: it has reasons that are not seen here. So do the names
    that are `kept`, and a statement with a comment on its line.
    """
    used_before = _used(before)
    tree = parse(after)
    used = _used(after)
    text = after
    for statement in reversed(top_level(tree)):
        gone = [
            each
            for each in statement.items
            if each.imported.local in used_before - used - kept
            and each.imported.module != "__future__"
        ]
        if gone and not _is_commented(after, statement):
            text = apply(text, _without(after, statement, gone))
    return text


def without(text: bytes, path: str, start: int, places: Container[int]) -> list[Edit]:
    """Return the edits that take names out of the statement at `start`; `places` are theirs.

    Something of it has to be left.
    """
    for statement in top_level(parse(text)):
        if statement.start == start:
            gone = [each for each in statement.items if each.start in places]
            edits = _without(text, statement, gone)
            return [Edit(path, each.start, each.end, each.text) for each in edits]
    return []


def _used(text: bytes) -> frozenset[str]:
    """Return the words that are used; those in strings may be annotations, or `__all__`."""
    words: set[str] = set()
    for each in identifiers(parse(text).root_node):
        words.update(_WORD.findall(each))
    return frozenset(words)


def _is_commented(text: bytes, statement: Statement) -> bool:
    end = text.find(b"\n", statement.end)
    rest = text[statement.end : end if end >= 0 else len(text)]
    return b"#" in rest or b"#" in text[statement.start : statement.end]


def _without(text: bytes, statement: Statement, gone: list[Item]) -> list[Edit]:
    if len(gone) == len(statement.items):
        return [_whole(text, statement)]
    kept = [each for each in statement.items if each not in gone]
    edits = []
    for each in gone:
        following = [item for item in statement.items if item.start > each.start]
        if following:
            edits.append(Edit("", each.start, following[0].start, ""))
        else:
            edits.append(Edit("", kept[-1].end, each.end, ""))
    return _merged(edits)


def _merged(edits: list[Edit]) -> list[Edit]:
    """Return edits that remove the same spans, without overlaps."""
    merged: list[Edit] = []
    for each in sorted(edits):
        if merged and each.start < merged[-1].end:
            last = merged.pop()
            merged.append(Edit("", last.start, max(last.end, each.end), ""))
        else:
            merged.append(each)
    return merged


def _whole(text: bytes, statement: Statement) -> Edit:
    """Return the edit that removes a statement with its line, or with the `;` behind it."""
    start = text.rfind(b"\n", 0, statement.start) + 1
    end = text.find(b"\n", statement.end)
    end = end + 1 if end >= 0 else len(text)
    if text[start : statement.start].strip() or text[statement.end : end].strip():
        rest = text[statement.end : end]
        behind = len(rest) - len(rest.lstrip(b"; \t")) if rest.lstrip().startswith(b";") else 0
        if rest[behind:].strip():
            return Edit("", statement.start, statement.end + behind, "")
        # The last one of its line goes with the `;` before it.
        before = len(text[start : statement.start].rstrip(b"; \t"))
        return Edit("", start + before, statement.end + behind, "")
    # A section that is gone leaves one empty line, not two.
    is_alone = text[:start].endswith((b"\n\n", b"\n\r\n")) and text[end : end + 1] in {b"\n", b"\r"}
    if is_alone:
        following = text.find(b"\n", end)
        end = following + 1 if following >= 0 else end
    return Edit("", start, end, "")
