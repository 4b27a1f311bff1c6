"""What a field adds to service.py, where that names fields one by one."""

import re

from fastwright.scaffolds.draft import Draft, Snippet
from fastwright.scaffolds.house.columns import Column
from fastwright.scaffolds.new_fields.target import Target, body_of
from fastwright.scaffolds.splicing import element_names, into, parse, text_of, walk
from fastwright.source.edits import Edit, apply

_CHANGED = re.compile(r"\b(\w+)\.\w+(?:, \w+\.\w+)* = changes\.")


def add(draft: Draft, target: Target, column: Column) -> None:
    """Hand a field on where its neighbours are, and empty it where they are emptied."""
    path = target.path("service")
    before = text = draft.text(path)
    if text is None:
        return
    if column.is_taken:
        text = _handed_on(text, target, column)
    if target.is_blanked:
        text = _emptied(text, target, column)
    if column.is_taken and not _is_updated(text, target):
        text = _taken_over(text, draft, target, column)
    if text != before:
        draft.put(path, text)


def _is_updated(text: bytes, target: Target) -> bool:
    """Tell whether changes are taken over whatever their fields are."""
    body = text_of(body_of(parse(text), f"update_{target.entity}"))
    return not body or "changes.model_dump(" in body


def _taken_over(text: bytes, draft: Draft, target: Target, column: Column) -> bytes:
    """Let what takes changes over one by one take over the field's, before any other."""
    body = body_of(parse(text), f"update_{target.entity}")
    given = f'"{column.name}" in changes.model_fields_set'
    for statement in body.named_children if body else ():
        condition = text_of(statement.child_by_field_name("condition"))
        if statement.type != "if_statement" or "in changes.model_fields_set" not in condition:
            continue
        if given in text_of(body):
            return text
        changed = _CHANGED.search(text_of(statement))
        if changed is None:
            break
        code = (
            f"    if {given}:\n"
            f"        {changed[1]}.{column.name} = changes.{column.name}\n"
            "        await session.flush()\n"
        )
        start = text.rfind(b"\n", 0, statement.start_byte) + 1
        return apply(text, [Edit("", start, start, code)])
    draft.leave(
        Snippet(
            target.path("service"),
            f"    if {given}:\n        {target.entity}.{column.name} = changes.{column.name}",
            f"`update_{target.entity}` does not show how it takes changes over.",
        )
    )
    return text


def _handed_on(text: bytes, target: Target, column: Column) -> bytes:
    """Let calls of the model that are given `title=new.title` be given the field too."""
    for node in walk(parse(text)):
        if node.type != "call" or text_of(node.child_by_field_name("function")) != target.model:
            continue
        arguments = node.child_by_field_name("arguments")
        given = element_names(arguments) if arguments else []
        handed = {f"{name}=new.{name}" for name in target.created} & set(given)
        is_there = any(each.startswith(f"{column.name}=") for each in given)
        if arguments is not None and handed and not is_there:
            return into(text, arguments, f"{column.name}=new.{column.name}")
    return text


def _emptied(text: bytes, target: Target, column: Column) -> bytes:
    """Let what empties the row of something deleted empty the field too."""
    emptied = {f"{name}=None" for name in target.created}
    for node in walk(parse(text)):
        if node.type != "argument_list" or not emptied & set(element_names(node)):
            continue
        parent = node.parent
        called = text_of(parent.child_by_field_name("function")) if parent else ""
        if called.endswith(".values") and f"{column.name}=None" not in element_names(node):
            return into(text, node, f"{column.name}=None")
    return text
