"""What all parts of the reader share: text, children, and notes in the current scope."""

from collections.abc import Callable, Iterable

import tree_sitter

from fastwright.source import syntax
from fastwright.source.nodes import Raw
from fastwright.source.scopes import Form, Scope

_CALL = syntax.Call.kind
_NAME = syntax.Name.kind
_AWAIT = syntax.Await.kind
_ATTRIBUTE = syntax.Attribute.kind
_STARRED = syntax.Starred.kind
_COLLECTION = syntax.Collection.kind

Tree = tree_sitter.Node
Handler = Callable[[Tree], Raw]


class Reader:
    """Turns a tree into raw nodes, and notes calls and names in the current scope."""

    def __init__(self, source: bytes, scope: Scope) -> None:
        self.source = source
        self.scope = scope
        # What reads an expression, by the grammar's name for it.
        self.handlers: dict[str, Handler] = {}
        # The same text is kept once: most are names that come again and again.
        self._texts: dict[bytes, str] = {}
        # The lines, from 1, of what is no Python though the grammar takes it: its writer has
        # perhaps not come to the end.
        self.unfinished: list[int] = []

    def expression(self, tree: Tree) -> Raw:
        """Return any expression."""
        handler = self.handlers.get(tree.type)
        return handler(tree) if handler else self._unparsed(tree)

    def optional(self, tree: Tree | None) -> Raw | None:
        """Return an expression, or None where there is none."""
        return None if tree is None else self.expression(tree)

    def text(self, tree: Tree) -> str:
        """Return the source text of a node."""
        written = self.source[tree.start_byte : tree.end_byte]
        text = self._texts.get(written)
        if text is None:
            text = self._texts[written] = written.decode("utf-8", "replace")
        return text

    def mark(self, value: Raw | None, use: int) -> None:
        """Say of a value that was read just now how it is used, if it is a call."""
        if value is None:
            return
        if value[0] == _AWAIT:
            value = value[3]
        if value[0] == _CALL and self.scope.calls:
            last = self.scope.calls[-1]
            if last[0] is value:
                last[1] |= use

    def bind_target(self, target: Raw, *binding: object) -> None:
        """Note that a target, perhaps of several names, gets a value."""
        kind = target[0]
        if kind == _NAME:
            self.scope.bind(target[3], *binding)
        elif kind == _STARRED:
            self.bind_target(target[3], Form.OTHER, *binding[1:])
        elif kind == _COLLECTION:
            form, *rest = binding
            for position, item in enumerate(target[4]):
                if form == Form.VALUE:
                    self.bind_target(item, Form.UNPACKED, *rest, position)
                else:
                    self.bind_target(item, Form.OTHER, *rest)
        elif kind == _ATTRIBUTE and target[3][0] == _NAME:
            scope, owner = self.scope, target[3][3]
            if scope.receiver and owner == scope.receiver:
                scope.attributes.setdefault(target[4], []).append(binding)
            elif owner[:1].isupper():
                scope.shared.setdefault(f"{owner}.{target[4]}", []).append(binding)
        elif kind == _ATTRIBUTE and target[3][0] == _ATTRIBUTE and target[3][4] == "state":
            self.scope.shared.setdefault(f".state.{target[4]}", []).append(binding)

    def named(self, tree: Tree) -> list[Tree]:
        """Return the named children that are no comments."""
        return [child for child in tree.named_children if child.type != "comment"]

    def _all(self, trees: Iterable[Tree]) -> tuple[Raw, ...]:
        return tuple([self.expression(tree) for tree in trees])

    def _only(self, tree: Tree) -> Raw:
        named = self.named(tree)
        return self.expression(named[-1]) if named else self._unparsed(tree)

    def _unparsed(self, tree: Tree) -> Raw:
        children = self._all(self.named(tree)) if tree.named_child_count else ()
        return (syntax.Unparsed.kind, tree.start_byte, tree.end_byte, children)
