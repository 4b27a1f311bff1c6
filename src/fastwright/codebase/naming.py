"""Where a name is read or imported, with what stands around it."""

from collections.abc import Iterator

from fastwright.codebase.definitions import Function
from fastwright.codebase.modules import Module
from fastwright.source.nodes import Node, Raw, raw_children, wrap
from fastwright.source.notes import Answers
from fastwright.source.syntax import Alias, Attribute, Keyword, Name

# Where nodes as they are kept have the name that they mention.
_NAMES = {Name.kind: 3, Attribute.kind: 4, Alias.kind: 3}

# The function or module in which a node stands, the node, and the one around it.
Mention = tuple[Function, Node, Node | None]


class Naming:
    """Finds names in modules; functions of many classes often share one."""

    def __init__(self) -> None:
        # By a module and the name.
        self.mentions = Answers(self._find)

    def _find(self, question: tuple[Module, str]) -> list[Mention]:
        module, name = question
        return [
            (scope, wrap(raw), None if around is None else wrap(around))
            for scope, statement in module.statements_with(name.encode())
            for raw, around in _named(statement.raw, name)
        ]


def _named(statement: Raw, name: str) -> Iterator[tuple[Raw, Raw | None]]:
    """Yield the nodes of a name as they are kept: most others are only passed by."""
    pending: list[tuple[Raw, Raw | None]] = [(statement, None)]
    while pending:
        raw, around = pending.pop()
        at = _NAMES.get(raw[0])
        if at is not None and raw[at] == name:
            yield raw, around
        outer = around if raw[0] == Keyword.kind else raw
        pending += [(each, outer) for each in raw_children(raw)]
