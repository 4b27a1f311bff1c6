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


def value_for(field: Field, stated: str | None) -> tuple[str, str]:
    """Return SQL for what existing rows get, and the same in words.

    `stated` is the user's own, as in a default. Raises `ExistingRowsError` where nobody can know.
    """
    if stated is not None:
        field = parse(f"{spell(replace(field, default=None))}={stated}")
    if field.default is not None:
        return _sql(field.default), f"“{stated or spell(field).partition('=')[2]}”"
    if field.kind in _BY_KIND and not (field.kind is Kind.LIST and field.minimum):
        return _BY_KIND[field.kind]
    asked = spell(field)
    raise ExistingRowsError(
        f"There may be rows that have no {field.name} yet, and it cannot be empty. Let it be, as "
        f"in {asked}?, or state a default behind a =; or what these rows get, with --existing.",
        suggestion=spell(replace(field, optional=True)),
    )


def _sql(value: Value) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str() if value in _MOMENTS:
            return _MOMENTS[value]
        case str():
            return "'" + value.replace("'", "''") + "'"
        case _:
            return f"{value}"
