"""What a node stands in: the statements and expressions around it, within one function."""

from collections.abc import Iterable, Iterator
from typing import Any

from fastwright.source.nodes import Node, Raw, wrap


def path(nodes: Iterable[Node], target: Node) -> list[Node]:
    """Return the nodes from one of `nodes` down to `target`, both included, if it is there."""
    raws: Iterable[Raw] = [node.raw for node in nodes]
    found: list[Node] = []
    while True:
        around = next((raw for raw in raws if _holds(raw, target)), None)
        if around is None:
            return found if found and found[-1] == target else []
        found.append(wrap(around))
        if found[-1] == target:
            return found
        raws = _children(around)


def holds(nodes: Iterable[Node], target: Node) -> bool:
    """Tell whether `target` is one of `nodes` or stands in one."""
    return any(_holds(node.raw, target) for node in nodes)


def _holds(raw: Raw, target: Node) -> bool:
    return bool(raw[1] <= target.start and target.end <= raw[2])


def _children(raw: Raw) -> Iterator[Raw]:
    for field in raw[3:]:
        if type(field) is tuple and field:
            if _is_node(field):
                yield field
            else:
                yield from (each for each in field if _is_node(each))


def _is_node(field: Any) -> bool:  # noqa: ANN401 - whatever a node keeps
    return type(field) is tuple and bool(field) and type(field[0]) is int
