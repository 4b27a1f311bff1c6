"""The circles in what leads to what, in an order in which each can be settled at once."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def settled(
    start: Node, leads_to: Callable[[Node], Iterable[Node]], *, known: Callable[[Node], bool]
) -> Iterator[list[Node]]:
    """Yield the circles that a node leads to, each behind all that it leads to.

    A node that is in no circle is yielded alone. What is `known` is not followed. These are the
    strongly connected components, as Tarjan finds them (Depth-first search and linear graph
    algorithms, 1972), without recursion.
    """
    numbers = {start: 0}
    lowest = {start: 0}
    open_nodes = [start]
    is_open = {start}
    way = [(start, iter(leads_to(start)))]
    while way:
        node, following = way[-1]
        for each in following:
            if each in is_open:
                lowest[node] = min(lowest[node], numbers[each])
            elif each not in numbers and not known(each):
                numbers[each] = lowest[each] = len(numbers)
                open_nodes.append(each)
                is_open.add(each)
                way.append((each, iter(leads_to(each))))
                break
        else:
            way.pop()
            if way:
                before = way[-1][0]
                lowest[before] = min(lowest[before], lowest[node])
            if lowest[node] == numbers[node]:
                circle = [open_nodes.pop()]
                while circle[-1] != node:
                    circle.append(open_nodes.pop())
                is_open.difference_update(circle)
                yield circle
