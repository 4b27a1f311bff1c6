"""Adds a router to those that a loop includes: `for each in routers: app.include_router(each)`."""

from fastwright.scaffolds.registering import collections
from fastwright.scaffolds.splicing import (
    CannotBePutError,
    Node,
    element_names,
    into,
    parse,
    text_of,
    walk,
)

_DISPLAYS = {"tuple", "list", "set"}
_PLAIN = {"identifier", "attribute"}  # rather than pairs of a router and its prefix


def include(text: bytes, router: str, new: str) -> bytes:
    """Return a module's text in which the one loop that includes into `router` has a new one.

    The loop goes over a collection that is written in it, or has a name at the top level. Raises
    `CannotBePutError` where it does not, or is not the only one.
    """
    module = parse(text)
    loops = [node for node in walk(module) if _includes(node, router)]
    over = loops[0].child_by_field_name("right") if len(loops) == 1 else None
    if over is None:
        raise CannotBePutError
    if over.type == "identifier":
        return collections.append(text, text_of(over), new)
    elements = [each for each in over.named_children if each.type != "comment"]
    if over.type not in _DISPLAYS or any(each.type not in _PLAIN for each in elements):
        raise CannotBePutError
    return text if new in element_names(over) else into(text, over, new)


def _includes(node: Node, router: str) -> bool:
    """Tell whether a loop includes what it goes over as it is."""
    body = node.child_by_field_name("body") if node.type == "for_statement" else None
    if body is None:
        return False
    name = text_of(node.child_by_field_name("left"))
    call = f"{router}.include_router({name}"
    statements = ("".join(text_of(each).split()) for each in body.named_children)
    return any(each.startswith((f"{call})", f"{call},")) for each in statements)
