"""Which bindings of a name may still hold where it is read: others have been written over."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from fastwright.application import loops
from fastwright.codebase.definitions import Function
from fastwright.source import surroundings
from fastwright.source.nodes import Node, wrap
from fastwright.source.scopes import Binding, Form
from fastwright.source.syntax import Assign, With

_GIVEN = {Form.VALUE, Form.ANNOTATED, Form.UNPACKED}


def above(bindings: Iterable[Binding], node: Node, function: Function) -> Iterator[Binding]:
    """Yield the bindings above a place, the nearest first, down to one that is always run."""
    for each in sorted(bindings, key=_start, reverse=True):
        value = each[2] if each[0] in _GIVEN else None
        if each[1] >= node.start or (value and value[2] > node.start):
            continue  # `rows = rows.all()` still reads the old one
        yield each
        if value and _is_always_run(wrap(value), node, function):
            return


def _start(binding: Binding) -> int:
    return int(binding[1])


def _is_always_run(value: Node, node: Node, function: Function) -> bool:
    """Tell whether an assignment stands in a block around a place, not in one beside it."""
    nodes = surroundings.path(function.body, value)
    if not any(isinstance(each, Assign) for each in nodes):
        return False
    for parent, child in pairwise(nodes):
        if isinstance(parent, Assign):
            return True
        if not isinstance(parent, With):
            block = next((each for each in loops.blocks(parent) if child in each), ())
            if not surroundings.holds(block, node):
                return False
    return False
