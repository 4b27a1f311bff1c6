"""Adds an element to a tuple, list, set or dict that a module gives a name to."""

import tree_sitter

from fastwright.source import facts
from fastwright.source.edits import Edit, apply

_DISPLAYS = {"tuple", "list", "set", "dictionary"}
_INDENT = b"    "


def append(text: bytes, name: str, element: str, line_length: int) -> bytes | None:
    """Return a module's text in which the collection `name` has an element more, as its last.

    `element` is Python: of a dict `key: value` or `**others`. What is on one line and grows longer
    than `line_length` gets a line for each element.
    """
    display = _display(facts.parse(text), name)
    if display is None or display.has_error:
        return None
    elements = [each for each in display.named_children if each.type != "comment"]
    if any(_plain(each) == "".join(element.split()) for each in elements):
        return text
    edits = (
        _below(text, display, elements[-1], element)
        if elements and b"\n" in _bytes(display)
        else _beside(text, display, elements, element, line_length)
    )
    return apply(text, edits)


def _display(tree: tree_sitter.Tree, name: str) -> tree_sitter.Node | None:
    """Return the only display that is assigned to a name at the top level."""
    found: list[tree_sitter.Node | None] = []
    for statement in tree.root_node.named_children:
        assignment = statement.named_child(0) if statement.type == "expression_statement" else None
        if assignment is None or assignment.type not in {"assignment", "augmented_assignment"}:
            continue
        left = assignment.child_by_field_name("left")
        if left is not None and left.text == name.encode():
            found.append(assignment.child_by_field_name("right"))
    only = found[0] if len(found) == 1 else None
    return only if only is not None and only.type in _DISPLAYS else None


def _below(
    text: bytes, display: tree_sitter.Node, last: tree_sitter.Node, element: str
) -> list[Edit]:
    """Return the edits that add a line below the last element, and below its comment."""
    line_end = text.find(b"\n", last.end_byte)
    rest = text[last.end_byte : min(line_end, display.end_byte) if line_end >= 0 else None]
    has_comma = _bytes(display)[last.end_byte - display.start_byte :].lstrip().startswith(b",")
    indent = _indent(text, last.start_byte)
    if line_end < 0 or line_end >= display.end_byte:  # the bracket closes on the element's line
        comma = "" if has_comma else ","
        at = last.end_byte + (rest.index(b",") + 1 if has_comma else 0)
        return [Edit("", at, at, f"{comma}\n{indent}{element}")]
    behind = line_end - 1 if text[line_end - 1 : line_end] == b"\r" else line_end
    line = f"\n{indent}{element}"
    if has_comma:
        return [Edit("", behind, behind, f"{line},")]
    if behind == last.end_byte:
        return [Edit("", behind, behind, f",{line}")]
    return [Edit("", last.end_byte, last.end_byte, ","), Edit("", behind, behind, line)]


def _beside(
    text: bytes,
    display: tree_sitter.Node,
    elements: list[tree_sitter.Node],
    element: str,
    line_length: int,
) -> list[Edit]:
    """Return the edits for a display on one line, or an empty one."""
    opening, closing = (_bytes(display)[:1].decode(), _bytes(display)[-1:].decode())
    items = [*(_bytes(each).decode() for each in elements), element]
    single = "," if display.type == "tuple" and len(items) == 1 else ""
    line = f"{opening}{', '.join(items)}{single}{closing}"
    start = text.rfind(b"\n", 0, display.start_byte) + 1
    before = text[start : display.start_byte].decode()
    if len(before) + len(line) > line_length:
        indent = before[: len(before) - len(before.lstrip())]
        inner = "".join(f"{indent}{_INDENT.decode()}{each},\n" for each in items)
        line = f"{opening}\n{inner}{indent}{closing}"
    return [Edit("", display.start_byte, display.end_byte, line)]


def _indent(text: bytes, position: int) -> str:
    """Return what an element's line begins with."""
    start = text.rfind(b"\n", 0, position) + 1
    line = text[start:position]
    return (line[: len(line) - len(line.lstrip())]).decode()


def _plain(node: tree_sitter.Node) -> str:
    return "".join(_bytes(node).decode("utf-8", "replace").split())


def _bytes(node: tree_sitter.Node) -> bytes:
    return node.text or b""
