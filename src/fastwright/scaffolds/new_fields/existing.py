"""What rows that are there already get in a new column that cannot be empty."""

from dataclasses import replace

from fastwright.errors import ExistingRowsError
from fastwright.scaffolds.fields import Field, Kind, Value
from fastwright.scaffolds.language import parse, spell

_BY_KIND = {
    Kind.LIST: ("'{}'", "an empty list"),
    Kind.JSON: ("'{}'", "an empty object"),
    Kind.UUID: ("gen_random_uuid()", "a UUID of their own"),
}
_MOMENTS = {"now": "now()", "today": "(now() AT TIME ZONE 'UTC')::date"}


def value_for(field: Field, stated: str | None) -> tuple[str, str] | None:
    """Return SQL for what existing rows get, and the same in words; None where they have a default.

    `stated` is the user's own, as in a default. Raises `ExistingRowsError` where nobody can know.
    """
    if field.default is not None:
        return None
    if stated is not None:
        value = parse(f"{spell(field)}={stated}").default
        return _sql(value), f"“{stated}”"
    if field.kind in _BY_KIND and not (field.kind is Kind.LIST and field.minimum):
        return _BY_KIND[field.kind]
    raise ExistingRowsError(
        f"There may be rows that have no {field.name} yet, and it cannot be empty. Let it be, as "
        f"below, or state a default behind a =, or what these rows get with --existing.",
        suggestion=spell(replace(field, optional=True)),
    )


def _sql(value: Value | None) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str() if value in _MOMENTS:
            return _MOMENTS[value]
        case str():
            return "'" + value.replace("'", "''") + "'"
        case _:
            return f"{value}"
