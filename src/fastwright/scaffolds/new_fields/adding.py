"""Adds a field to a domain: in its tables, schemas, statements and tests."""

from dataclasses import replace
from pathlib import Path

from fastwright.errors import ConflictsError
from fastwright.scaffolds.draft import Draft, Outcome
from fastwright.scaffolds.fields import Field
from fastwright.scaffolds.house import unfit
from fastwright.scaffolds.house.columns import Column
from fastwright.scaffolds.house.unfit import Owner
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
from fastwright.scaffolds.new_fields.target import Target, read
from fastwright.scaffolds.rooms import house
from fastwright.scaffolds.splicing import definitions, text_of


def add_field(
    root: Path, domain: str, field: Field, *, existing_rows: str | None = None
) -> Outcome:
    """Return what becomes of the files of a project in which a domain has one more field.

    `existing_rows` says what rows that are there already get, as a default would. Raises
    `UnknownRoomError` where the project is not ours, `UnknownDomainError` where the domain is not
    there, `OptionError` where it cannot have the field, `ConflictsError` where it has another of
    this name, and `ExistingRowsError` where nobody can know what existing rows get.
    """
    room = house.ours(root, "fields")
    draft = Draft(root)
    target = read(draft, domain)
    unfit.check(field, Owner(domain, target.entity, target.table, target.is_blanked), room)
    column = Column(field, target.entity, room.tables[field.target].table if field.target else None)
    _refuse_another_of_this_name(draft, target, column)
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
    outcome = draft.outcome()
    if column.name in target.columns and (outcome.files or outcome.in_the_way):
        raise ConflictsError(f"{domain} has `{column.name}` already, and it is not this one.")
    if filled is None:
        return outcome
    sql, words = filled
    note = f"Rows that are there already get {words} as their {column.name}."
    return replace(
        outcome,
        notes=(*outcome.notes, note),
        existing={f"{target.table}.{column.name}": sql},
    )


def _refuse_another_of_this_name(draft: Draft, target: Target, column: Column) -> None:
    """Raise `ConflictsError` where a schema has something of this name that is no column."""
    root = draft.root_of(target.path("schemas"))
    for schema in definitions(root) if root and column.name not in target.columns else ():
        name = text_of(schema.child_by_field_name("name"))
        if name.startswith(target.model) and column.name in schemas.fields_of(root, name):
            raise ConflictsError(
                f"`{name}` in {target.path('schemas')} has `{column.name}` already, which is no "
                f"column of {target.domain}: call the new one something else."
            )
