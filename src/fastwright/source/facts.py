"""Everything that is kept of a file: read once, cached by content, the same from any process."""

import marshal
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Any

import tree_sitter
import tree_sitter_python

from fastwright.source import gaps, prints, words
from fastwright.source.digests import DIGEST_SIZE, digest
from fastwright.source.nodes import Raw
from fastwright.source.prints import Print
from fastwright.source.reader.definitions import ModuleReader
from fastwright.source.records import ClassRecord, FunctionRecord
from fastwright.source.scopes import Binding

# What is in every comment that speaks to this program.
MARK = b"fastwright:"
# How many bytes say where the details of functions end, or how long the words are.
_OFFSET = 8
_LINE_STARTS = "I"


@dataclass(frozen=True, slots=True)
class Facts:
    """A file's statements, functions (the module itself first), classes and marks.

    `calls` finds calls by the last name of what is called, as (the function's index,
    the call's, the bits of its use);
    `shared` is how globals, `Class.attribute` and `.state.attribute` get values in functions, as
    (the function's index, the binding).
    `errors` counts the places that could not be parsed, and `first_error` is the line of the first.
    `ignores` are the comments that speak to this program, as (line, text).
    `gaps` are what of the text is no code, for `gaps.Gaps`; `lines` are the offsets at which its
    lines begin, for `line_starts`. `prints` are what its statements are known by.
    """

    body: tuple[Raw, ...]
    functions: list[FunctionRecord]
    classes: list[ClassRecord]
    calls: dict[str, list[tuple[int, int, int]]]
    shared: dict[str, list[tuple[int, Binding]]]
    ignores: list[tuple[int, str]]
    errors: int
    first_error: int
    gaps: bytes
    lines: bytes
    prints: list[Print]

    @classmethod
    def of(cls, packed: bytes) -> "Facts":
        """Unpack what `pack` packed."""
        view = memoryview(packed)[_after_words(packed) :]
        start = int.from_bytes(view[:_OFFSET])
        body, functions, classes, *rest = marshal.loads(view[start:])  # noqa: S302 - by `pack`
        return cls(
            body,
            [
                FunctionRecord(name, node, owner, outer, view[details:], body_start)
                for name, node, owner, outer, details, body_start in functions
            ],
            [ClassRecord(*each) for each in classes],
            *rest,
        )


def pack(source: bytes) -> bytes:
    """Return the facts of a file's UTF-8 text, packed for `Facts.of`."""
    tree = parse(source)
    reader = ModuleReader(source)
    body = reader.module(tree.root_node)
    errors = sorted((*_errors(tree.root_node), *reader.unfinished))
    # The details come first, so that they stay where they are until they are looked at.
    details = bytearray(_OFFSET)
    functions = []
    for each in reader.functions:
        if each is not None:
            functions.append(
                (each.name, each.node, each.owner, each.outer, len(details), each.body_start)
            )
            details += each.details
    details[:_OFFSET] = len(details).to_bytes(_OFFSET)
    left_out = gaps.Gaps(gaps_packed := gaps.pack(source, tree))
    code = left_out.without(source, 0, len(source)).rstrip()
    packed: tuple[Any, ...] = (
        body,
        functions,
        [each.packed() for each in reader.classes if each],
        reader.calls,
        reader.shared,
        _ignores(source, tree),
        len(errors),
        errors[0] if errors else 0,
        gaps_packed,
        _lines(source),
        prints.of(code, body, reader, left_out),
    )
    said = words.pack(code, body, reader, left_out)
    return b"".join(
        (digest(code), len(said).to_bytes(_OFFSET), said, bytes(details), marshal.dumps(packed))
    )


def line_starts(lines: bytes) -> Sequence[int]:
    """Return the offsets at which lines begin."""
    return array(_LINE_STARTS, lines)


def code_of(packed: bytes) -> bytes:
    """Return what the code of a file is known by: texts that differ in gaps only have the same."""
    return packed[:DIGEST_SIZE]


def words_of(packed: bytes) -> words.Words:
    """Return the words of a file, without looking at anything else of it."""
    return words.Words.of(packed[DIGEST_SIZE + _OFFSET : _after_words(packed)])


def _after_words(packed: bytes) -> int:
    start = DIGEST_SIZE + _OFFSET
    return start + int.from_bytes(packed[DIGEST_SIZE:start])


@cache
def _language() -> tree_sitter.Language:
    return tree_sitter.Language(tree_sitter_python.language())


@cache
def _parser() -> tree_sitter.Parser:
    return tree_sitter.Parser(_language())


def parse(text: bytes) -> tree_sitter.Tree:
    """Return the syntax tree of UTF-8 text."""
    return _parser().parse(text)


def comments(text: bytes) -> list[int]:
    """Return the offsets in bytes where the comments of UTF-8 text begin."""
    return [node.start_byte for node in _comments(parse(text))]


def errors(text: bytes) -> int:
    """Return how many places of UTF-8 text cannot be parsed."""
    return len(_errors(parse(text).root_node))


def _comments(tree: tree_sitter.Tree) -> list[tree_sitter.Node]:
    query = tree_sitter.Query(_language(), "(comment) @comment")
    found = tree_sitter.QueryCursor(query).captures(tree.root_node).get("comment", [])
    return sorted(found, key=lambda node: node.start_byte)


def _errors(root: tree_sitter.Node) -> list[int]:
    """Return the lines, from 1, that have something unparsed."""
    if not root.has_error:
        return []
    found = []
    pending = [root]
    while pending:
        node = pending.pop()
        if node.is_error or node.is_missing:
            found.append(node.start_point.row + 1)
        elif node.has_error:
            pending.extend(node.children)
    return sorted(found)


def _lines(source: bytes) -> bytes:
    ends = accumulate(map(len, source.split(b"\n")))
    starts = [0, *[end + number for number, end in enumerate(ends, 1)]][:-1]
    return array(_LINE_STARTS, starts).tobytes()


def _ignores(source: bytes, tree: tree_sitter.Tree) -> list[tuple[int, str]]:
    """Return the comments with `fastwright:` in them."""
    if MARK not in source:
        return []
    found = [
        (
            node.start_point.row + 1,
            source[node.start_byte : node.end_byte].decode("utf-8", "replace"),
        )
        for node in _comments(tree)
        if MARK in source[node.start_byte : node.end_byte]
    ]
    return sorted(found)
