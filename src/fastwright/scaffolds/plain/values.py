"""The Python types of fields, and their default values."""

from decimal import Decimal

from fastwright.scaffolds.fields import Field, Kind

NOW = "lambda: datetime.now(timezone.utc)"

PYTHON = {
    Kind.STR: "str",
    Kind.TEXT: "str",
    Kind.EMAIL: "str",
    Kind.URL: "str",
    Kind.SLUG: "str",
    Kind.INT: "int",
    Kind.FLOAT: "float",
    Kind.DECIMAL: "Decimal",
    Kind.BOOL: "bool",
    Kind.DATE: "date",
    Kind.TIME: "time",
    Kind.DATETIME: "datetime",
    Kind.UUID: "UUID",
    Kind.JSON: "dict[str, Any]",
}
# How a value is read back from the text of a cursor, for what can be sorted by.
PARSERS = {
    Kind.STR: "str",
    Kind.EMAIL: "str",
    Kind.SLUG: "str",
    Kind.INT: "int",
    Kind.FLOAT: "float",
    Kind.DECIMAL: "Decimal",
    Kind.DATE: "date.fromisoformat",
    Kind.TIME: "time.fromisoformat",
    Kind.DATETIME: "datetime.fromisoformat",
}


def default_of(field: Field) -> tuple[str | None, str | None]:
    """Return Python for a field's default: for the value, or for a function that makes one."""
    match field.kind, field.default:
        case Kind.DATETIME, "now":
            return None, NOW
        case Kind.DATE, "today":
            return None, "date.today"
        case Kind.DATETIME | Kind.DATE | Kind.TIME, str() as text:
            return f'{PYTHON[field.kind]}.fromisoformat("{text}")', None
        case Kind.DECIMAL, value:
            return f'Decimal("{value}")', None
        case Kind.FLOAT, int() | float() | Decimal() as value:
            return repr(float(value)), None
        case _, value:
            return repr(value), None
