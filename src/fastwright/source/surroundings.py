"""What a node stands in: the statements and expressions around it, within one function."""

from collections.abc import Iterable

from fastwright.source.nodes import Node, Raw, raw_children, wrap


def path(nodes: Iterable[Node], target: Node) -> list[Node]:
    """Return the nodes from one of `nodes` down to `target`, both included, if it is there."""
    raws: Iterable[Raw] = [node.raw for node in nodes]
    found: list[Node] = []
    while True:
        holder = next((raw for raw in raws if _holds(raw, target)), None)
        if holder is None:
            return []
        found.append(wrap(holder))
        if found[-1] == target:
            return found
        raws = raw_children(holder)


def around(nodes: Iterable[Node], target: Node) -> list[Node]:
    """Return the nodes that `target` stands in, outermost first, from one of `nodes` down."""
    return path(nodes, target)[:-1]


def holds(nodes: Iterable[Node], target: Node) -> bool:
    """Tell whether `target` is one of `nodes` or stands in one."""
    return any(_holds(node.raw, target) for node in nodes)


def _holds(raw: Raw, target: Node) -> bool:
    return bool(raw[1] <= target.start and target.end <= raw[2])
