"""Loops over what is written out in the code: what each turn gives to the names of the loop."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product

from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import CallSite, Scope
from fastwright.codebase.values import Value
from fastwright.source import surroundings
from fastwright.source.nodes import Node
from fastwright.source.syntax import (
    Attribute,
    Call,
    Collection,
    Comprehension,
    Dict,
    Expression,
    For,
    Name,
)

Given = tuple[Expression, Scope]


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of the loops around a call; without any loop, the one time that it is made."""

    names: Mapping[str, Given] = field(default_factory=dict)

    def given(self, node: Expression, scope: Scope) -> Given:
        """Return what stands for an expression in this turn: what the loop gives to its name."""
        return self.names.get(node.id, (node, scope)) if isinstance(node, Name) else (node, scope)

    def value(self, node: Expression, scope: Scope, codebase: Codebase) -> Value | None:
        """Return what an expression, or an attribute of one, stands for in this turn."""
        if isinstance(node, Attribute) and isinstance(node.value, Name):
            base = codebase.resolver.value(*self.given(node.value, scope))
            return codebase.resolver.member(base, node.name)
        return codebase.resolver.value(*self.given(node, scope))


def of(call: CallSite, codebase: Codebase) -> list[Turn]:
    """Return the turns in which a call is made.

    A loop over anything that is not written out gives its names nothing.
    """
    loops = [
        list(_turns(target, iterable, call.function, codebase))
        for node in surroundings.path(call.function.body, call.node)
        for target, iterable in _loops(node)
    ]
    return [
        Turn({name: given for names in chosen for name, given in names.items()})
        for chosen in product(*[turns for turns in loops if turns])
    ]


def _loops(node: Node) -> Iterator[tuple[Expression, Expression]]:
    match node:
        case For(target, iterable):
            yield target, iterable
        case Comprehension(_, _, clauses):
            yield from ((clause.target, clause.iterable) for clause in clauses)


def _turns(
    target: Expression, iterable: Expression, scope: Scope, codebase: Codebase
) -> Iterator[dict[str, Given]]:
    for parts, where in _items(iterable, scope, codebase):
        match target, parts:
            case Name(name), (item,):
                yield {name: (item, where)}
            case Collection(_, targets), (Collection(_, values),) | values:
                yield {
                    each.id: (value, where)
                    for each, value in zip(targets, values, strict=False)
                    if isinstance(each, Name)
                }


def _items(
    iterable: Expression, scope: Scope, codebase: Codebase
) -> Iterator[tuple[tuple[Expression, ...], Scope]]:
    """Yield the items of what is written out; those of a dict's `items()` have two parts."""
    match iterable:
        case Call(Attribute(base, "items" | "values" as view), ()):
            match codebase.origin(base, scope):
                case Dict(pairs), where:
                    for pair in pairs:
                        if pair.key is not None:
                            shown = (pair.key, pair.value) if view == "items" else (pair.value,)
                            yield shown, where
        case _:
            for item, where in codebase.items(iterable, scope):
                yield (item,), where
