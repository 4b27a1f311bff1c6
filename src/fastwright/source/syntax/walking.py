"""Walks through trees without entering the bodies of functions."""

from collections.abc import Iterator
from typing import Any

from fastwright.source.nodes import Node, wrap
from fastwright.source.syntax.expressions import Statement
from fastwright.source.syntax.statements import ClassDef, For, If, Match, Try, While, With


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and everything below it in source order; not the bodies of functions."""
    return map(wrap, _walk([node.raw]))


def inner_statements(node: Statement) -> Iterator[Statement]:
    """Yield the statements right inside another, in source order; not those of functions."""
    match node:
        case If(_, body, otherwise) | While(_, body, otherwise) | For(_, _, body, otherwise):
            yield from body
            yield from otherwise
        case With(_, body) | ClassDef(_, _, body):
            yield from body
        case Try(body, handlers, otherwise, final):
            yield from body
            for handler in handlers:
                yield from handler.body
            yield from otherwise
            yield from final
        case Match(_, cases):
            for case in cases:
                yield from case.body


def walk_all(nodes: tuple[Statement, ...], *kinds: type[Node]) -> Iterator[Node]:
    """Yield every node of a body in source order; not the bodies of functions in it.

    With `kinds` it is only nodes of these classes.
    """
    raws = _walk([node.raw for node in nodes])
    if kinds:
        wanted = {each.kind for each in kinds}
        return (wrap(raw) for raw in raws if raw[0] in wanted)
    return map(wrap, raws)


def _walk(raws: list[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    pending = raws[::-1]
    while pending:
        raw = pending.pop()
        yield raw
        for field in raw[:2:-1]:  # backwards, so that the first is taken first
            if type(field) is tuple and field:
                if type(field[0]) is int:
                    pending.append(field)
                elif type(field[0]) is tuple:
                    pending += field[::-1]
