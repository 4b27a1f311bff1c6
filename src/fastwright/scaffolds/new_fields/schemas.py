"""What a field adds to schemas.py: its type, what is sent, what is answered, what filters."""

from fastwright.scaffolds.draft import Draft
from fastwright.scaffolds.fields import Kind
from fastwright.scaffolds.house.columns import Column
from fastwright.scaffolds.new_fields.constants import defined
from fastwright.scaffolds.new_fields.imports import add as add_imports
from fastwright.scaffolds.new_fields.models import can_be_null
from fastwright.scaffolds.new_fields.target import Target, body_of
from fastwright.scaffolds.splicing import (
    CannotBePutError,
    Node,
    assignments,
    behind,
    definition,
    definitions,
    text_of,
)
from fastwright.source.edits import Edit, apply

_NOT_ANSWERED = ("Create", "Update", "Filters")
_LARGE = {Kind.TEXT, Kind.JSON}


def add(draft: Draft, target: Target, column: Column) -> str | None:
    """Add a field to the schemas; return the one that answers with it, if it is answered."""
    written = [column.definition or ""] if column.is_taken else [""]
    if column.is_taken:
        _define(draft, target, column)
        sent = f"{column.name}: {column.input}{column.or_none}"
        for schema, default in (("Create", _create_default(column)), ("Update", " = LEFT_OUT")):
            _declare(draft, target, f"{target.model}{schema}", f"{sent}{default}")
            written.append(sent + default)
    answering = response_of(draft, target, column) if column.is_shown else None
    if answering:
        or_none = " | None" if can_be_null(target, column) else ""
        answered = f"{column.name}: {column.output}{or_none}"
        _declare(draft, target, answering, answered)
        written.append(answered)
    code = "\n".join(each.partition(":")[2] if ": " in each else each for each in written)
    constants = defined(column)
    add_imports(draft, target, target.path("schemas"), f"{code}\n{written[0]}", constants=constants)
    return answering


def response_of(draft: Draft, target: Target, column: Column) -> str | None:
    """Return the schema of responses that a field belongs to.

    That is the first one with fields that are sent, which others build upon; what may be large
    belongs to the last of these, which lists do not have.
    """
    root = draft.root_of(target.path("schemas"))
    found = [
        text_of(each.child_by_field_name("name"))
        for each in (definitions(root) if root else ())
        if each.type == "class_definition"
        and text_of(each.child_by_field_name("name")).startswith(target.model)
        and not text_of(each.child_by_field_name("name")).endswith(_NOT_ANSWERED)
        and set(fields_of(root, text_of(each.child_by_field_name("name")))) & set(target.created)
    ]
    if not found:
        return None
    return found[-1] if column.field.kind in _LARGE else found[0]


def fields_of(root: Node | None, name: str) -> list[str]:
    """Return the fields that a class declares itself."""
    body = body_of(root, name)
    return [each for each, _ in assignments(body)] if body else []


def inherited_fields(root: Node | None, name: str) -> list[str]:
    """Return the fields of a class with those of its bases in the same file."""
    found = definition(root, name) if root else None
    bases = found.child_by_field_name("superclasses") if found else None
    inherited = [
        field
        for base in (bases.named_children if bases else ())
        for field in inherited_fields(root, text_of(base))
    ]
    return [*inherited, *fields_of(root, name)]


def add_filter(draft: Draft, target: Target, column: Column) -> list[str]:
    """Let lists be filtered by a field; return the names of its filters."""
    schema = f"{target.model}Filters"
    filters = {column.name: f"{column.filter_type} | None = None"}
    if column.is_range:
        filters = {
            f"{column.name}_{end}": f"{column.filter_type} | None = "
            f'Field(default=None, description="The {most} `{column.name}`")'
            for end, most in (("from", "least"), ("to", "most"))
        }
    for name, declared in reversed(filters.items()):  # each goes right behind the others
        _declare(draft, target, schema, f"{name}: {declared}")
    code = "\n".join(filters.values())
    add_imports(draft, target, target.path("schemas"), code, constants=defined(column))
    return list(filters)


def _create_default(column: Column) -> str:
    if column.has_factory:
        return f" = Field(default_factory={column.default})"
    return "" if column.default is None else f" = {column.default}"


def _define(draft: Draft, target: Target, column: Column) -> None:
    """Give the field's type its name, above the first class."""
    if column.alias is None:
        return
    line = f"{column.alias} = {column.definition}"

    def change(text: bytes, root: Node) -> bytes:
        known = dict(assignments(root))
        if column.alias in known:
            return text
        first = next(definitions(root), None)
        if first is None:
            raise CannotBePutError
        decorated = first.parent if first.parent and first.parent.type.startswith("dec") else first
        start = decorated.start_byte
        above = [node for node in known.values() if node.start_byte < start]
        if above:
            return behind(text, above[-1], line)
        return apply(text, [Edit("", start, start, f"{line}\n\n\n")])

    draft.change(
        target.path("schemas"), change, snippet=line, why="There are no schemas to put it above."
    )


def _declare(draft: Draft, target: Target, schema: str, line: str) -> None:
    """Declare a field of a schema, behind those that belong to the same domain."""
    name = line.partition(":")[0]

    def change(text: bytes, root: Node) -> bytes:
        body = body_of(root, schema)
        fields = dict(assignments(body)) if body else {}
        if not fields:
            raise CannotBePutError
        if name in fields:
            return text
        before_dates = [each for each in fields if not each.endswith("_at") and each != "sort"]
        anchor = target.anchor(list(fields)) or (before_dates or list(fields))[-1]
        return behind(text, fields[anchor], line)

    draft.change(
        target.path("schemas"),
        change,
        snippet=f"# in {schema}:\n    {line}",
        why=f"There is no `{schema}` with fields to put it behind.",
    )
