"""What a field adds to statements: it is selected where its neighbours are, and filtered by."""

import re

from fastwright.scaffolds.draft import Draft, Snippet
from fastwright.scaffolds.house.columns import Column
from fastwright.scaffolds.new_fields import constants, schemas
from fastwright.scaffolds.new_fields.target import Target, body_of
from fastwright.scaffolds.splicing import (
    Node,
    assignment,
    assignments,
    element_names,
    into,
    parse,
    text_of,
    walk,
)

_MIXED_IN = {"id", "created_at", "updated_at"}


def select(draft: Draft, target: Target, column: Column, answering: str) -> None:
    """Select a field wherever all of its neighbours in the response are selected by name."""
    model = body_of(draft.root_of(target.path("models")), target.model)
    columns = {name for name, _ in assignments(model)} if model else set()
    fields = schemas.fields_of(draft.root_of(target.path("schemas")), answering)
    beside = [name for name in fields if name in columns | _MIXED_IN and name != column.name]
    selected = f"col({target.model}.{column.name})"
    found = False
    for part in ("statements", "service"):
        text = draft.text(target.path(part))
        while text is not None:
            changed = _selected(text, target, beside, selected)
            if changed is None:
                break
            text, found = changed, True
            draft.put(target.path(part), text)
        found = found or (text is not None and f"select({target.model})".encode() in text)
        found = found or (text is not None and selected.encode() in text)
    if not found:
        draft.leave(
            Snippet(
                target.path("statements"),
                f"    {selected},",
                f"What is selected for `{answering}` was not found.",
            )
        )


def _selected(text: bytes, target: Target, beside: list[str], selected: str) -> bytes | None:
    """Return a text in which one more list of columns has the field; None if all have it."""
    anchor = target.anchor([name for name in beside if name in target.created])
    for node in walk(parse(text)):
        if node.type not in {"tuple", "list"} and not _is_selection(node):
            continue
        elements = element_names(node)
        names = {_column(each, target.model) for each in elements}
        if not set(beside) <= names or selected in elements or not anchor:
            continue
        named = [each for each in node.named_children if each.type != "comment"]
        after = next(each for each in named if _column(text_of(each), target.model) == anchor)
        return into(text, node, selected, after=after)
    return None


def _is_selection(node: Node) -> bool:
    """Tell whether these are the arguments of a `select`."""
    called = text_of(node.parent.child_by_field_name("function")) if node.parent else ""
    return node.type == "argument_list" and called.rpartition(".")[2] == "select"


def _column(element: str, model: str) -> str | None:
    found = re.fullmatch(rf"(?:col\()?{model}\.(\w+)\)?", element)
    return found[1] if found else None


def narrow(draft: Draft, target: Target, column: Column) -> None:
    """Let lists be filtered by a field with an index, and sorted where values can be in order."""
    path = target.path("statements")
    root = draft.root_of(path)
    there = assignment(root, "FILTERS") if root else None
    if there is None:
        draft.note(
            f"{column.name} has an index; what `{target.model}Filters` and the statements make of "
            "it is left to you: the lists there are not filtered by name."
        )
        return
    for name in schemas.add_filter(draft, target, column):
        sign = {"from": ">=", "to": "<="}.get(name.rpartition("_")[2], "==")
        sign = sign if column.is_range else "=="
        condition = f'col({target.model}.{column.name}) {sign} bindparam("by_{name}")'
        _put(draft, path, "FILTERS", name, f'"{name}": {condition}')
    root = draft.root_of(path)
    places = assignment(root, "PLACES") if root else None
    if column.is_sorted_by and places is not None and constants.add_order(draft, target, column):
        for member in (column.name.upper(), f"{column.name.upper()}_DESCENDING"):
            key = f"{target.model}Sort.{member}"
            _put(draft, path, "PLACES", key, f"{key}: col({target.model}.{column.name})")


def _put(draft: Draft, path: str, name: str, key: str, pair: str) -> None:
    def change(text: bytes, root: Node) -> bytes:
        there = assignment(root, name)
        holder = there.child_by_field_name("right") if there else None
        if holder is None:
            return text
        is_there = any(each.startswith((f'"{key}"', f"{key}:")) for each in element_names(holder))
        return text if is_there else into(text, holder, pair)

    draft.change(
        path, change, snippet=f"    {pair},", why=f"{name} is no dict that is written out."
    )
