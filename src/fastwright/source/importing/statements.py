"""The import statements at the top level of a file, with the places of their names."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import tree_sitter

from fastwright.source import facts

# Of these nodes, the part that is no name of its own.
_PARTS = {"attribute": "object", "keyword_argument": "value"}
_DIGITS = re.compile(r"\d+")
_STATEMENTS = {"import_statement", "import_from_statement", "future_import_statement"}


@dataclass(frozen=True, slots=True, order=True)
class Import:
    """`import module` or `from module import name`, `as alias` where there is one."""

    module: str
    name: str | None = None
    alias: str | None = None

    @property
    def local(self) -> str:
        """Return the name that it gives to the file."""
        return self.alias or self.name or self.module.partition(".")[0]

    @property
    def item(self) -> str:
        """Return what stands behind `import`."""
        return (self.name or self.module) + (f" as {self.alias}" if self.alias else "")

    def __str__(self) -> str:
        return f"from {self.module} import {self.item}" if self.name else f"import {self.item}"


@dataclass(frozen=True, slots=True)
class Item:
    """One name of a statement; `start` and `end` are offsets in bytes."""

    imported: Import
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Statement:
    """An import statement; `module` is None for `import a, b`."""

    module: str | None
    items: tuple[Item, ...]
    start: int
    end: int
    is_star: bool

    @property
    def sort_key(self) -> tuple[bool, str]:
        """Return what statements of a section are sorted by: `import` first, then modules."""
        named = self.module if self.module is not None else self.items[0].imported.module
        return self.module is not None, natural(named)


def natural(name: str) -> str:
    """Return what a name is sorted by: in lower case, `v2` before `v10`."""
    return _DIGITS.sub(lambda found: found[0].zfill(9), name.lower())


def top_level(tree: tree_sitter.Tree) -> list[Statement]:
    """Return the import statements that stand at the top level, in the order of the file."""
    return [
        _statement(node)
        for node in tree.root_node.named_children
        if node.type in _STATEMENTS and not node.has_error
    ]


def parse(text: bytes) -> tree_sitter.Tree:
    """Return the syntax tree of a file's text."""
    return facts.parse(text)


def section(module: str, own: frozenset[str]) -> int:
    """Return which group of imports a module belongs to; `own` are the codebase's top names."""
    top = module.partition(".")[0]
    if module == "__future__":
        return 0
    if module.startswith("."):
        return 4
    if top in own:
        return 3
    return 1 if top in sys.stdlib_module_names else 2


def _statement(node: tree_sitter.Node) -> Statement:
    module = node.child_by_field_name("module_name")
    named = "__future__" if node.type == "future_import_statement" else module and _text(module)
    items = tuple(
        _item(each, named) for each in node.children_by_field_name("name") if each.is_named
    )
    is_star = any(each.type == "wildcard_import" for each in node.children)
    return Statement(named, items, node.start_byte, node.end_byte, is_star)


def _item(node: tree_sitter.Node, module: str | None) -> Item:
    alias = None
    name = node
    if node.type == "aliased_import":
        found = node.child_by_field_name("alias")
        alias = _text(found) if found else None
        name = node.child_by_field_name("name") or node
    shown = _text(name)
    imported = Import(module, shown, alias) if module else Import(shown, None, alias)
    return Item(imported, node.start_byte, node.end_byte)


def _text(node: tree_sitter.Node) -> str:
    return (node.text or b"").decode("utf-8", "replace").replace(" ", "")


def identifiers(node: tree_sitter.Node) -> Iterator[str]:
    """Yield the names that are used below a node, and strings; not those in import statements.

    Names of attributes and of keyword arguments are left aside: they belong to something else.
    """
    pending = [node]
    while pending:
        current = pending.pop()
        if current.type in {"identifier", "string_content"}:
            yield _text(current)
        part = _PARTS.get(current.type)
        if part is not None:
            pending += [each for each in [current.child_by_field_name(part)] if each is not None]
        elif current.type not in _STATEMENTS:
            pending.extend(current.children)
