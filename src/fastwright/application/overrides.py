"""What tests put in the place of the application's own: dependencies, functions, attributes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fastwright.codebase.definitions import Function
from fastwright.source.syntax import Assign, Attribute, Expression, Subscript, walk_all

_PATCHES = re.compile(r"\b(?:monkeypatch\.setattr|(?:mocker|mock)\.patch|patch(?:\.object)?)\(")


@dataclass(frozen=True, slots=True)
class Override:
    """A dependency that is overridden by what `given` stands for.

    Source: https://fastapi.tiangolo.com/advanced/testing-dependencies/.
    """

    node: Assign
    dependency: Expression
    given: Expression | None


def overrides(function: Function) -> Iterator[Override]:
    """Yield the dependencies that a function overrides, or a module at import."""
    for node in walk_all(function.body, Assign):
        match node:
            case Assign((Subscript(Attribute(_, "dependency_overrides"), (item,)),), _, given):
                yield Override(node, item, given)


def patches(function: Function) -> bool:
    """Tell whether a function replaces attributes for as long as it runs."""
    return not function.is_module and bool(_PATCHES.search(function.module.source(function.node)))
