"""SQL that is put together from text: its literal parts, and what is formatted into them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import Function, Scope
from fastwright.source.syntax import (
    Assign,
    Attribute,
    AugmentedAssign,
    BinaryOperation,
    Call,
    Collection,
    Expression,
    FormattedString,
    Name,
    String,
    walk_all,
)

_PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sdrif]|{(\w*)[^{}]*}")
_LONGEST = 8
# What gives back the text it is called on, or is given.
_SAME = {"dedent", "strip", "lstrip", "rstrip", "cleandoc"}


@dataclass(frozen=True, slots=True)
class Hole:
    """An expression that is formatted into SQL, with the text before and behind it."""

    before: str
    node: Expression
    after: str
    scope: Scope


def holes(node: Expression, scope: Scope, codebase: Codebase) -> list[Hole]:
    """Return what is formatted into a statement, also where it was given a name before."""
    return _joined(list(_pieces(node, scope, codebase, _LONGEST)))


# A literal part, or an expression with its scope.
Piece = str | tuple[Expression, Scope]


def _joined(pieces: list[Piece]) -> list[Hole]:
    found: list[Hole] = []
    before = ""
    for piece in pieces:
        if isinstance(piece, str):
            before += piece
            if found:
                found[-1] = replace(found[-1], after=found[-1].after + piece)
        else:
            found.append(Hole(before, piece[0], "", piece[1]))
            before += "?"
    return found


def _pieces(node: Expression, scope: Scope, codebase: Codebase, depth: int) -> Iterator[Piece]:
    match node:
        case String(text):
            yield text or ""
        case FormattedString(parts):
            for part in parts:
                if isinstance(part, String):
                    yield part.value or ""
                else:
                    yield part, scope
        case BinaryOperation(left, "+", right):
            yield from _pieces(left, scope, codebase, depth)
            yield from _pieces(right, scope, codebase, depth)
        case BinaryOperation(String(text), "%", right):
            values = right.items if isinstance(right, Collection) else (right,)
            yield from _filled(text or "", [(each, scope) for each in values])
        case Call():
            yield from _of_call(node, scope, codebase, depth)
        case Name() | Attribute() if depth:
            yield from _named(node, scope, codebase, depth)
        case _:
            yield node, scope


def _of_call(node: Call, scope: Scope, codebase: Codebase, depth: int) -> Iterator[Piece]:
    match node:
        case Call(Attribute(String(text), "format"), arguments, keywords):
            values = (*arguments, *(each.value for each in keywords))
            yield from _filled(text or "", [(each, scope) for each in values])
        case Call(Attribute(inner, name), ()) if name in _SAME:
            yield from _pieces(inner, scope, codebase, depth)
        case Call(Name(name) | Attribute(_, name), (inner,)) if name in _SAME:
            yield from _pieces(inner, scope, codebase, depth)
        case _:
            yield node, scope


def _filled(text: str, values: list[Piece]) -> Iterator[Piece]:
    """Yield a text with placeholders in which the values stand, in their order."""
    end = 0
    for number, place in enumerate(_PLACEHOLDER.finditer(text)):
        yield text[end : place.start()]
        if number < len(values):
            yield values[number]
        end = place.end()
    yield text[end:]


def _named(node: Name | Attribute, scope: Scope, codebase: Codebase, depth: int) -> Iterator[Piece]:
    """Yield the pieces of what a name was given, and of what was added to it."""
    if isinstance(node, Name) and isinstance(scope, Function):
        given = list(_given(node, scope))
        if any(isinstance(each, AugmentedAssign) for each in given):
            for each in given:
                if each.value is not None:
                    yield from _pieces(each.value, scope, codebase, depth - 1)
            return
    origin = codebase.origin(node, scope)
    if origin is None or origin[0] == node:
        yield node, scope
    else:
        yield from _pieces(*origin, codebase, depth - 1)


def _given(node: Name, function: Function) -> Iterator[Assign | AugmentedAssign]:
    """Yield the statements above a name that give it a value or add to it."""
    for each in walk_all(function.body, Assign, AugmentedAssign):
        match each:
            case Assign((Name(name),)) | AugmentedAssign(Name(name), "+="):
                if name == node.id and each.start < node.start:
                    yield each
