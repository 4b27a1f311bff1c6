"""The dicts that functions write out and return, also by way of other functions."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import Function, Scope
from fastwright.codebase.values import External, FunctionValue
from fastwright.source.nodes import wrap
from fastwright.source.syntax import (
    Await,
    Call,
    Collection,
    Comprehension,
    Dict,
    Expression,
    Name,
    Pair,
)

# So many functions are followed, one into the other.
_MOST_CALLS = 3


@dataclass(frozen=True)
class Written:
    """A key and value of a dict; `through` are the scopes on the way to it, its own last."""

    pair: Pair
    through: tuple[Scope, ...]


@dataclass(frozen=True)
class _Step:
    """An expression on the way; `calls` more of them may be followed."""

    node: Expression
    through: tuple[Scope, ...]
    calls: int

    @property
    def scope(self) -> Scope:
        return self.through[-1]


def returned_pairs(function: Function, codebase: Codebase) -> Iterator[Written]:
    """Yield the pairs of the dicts that a function returns, those inside of them too."""
    pending = [_Step(wrap(raw), (function,), _MOST_CALLS) for raw in function.details.returns]
    seen: set[tuple[str, int]] = set()
    while pending:
        step = pending.pop(0)
        at = step.scope.module.path, step.node.start
        if at not in seen:
            seen.add(at)
            if isinstance(step.node, Dict):
                yield from (Written(each, step.through) for each in step.node.pairs)
            pending += _further(step, codebase)


def _further(step: _Step, codebase: Codebase) -> Iterator[_Step]:
    """Yield the expressions that an expression's dicts are in."""
    match step.node:
        case Dict(pairs):
            yield from (_Step(each.value, step.through, step.calls) for each in pairs)
        case Collection(_, items):
            yield from (_Step(each, step.through, step.calls) for each in items)
        case Comprehension("list" | "set", Expression() as item):
            yield _Step(item, step.through, step.calls)
        case Await(value):
            yield _Step(value, step.through, step.calls)
        case Name():
            origin = codebase.origin(step.node, step.scope)
            if origin is not None:
                yield _Step(origin[0], (*step.through, origin[1]), step.calls)
        case Call() as call:
            yield from _behind(call, step, codebase)


def _behind(call: Call, step: _Step, codebase: Codebase) -> Iterator[_Step]:
    match codebase.resolver.value(call.function, step.scope):
        case FunctionValue(function) if step.calls:
            for raw in function.details.returns:
                yield _Step(wrap(raw), (*step.through, function), step.calls - 1)
        case External(name) if name.endswith(".JSONResponse"):
            content = call.argument(0, "content")
            if content is not None:
                yield _Step(content, step.through, step.calls)
