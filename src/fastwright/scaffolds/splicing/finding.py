"""Finds the places in a Python file's text: definitions, assignments, and what they hold."""

from collections.abc import Iterator

import tree_sitter

from fastwright.source import facts

Node = tree_sitter.Node

_DEFINITIONS = {"class_definition", "function_definition"}


def parse(text: bytes) -> Node:
    """Return the root of a text's syntax tree."""
    return facts.parse(text).root_node


def text_of(node: Node | None) -> str:
    """Return what is written there."""
    return "" if node is None else (node.text or b"").decode()


def definition(block: Node, name: str) -> Node | None:
    """Return the class or function of this name in a file's top level, or in a class's body."""
    for node in block.named_children:
        defined = node.child_by_field_name("definition") or node
        if defined.type in _DEFINITIONS and text_of(defined.child_by_field_name("name")) == name:
            return defined
    return None


def definitions(block: Node) -> Iterator[Node]:
    """Yield the classes and functions of a file's top level, or of a class's body."""
    for node in block.named_children:
        defined = node.child_by_field_name("definition") or node
        if defined.type in _DEFINITIONS:
            yield defined


def assignments(block: Node) -> Iterator[tuple[str, Node]]:
    """Yield the names that a block assigns to, or declares, each with its `assignment`."""
    for node in block.named_children:
        if node.type == "expression_statement" and node.named_child_count == 1:
            (assigned,) = node.named_children
            left = assigned.child_by_field_name("left")
            if assigned.type == "assignment" and left is not None and left.type == "identifier":
                yield text_of(left), assigned


def assignment(block: Node, name: str) -> Node | None:
    """Return the last assignment to a name in a block."""
    found = None
    for assigned, node in assignments(block):
        if assigned == name:
            found = node
    return found


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all below it, in the order of the text."""
    pending = [node]
    while pending:
        current = pending.pop()
        yield current
        pending.extend(reversed(current.children))
