"""What a field adds to models.py: its column, and its conditions and index among the table's."""

from fastwright.scaffolds.draft import Draft
from fastwright.scaffolds.fields import Field, Kind
from fastwright.scaffolds.house.columns import Column
from fastwright.scaffolds.new_fields.constants import defined
from fastwright.scaffolds.new_fields.imports import add as add_imports
from fastwright.scaffolds.new_fields.target import Target, body_of
from fastwright.scaffolds.splicing import (
    CannotBePutError,
    Node,
    assignment,
    assignments,
    behind,
    into,
    parse,
)

_ARGUMENTS = "__table_args__"


def add(draft: Draft, target: Target, column: Column) -> None:
    """Give the model a column."""
    line = _line(target, column)
    arguments = _table_arguments(target, column)
    draft.change(
        target.path("models"),
        lambda text, _: _with_column(text, target, column, line, arguments),
        snippet="\n".join([line, *(f"# in {_ARGUMENTS}: {each}," for each in arguments)]),
        why=f"`{target.model}` has no place where a column can be put safely.",
    )
    code = "\n".join([line.partition(":")[2], *arguments])
    add_imports(draft, target, target.path("models"), code, constants=defined(column))


def can_be_null(target: Target, column: Column) -> bool:
    """Tell whether a row may have nothing there."""
    return column.field.optional or target.is_blanked


def _line(target: Target, column: Column) -> str:
    """Return the declaration of the column.

    A default is PostgreSQL's too: rows that are there already have it, and so have those that the
    application of before makes while it is replaced.
    """
    is_null = can_be_null(target, column)
    inside = []
    if column.has_factory:
        inside.append(f"default_factory={column.default}")
    elif is_null or column.default is not None:
        inside.append(f"default={column.default}")
    inside += [each for each in column.column if each != "unique=True"]
    if column.field.unique and not target.is_soft_deleted:
        inside.append("unique=True")
    if column.field.default is not None:
        inside.append(f'sa_column_kwargs={{"server_default": {_server_default(column.field)}}}')
    declared = f"{column.name}: {column.type}{' | None' if is_null else ''}"
    return f"{declared} = Field({', '.join(inside)})" if inside else declared


def _server_default(field: Field) -> str:
    """Return Python for the default as PostgreSQL has it."""
    match field.default:
        case "now" if field.kind is Kind.DATETIME:
            return "func.now()"
        case "today" if field.kind is Kind.DATE:
            return "text(\"(now() AT TIME ZONE 'UTC')::date\")"
        case bool():
            return f'"{str(field.default).lower()}"'
        case _:
            return repr(str(field.default))


def _table_arguments(target: Target, column: Column) -> list[str]:
    """Return the conditions and indexes that the table gets."""
    found = [f'CheckConstraint({column.check}, "{column.name}")'] if column.check else []
    is_key = column.field.index or column.is_reference
    if is_key and not column.field.unique:
        found.append(f'Index("{target.entity}_{column.name}_idx", "{column.name}", "id")')
    if column.field.unique and target.is_soft_deleted:
        there = 'postgresql_where=text("deleted_at IS NULL")'
        name = f'"{target.entity}_{column.name}_key"'
        found.append(f'Index({name}, "{column.name}", unique=True, {there})')
    return found


def _with_column(
    text: bytes, target: Target, column: Column, line: str, arguments: list[str]
) -> bytes:
    body = _body(text, target)
    fields = dict(assignments(body))
    anchor = target.anchor(list(fields)) or list(fields)[-1]
    if column.name in fields:
        return text
    text = behind(text, fields[anchor], line)
    for each in arguments:
        body = _body(text, target)
        there = assignment(body, _ARGUMENTS)
        holder = there.child_by_field_name("right") if there else None
        if holder is not None:
            text = into(text, holder, each)
        else:
            name = assignment(body, "__tablename__")
            if name is None:
                raise CannotBePutError
            text = behind(text, name, f"{_ARGUMENTS} = (\n    {each},\n)")
    return text


def _body(text: bytes, target: Target) -> Node:
    body = body_of(parse(text), target.model)
    if body is None or not dict(assignments(body)):
        raise CannotBePutError
    return body
