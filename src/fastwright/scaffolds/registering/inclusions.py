"""Adds `app.include_router(…)` behind those that are there."""

from collections.abc import Iterator

import tree_sitter

from fastwright.source import facts
from fastwright.source.edits import Edit, apply

# Of statements in these, it is not known how often they run, or whether they do.
_CONDITIONS = {
    "for_statement",
    "if_statement",
    "match_statement",
    "try_statement",
    "while_statement",
}


def include(text: bytes, router: str, arguments: str) -> bytes | None:
    """Return a module's text in which `router` includes another one.

    `router` is what the module calls it: `app`, `self.app`; `arguments` is Python: the router to
    include, and perhaps a prefix. It goes behind the last inclusion, with a prefix behind the last
    that has one, or behind where the router is made.
    """
    tree = facts.parse(text)
    inclusions = list(_statements(tree.root_node, f"{router}.include_router"))
    wanted = f"{router}.include_router({arguments})"
    if any(_plain(each) == "".join(wanted.split()) for each in inclusions):
        return text
    certain = [each for each in inclusions if not _is_conditional(each)]
    makings = [] if inclusions else _makings(tree.root_node, router)
    alike = [each for each in certain if "prefix=" in arguments and "prefix=" in _plain(each)]
    places = alike or certain or [each for each in makings if not _is_conditional(each)]
    if not places or places[-1].has_error:
        return None
    return apply(text, [_behind(text, places[-1], wanted)])


def _statements(root: tree_sitter.Node, function: str) -> Iterator[tree_sitter.Node]:
    """Yield the statements that are nothing but a call of a function, in the file's order."""
    for node in _walk(root):
        if node.type == "expression_statement":
            call = node.named_child(0)
            called = call.child_by_field_name("function") if call is not None else None
            if called is not None and called.text == function.encode():
                yield node


def _makings(root: tree_sitter.Node, router: str) -> list[tree_sitter.Node]:
    """Return the statements that assign a call to a router's name; more than one is none."""
    found = []
    for node in _walk(root):
        assignment = node.named_child(0) if node.type == "expression_statement" else None
        if assignment is not None and assignment.type == "assignment":
            left = assignment.child_by_field_name("left")
            right = assignment.child_by_field_name("right")
            if left is not None and left.text == router.encode() and right is not None:
                found.append(node)
    return found if len(found) == 1 else []


def _walk(root: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    """Yield a node and all below it, in the file's order."""
    pending = [root]
    while pending:
        node = pending.pop()
        yield node
        pending.extend(reversed(node.named_children))


def _is_conditional(node: tree_sitter.Node) -> bool:
    above = node.parent
    while above is not None:
        if above.type in _CONDITIONS:
            return True
        above = above.parent
    return False


def _behind(text: bytes, statement: tree_sitter.Node, new: str) -> Edit:
    """Return the edit that puts a statement on the line below another one."""
    start = text.rfind(b"\n", 0, statement.start_byte) + 1
    line = text[start : statement.start_byte]
    indent = line[: len(line) - len(line.lstrip())].decode()
    end = text.find(b"\n", statement.end_byte)
    if end < 0:
        return Edit("", len(text), len(text), f"\n{indent}{new}\n")
    return Edit("", end + 1, end + 1, f"{indent}{new}\n")


def _plain(node: tree_sitter.Node) -> str:
    return "".join((node.text or b"").decode("utf-8", "replace").split())
