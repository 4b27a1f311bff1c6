"""What a field adds to constants.py: its limits, its choices, and what lists are sorted by."""

from fastwright.scaffolds import names
from fastwright.scaffolds.draft import Draft
from fastwright.scaffolds.house.columns import Column
from fastwright.scaffolds.new_fields.imports import add as add_imports
from fastwright.scaffolds.new_fields.target import Target, body_of
from fastwright.scaffolds.splicing import (
    CannotBePutError,
    Node,
    assignments,
    behind,
    definition,
    parse,
)


def defined(column: Column) -> set[str]:
    """Return the names that a field has there."""
    stated = {line.partition(" =")[0] for line in column.limits}
    return stated | ({column.choices} if column.choices else set())


def add(draft: Draft, target: Target, column: Column) -> None:
    """State the limits and the choices of a field."""
    path = target.path("constants")
    written = [*column.limits, *([_choices(column)] if column.choices else [])]
    if not written:
        return
    if draft.text(path) is None:
        draft.put(path, f'"""Names and limits of {names.spaced(target.domain)}."""\n')
    draft.change(
        path,
        lambda text, _: _stated(text, column),
        snippet="\n".join(written),
        why="The constants there share their lines with others.",
    )
    add_imports(draft, target, path, "\n".join(written), constants=set())


def _stated(text: bytes, column: Column) -> bytes:
    root = parse(text)
    known = dict(assignments(root))
    for line in column.limits:
        if line.partition(" =")[0] not in known:
            last = list(dict(assignments(parse(text))).values())
            text = behind(text, last[-1], line) if last else text + f"\n{line}\n".encode()
    if column.choices and definition(parse(text), column.choices) is None:
        text = text.rstrip() + f"\n\n\n{_choices(column)}".encode()
    return text


def _choices(column: Column) -> str:
    members = "".join(f'    {member} = "{value}"\n' for member, value in column.members)
    return f"class {column.choices}(StrEnum):\n{members}"


def add_order(draft: Draft, target: Target, column: Column) -> bool:
    """Let lists be sorted by a field; tell whether there is an enum of what they can be."""
    sort = f"{target.model}Sort"
    lines = (
        f'{column.name.upper()} = "{column.name}"\n'
        f'{column.name.upper()}_DESCENDING = "-{column.name}"'
    )
    if body_of(draft.root_of(target.path("constants")), sort) is None:
        return False

    def change(text: bytes, root: Node) -> bytes:
        body = body_of(root, sort)
        members = dict(assignments(body)) if body else {}
        if not members:
            raise CannotBePutError
        if column.name.upper() in members:
            return text
        return behind(text, list(members.values())[-1], lines)

    return draft.change(
        target.path("constants"), change, snippet=lines, why=f"`{sort}` has no members."
    )
