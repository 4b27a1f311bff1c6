"""The default values of fields, in Python."""

from decimal import Decimal

from fastwright.scaffolds.fields import PYTHON, Field, Kind
from fastwright.scaffolds.room import Room

NOW = "lambda: datetime.now(timezone.utc)"


def now(name: str, room: Room) -> str:
    """Return Python for the moment, as a column of that name holds it."""
    moment = NOW.removeprefix("lambda: ")
    return f"{moment}.replace(tzinfo=None)" if is_naive(name, room) else moment


def is_naive(name: str, room: Room) -> bool:
    """Tell whether a moment comes from the base, without its offset."""
    return name in room.base_columns and not room.base_columns[name].has_timezone


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
