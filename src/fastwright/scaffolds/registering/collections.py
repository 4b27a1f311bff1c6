"""Adds an element to a tuple, list, set or dict that a module gives a name to."""

from fastwright.scaffolds.splicing import (
    CannotBePutError,
    Node,
    assignments,
    element_names,
    into,
    parse,
)

_DISPLAYS = {"tuple", "list", "set", "dictionary"}


def append(text: bytes, name: str, element: str) -> bytes:
    """Return a module's text in which the collection `name` has an element more, as its last.

    `element` is Python: of a dict `key: value` or `**others`. Raises `CannotBePutError` where there
    is no one display that is assigned to the name at the top level.
    """
    display = _display(parse(text), name)
    elements = element_names(display)
    if any(_without_spaces(each) == _without_spaces(element) for each in elements):
        return text
    is_first_of_tuple = display.type == "tuple" and not elements
    return into(text, display, f"{element}," if is_first_of_tuple else element)


def _display(module: Node, name: str) -> Node:
    found = [node for assigned, node in assignments(module) if assigned == name]
    display = found[0].child_by_field_name("right") if len(found) == 1 else None
    if display is None or display.type not in _DISPLAYS or display.has_error:
        raise CannotBePutError
    return display


def _without_spaces(code: str) -> str:
    return "".join(code.split())
