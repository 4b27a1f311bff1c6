"""Adds imports to a file's text: to a statement that is there, or as one of its section."""

import re

import tree_sitter

from fastwright.source.edits import Edit, apply
from fastwright.source.importing.statements import (
    Import,
    Item,
    Statement,
    natural,
    parse,
    section,
    top_level,
)

_WIDEST = 88
_DEFINITIONS = {"function_definition", "class_definition", "decorated_definition"}
_MARK = b"\xef\xbb\xbf"
_FOR_FILE = re.compile(rb"#!|#.*coding[:=]")
_FUTURE, _STANDARD, _LIBRARY, _OWN = range(4)


def add(text: bytes, wanted: Import, own: frozenset[str] = frozenset()) -> bytes:
    """Return a text that has an import at its top level; unchanged if it was there.

    `own` are the first names of the codebase's own modules, which form a section of their own.
    """
    tree = parse(text)
    statements = top_level(tree)
    if any(item.imported == wanted for each in statements for item in each.items):
        return text
    leading = _leading(tree, statements)
    same = [
        each
        for each in leading
        if wanted.name
        and not _has_one_a_line(leading)
        and each.module == wanted.module
        and each.items
        and not each.is_star
        # An alias stands in a statement of its own.
        and not wanted.alias
        and not any(item.imported.alias for item in each.items)
    ]
    edit = _joined(text, same[-1], wanted) if same else _placed(text, tree, leading, wanted, own)
    return apply(text, [edit])


def _leading(tree: tree_sitter.Tree, statements: list[Statement]) -> list[Statement]:
    """Return the imports above the first definition, or all where there are none above it."""
    ends = (node.start_byte for node in tree.root_node.named_children if node.type in _DEFINITIONS)
    first = next(ends, None)
    above = [each for each in statements if first is None or each.start < first]
    return above or statements


def _has_one_a_line(statements: list[Statement]) -> bool:
    """Tell whether each name is imported by a statement of its own, several of one module too."""
    named = [each for each in statements if each.module is not None and not each.is_star]
    modules = [each.module for each in named]
    return len(set(modules)) < len(modules) and all(len(each.items) == 1 for each in named)


def _joined(text: bytes, statement: Statement, wanted: Import) -> Edit:
    """Return the edit that adds a name to a `from` statement."""
    items = statement.items
    is_sorted = list(items) == sorted(items, key=_item_key) or len(items) == 1
    later = [each for each in items if _item_key(each) > _key(wanted)] if is_sorted else []
    before = text[: statement.start].rpartition(b"\n")[2]
    block = text[statement.start : statement.end]
    if b"\n" not in block or b"(" not in block:
        return _on_one_line(text, statement, wanted, later, len(before))
    if later:
        start = _with_comments(text, later[0].start)
        return Edit("", start, start, f"{wanted.item},{_between(text, start)}")
    last = items[-1]
    behind = text[last.end : statement.end]
    between = _between(text, last.start)
    rest = behind.splitlines()[0]
    if b"#" in rest:  # which stays with the name that it is about
        ends = "," if rest.lstrip().startswith(b",") else ""
        shown = ("" if ends else ",") + rest.decode()
        return Edit("", last.end, last.end + len(rest), f"{shown}{between}{wanted.item}{ends}")
    if behind.lstrip().startswith(b","):
        end = last.end + behind.index(b",") + 1
        return Edit("", end, end, f"{between}{wanted.item},")
    return Edit("", last.end, last.end, f",{between}{wanted.item}")


def _between(text: bytes, start: int) -> str:
    """Return what separates names: a line end where the one at `start` begins a line."""
    line = text[:start].rpartition(b"\n")[2]
    return " " if line.strip() else "\n" + line.decode()


def _with_comments(text: bytes, start: int) -> int:
    """Return where the comments right above a name begin, or the name if there are none."""
    line = text.rfind(b"\n", 0, start) + 1
    while not text[line:start].strip():
        above = text.rfind(b"\n", 0, max(line - 1, 0)) + 1
        shown = text[above:line]
        if above == line or not shown.lstrip().startswith(b"#"):
            break
        start, line = above + len(shown) - len(shown.lstrip()), above
    return start


