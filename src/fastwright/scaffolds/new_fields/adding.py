"""Adds a field to a domain: in its tables, schemas, statements and tests."""

from dataclasses import replace
from pathlib import Path

from fastwright.errors import UnknownDomainError
from fastwright.scaffolds.draft import Draft, Outcome
from fastwright.scaffolds.fields import Field
from fastwright.scaffolds.house.columns import Column
from fastwright.scaffolds.new_fields import (
    conflicts,
    constants,
    existing,
    models,
    schemas,
    service,
    statements,
    tests,
)
from fastwright.scaffolds.new_fields.target import read, table_of


def add_field(
    root: Path, domain: str, field: Field, *, existing_rows: str | None = None
) -> Outcome:
    """Return what becomes of the files of a project in which a domain has one more field.

    `existing_rows` says what rows that are there already get, as a default would. Raises
    `UnknownDomainError` where a domain is not there, and `ExistingRowsError` where nobody can know
    what existing rows get.
    """
    draft = Draft(root)
    target = read(draft, domain)
    column = Column(field, target.entity, _table(draft, field))
    fills = not field.optional and not target.is_blanked
    filled = existing.value_for(field, existing_rows) if fills else None
    constants.add(draft, target, column)
    models.add(draft, target, column)
    answering = schemas.add(draft, target, column)
    if answering:
        statements.select(draft, target, column, answering)
    if column.is_indexed and not target.is_blanked:
        statements.narrow(draft, target, column)
    service.add(draft, target, column)
    if field.unique or column.is_reference:
        conflicts.add(draft, target, column)
    tests.add(draft, target, column, answering)
    if filled is None:
        return draft.outcome()
    sql, words = filled
    draft.note(f"Rows that are there already get {words} as their {column.name}.")
    return replace(draft.outcome(), existing={f"{target.table}.{column.name}": sql})


def _table(draft: Draft, field: Field) -> str | None:
    if field.target is None:
        return None
    table = table_of(draft, field.target)
    if table is None:
        raise UnknownDomainError(
            f"There is no domain {field.target} that {field.name} could be of."
        )
    return table
