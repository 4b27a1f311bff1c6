"""The default values of fields, in Python."""

from decimal import Decimal

from fastwright.scaffolds.fields import PYTHON, Field, Kind

NOW = "lambda: datetime.now(timezone.utc)"


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
