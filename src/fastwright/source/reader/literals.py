"""Reads strings, numbers and displays."""

import codecs

from fastwright.source import syntax
from fastwright.source.nodes import Raw
from fastwright.source.reader.base import Reader, Tree

# Longer texts are cut: nothing that is looked for is longer.
LONGEST_TEXT = 4000


class LiteralReader(Reader):
    """Reads what is written out."""

    def _string(self, tree: Tree) -> Raw:
        start, end = tree.start_byte, tree.end_byte
        children = tree.children
        prefix = self.text(children[0]).lower().rstrip("\"'") if children else ""
        parts: list[Raw] = []
        for child in children:
            if child.type == "string_content":
                value = _decoded(self.text(child), raw="r" in prefix)
                parts.append((syntax.String.kind, child.start_byte, child.end_byte, value))
            elif child.type == "interpolation":
                parts += self._hole(child)
        has_holes = any(part[0] != syntax.String.kind for part in parts)
        if has_holes or "f" in prefix or "t" in prefix:
            return (syntax.FormattedString.kind, start, end, tuple(parts))
        if "b" in prefix:
            return (syntax.String.kind, start, end, None)
        return (syntax.String.kind, start, end, "".join(part[3] for part in parts))

    def _hole(self, tree: Tree) -> list[Raw]:
        """Return the expression in braces, and those of its format."""
        inner = tree.child_by_field_name("expression")
        found = [self._unparsed(tree) if inner is None else self.expression(inner)]
        for each in tree.named_children:
            if each.type == "format_specifier":
                for nested in self.named(each):
                    found += self._hole(nested)
        return found

    def _concatenated(self, tree: Tree) -> Raw:
        start, end = tree.start_byte, tree.end_byte
        pieces = [self.expression(child) for child in self.named(tree)]
        if all(piece[0] == syntax.String.kind for piece in pieces):
            texts = [piece[3] for piece in pieces]
            return (syntax.String.kind, start, end, None if None in texts else "".join(texts))
        parts: list[Raw] = []
        for piece in pieces:
            parts.extend(piece[3] if piece[0] == syntax.FormattedString.kind else [piece])
        return (syntax.FormattedString.kind, start, end, tuple(parts))

    def _number(self, tree: Tree) -> Raw:
        return (syntax.Number.kind, tree.start_byte, tree.end_byte, self.text(tree))

    def _constant(self, tree: Tree) -> Raw:
        return (syntax.Constant.kind, tree.start_byte, tree.end_byte, self.text(tree))

    def _collection(self, tree: Tree, form: str) -> Raw:
        items = self._all(self.named(tree))
        return (syntax.Collection.kind, tree.start_byte, tree.end_byte, form, items)

    def _list(self, tree: Tree) -> Raw:
        return self._collection(tree, "list")

    def _tuple(self, tree: Tree) -> Raw:
        return self._collection(tree, "tuple")

    def _set(self, tree: Tree) -> Raw:
        return self._collection(tree, "set")

    def _dict(self, tree: Tree) -> Raw:
        pairs = tuple([self._pair(child) for child in self.named(tree)])
        return (syntax.Dict.kind, tree.start_byte, tree.end_byte, pairs)

    def _pair(self, tree: Tree) -> Raw:
        key, value = tree.child_by_field_name("key"), tree.child_by_field_name("value")
        if value is None:
            named = self.named(tree)
            read = self.expression(named[-1]) if named else self._unparsed(tree)
            return (syntax.Pair.kind, tree.start_byte, tree.end_byte, None, read)
        read_key = self.optional(key)
        return (syntax.Pair.kind, tree.start_byte, tree.end_byte, read_key, self.expression(value))

    def _slice(self, tree: Tree) -> Raw:
        parts = self._all(self.named(tree))
        return (syntax.Slice.kind, tree.start_byte, tree.end_byte, parts)


def _decoded(text: str, *, raw: bool) -> str:
    text = text[:LONGEST_TEXT]
    if raw or "\\" not in text:
        return text
    try:
        return codecs.decode(text.encode("latin-1", "backslashreplace"), "unicode_escape")
    except UnicodeDecodeError:
        return text