def _on_one_line(
    text: bytes, statement: Statement, wanted: Import, later: list[Item], indent: int
) -> Edit:
    line_end = text.find(b"\n", statement.end)
    line = text[statement.end : line_end if line_end >= 0 else len(text)]
    block = text[statement.start : statement.end].decode("utf-8", "replace")
    last_line = block.rpartition("\n")[2]
    width = indent + len(last_line) + len(wanted.item) + 2 + len(line.decode("utf-8", "replace"))
    if width > _WIDEST and not line.strip():
        names = [each.imported.item for each in statement.items]
        names.insert(len(names) - len(later), wanted.item)
        listed = "".join(f"    {name},\n" for name in names)
        new = f"from {statement.module} import (\n{listed})"
        return Edit("", statement.start, statement.end, new)
    if later:
        return Edit("", later[0].start, later[0].start, f"{wanted.item}, ")
    end = statement.items[-1].end
    return Edit("", end, end, f", {wanted.item}")


def order(name: str) -> tuple[int, str]:
    """Return what the names of a module are sorted by."""
    return _key(Import("", name))[:2]


def _key(imported: Import) -> tuple[int, str, str, str]:
    """Return what names are sorted by: constants, classes, then the others."""
    name = imported.name or imported.module
    rank = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return rank, natural(name), name, imported.alias or ""


def _item_key(item: Item) -> tuple[int, str, str, str]:
    return _key(item.imported)


def _placed(
    text: bytes,
    tree: tree_sitter.Tree,
    leading: list[Statement],
    wanted: Import,
    own: frozenset[str],
) -> Edit:
    """Return the edit that adds a statement where the file's own order would have it."""
    ours = section(wanted.module, own)
    key = wanted.name is not None, natural(wanted.module), *_key(wanted)
    sections = [(section(_named(each), own), each) for each in leading]
    same = [each for number, each in sections if number == ours]
    later = [each for each in same if _statement_key(each) > key]
    if later:
        return _before(text, later[0], f"{wanted}\n")
    if same:
        return _behind(text, same[-1], f"{wanted}\n")
    before = [each for number, each in sections if number < ours]
    behind = [each for number, each in sections if number > ours]
    if behind and (not before or behind[0].start > before[-1].start):
        return _before(text, behind[0], f"{wanted}\n\n")
    if before:
        return _behind(text, before[-1], f"\n{wanted}\n")
    return _at_top(text, tree, wanted)


def _statement_key(statement: Statement) -> tuple[bool, str, int, str, str, str]:
    name = _item_key(statement.items[0]) if statement.items else (0, "", "", "")
    return *statement.sort_key, *name


def _named(statement: Statement) -> str:
    return statement.module if statement.module is not None else statement.items[0].imported.module


def _before(text: bytes, statement: Statement, new: str) -> Edit:
    start = text.rfind(b"\n", 0, statement.start) + 1
    return Edit("", start, start, new)


def _behind(text: bytes, statement: Statement, new: str) -> Edit:
    end = text.find(b"\n", statement.end)
    if end < 0:
        return Edit("", len(text), len(text), "\n" + new)
    return Edit("", end + 1, end + 1, new)


def _at_top(text: bytes, tree: tree_sitter.Tree, wanted: Import) -> Edit:
    """Return the edit for a file without imports: below its docstring and first comments."""
    position = len(_MARK) if text.startswith(_MARK) else 0
    top = position
    for node in tree.root_node.children:
        is_docstring = node.type == "expression_statement" and (
            node.child_count == 1 and node.children[0].type == "string"
        )
        if node.type != "comment" and not is_docstring:
            break
        end = text.find(b"\n", node.end_byte)
        following = end + 1 if end >= 0 else len(text)
        # Comments right above code belong to it, but for those that only the first lines may hold.
        is_of_code = text[following:].split(b"\n", 1)[0].strip()
        if is_docstring or not is_of_code or _FOR_FILE.match(text, node.start_byte):
            position = following
        if is_docstring:
            break
    lead = "\n" if position > top else ""
    if position > top and not text[:position].endswith(b"\n"):
        lead = "\n\n"
    follows = text[position : position + 2]
    tail = "\n" if follows and not follows.startswith((b"\n", b"\r")) else ""
    code = next((each for each in tree.root_node.children if each.start_byte >= position), None)
    while code is not None and code.type == "comment":
        code = code.next_sibling
    if tail and code is not None and code.type in _DEFINITIONS:
        tail = "\n\n"
    return Edit("", position, position, f"{lead}{wanted}\n{tail}")
