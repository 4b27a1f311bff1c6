"""Values for the tests of a field: two that are good, and those that cannot be."""

from datetime import UTC, datetime, time
from decimal import Decimal

from fastwright.scaffolds import names
from fastwright.scaffolds.fields import Field, Kind

_BIGGEST = 2**63 - 1
_SHORT = 100  # characters
_FIXED: dict[Kind, tuple[str, str]] = {
    Kind.DATE: ("2026-01-31", "2026-02-28"),
    Kind.TIME: ("09:30:00", "17:45:00"),
    Kind.DATETIME: ("2026-01-31T09:30:00Z", "2026-02-28T17:45:00Z"),
    Kind.UUID: ("7d444840-9dc0-11d1-b245-5ffdce74fad2", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
    Kind.EMAIL: ("first@example.com", "second@example.com"),
}
_NUMBERED = {
    Kind.EMAIL: 'f"somebody.{number}@example.com"',
    Kind.URL: 'f"https://example.com/{number}"',
    Kind.DATE: "date(2026, 1, 1) + timedelta(days=number)",
    Kind.DATETIME: "FIRST_MOMENT + timedelta(minutes=number)",
    Kind.TIME: "(FIRST_MOMENT + timedelta(minutes=number)).time()",
    Kind.UUID: "UUID(int=number)",
}
_WRONG: dict[Kind, tuple[object, ...]] = {
    Kind.STR: (7, ["x"], "nul\x00"),
    Kind.TEXT: (7, ["x"], "nul\x00"),
    Kind.EMAIL: ("", "x", "@example.com", 7),
    Kind.URL: ("", "x", "ftp://example.com", "javascript:alert(1)", 7),
    Kind.SLUG: ("", "Not a slug", "a--b", "-", 7),
    Kind.INT: ("x", "1", 1.5, True),
    Kind.FLOAT: ("x", "1", True),
    Kind.DECIMAL: ("x", "NaN", True),
    Kind.BOOL: ("x", "true", 1),
    Kind.DATE: ("x", "2026-02-30", 0, "0"),
    Kind.TIME: ("x", "24:00", 0, "09:30Z"),
    Kind.DATETIME: ("x", "2026-02-30T00:00:00Z", 0, "0"),
    Kind.UUID: ("x", "", 7),
    Kind.ENUM: ("", "made up", 7),
    Kind.LIST: ("x", {}, [None]),
    Kind.JSON: ("x", [], 7, {"nul": "\x00"}),
    Kind.REF: (0, -1, _BIGGEST + 1, 1.5, "x", True),
}


def good(field: Field) -> tuple[object, object]:
    """Return two values as JSON has them, different ones where there are two."""
    match field.kind:
        case Kind.STR | Kind.TEXT:
            words = names.spaced(field.name)
            return _fitted(f"A {words}", field), _fitted(f"Changed {words}", field)
        case Kind.SLUG:
            return _fitted("first", field), _fitted("second", field)
        case Kind.URL:
            return "https://example.com/1", "https://example.com/2"
        case Kind.INT | Kind.FLOAT | Kind.DECIMAL:
            return _numbers(field)
        case Kind.BOOL:
            return True, False
        case Kind.ENUM:
            return field.choices[0], field.choices[-1]
        case Kind.LIST:
            return _lists(field)
        case Kind.JSON:
            return {"answer": 42}, {"answer": None, "more": ["text", 1.5]}
        case Kind.REF:
            raise ValueError("what a reference can be shows only when there are rows")
        case _:
            return _FIXED[field.kind]


def impossible(field: Field) -> list[object]:
    """Return values that a request is refused with; null among them where it cannot be."""
    wrong = [*_WRONG[field.kind], *_beyond(field)]
    return wrong if field.optional else [*wrong, None]


def answered(field: Field) -> object:
    """Return a field's default as responses have it."""
    value = field.default
    match field.kind:
        case Kind.DECIMAL:
            return _as_json(Decimal(str(value)), field)
        case Kind.TIME:
            return time.fromisoformat(str(value)).isoformat()
        case Kind.DATETIME:
            moment = datetime.fromisoformat(str(value)).astimezone(UTC)
            return moment.isoformat().replace("+00:00", "Z")
        case _:
            return value


def python(field: Field, value: object, choices: str | None) -> str:
    """Return Python for a value that JSON has as text; `choices` is what its enum is called."""
    match field.kind:
        case Kind.DECIMAL:
            return f'Decimal("{value}")' if "." in str(value) else f"Decimal({value})"
        case Kind.DATE | Kind.TIME | Kind.DATETIME:
            return f'{field.kind}.fromisoformat("{value}")'
        case Kind.UUID:
            return f'UUID("{value}")'
        case Kind.ENUM:
            return f"{choices}.{str(value).upper()}"
        case _:
            return repr(value)


def needle(field: Field) -> str:
    """Return a word that no other value has."""
    return _fitted("quokka", field)


def numbered(field: Field) -> str:
    """Return Python for a value that differs for each `number` as far as the limits allow."""
    least, most = int(field.minimum or 0), int(field.maximum or 0)
    match field.kind:
        case Kind.STR | Kind.TEXT | Kind.SLUG:
            return f'f"{{number:0{max(least, 1)}x}}"[-{most}:]'
        case Kind.INT:
            return _counted(field)
        case Kind.DECIMAL:
            exponent = (field.digits or (10, 2))[1]
            return f"{_counted(field)} * Decimal(1).scaleb(-{exponent})"
        case Kind.ENUM:
            raise ValueError("its class has another name in each domain")
        case _:
            return _NUMBERED[field.kind]


def possible(field: Field) -> int | None:
    """Return how many different values there can be; None where they cannot be counted."""
    match field.kind:
        case Kind.ENUM:
            return len(field.choices)
        case Kind.STR | Kind.SLUG:
            return int(16 ** int(field.maximum or 0))  # as far as tests count
        case Kind.INT | Kind.DECIMAL:
            low, high = _ends(field)
            return None if low is None or high is None else high - low + 1
        case _:
            return None


def _counted(field: Field) -> str:
    low, high = _ends(field)
    if low is None:
        return "number" if high is None else f"({high} - number)"
    step = "number" if high is None else f"number % {high - low + 1}"
    return f"({low} + {step})" if low else f"({step})"


def _ends(field: Field) -> tuple[int | None, int | None]:
    """Return the least and the most of a number, counted in its smallest steps."""
    total, behind = field.digits or (0, 0)
    most = 10**total - 1 if field.digits else None
    least = None if most is None else -most
    low = least if field.minimum is None else int(Decimal(field.minimum) * 10**behind)
    high = most if field.maximum is None else int(Decimal(field.maximum) * 10**behind)
    return low, high


def _fitted(text: str, field: Field) -> str:
    least, most = int(field.minimum or 0), int(field.maximum or 0)
    return text[:most].strip(" -").ljust(least, "x")


def _numbers(field: Field) -> tuple[object, object]:
    """Return two numbers within the limits; decimals as JSON strings, as they are answered."""
    step = Decimal(1)
    if field.kind is Kind.DECIMAL and field.digits:
        step = Decimal(1).scaleb(-field.digits[1])
    elif field.kind is Kind.FLOAT:
        step = Decimal("0.125")
    low = Decimal(str(field.minimum)) if field.minimum is not None else None
    high = Decimal(str(field.maximum)) if field.maximum is not None else None
    first = low if low is not None else step if high is None else min(high, step)
    second = first + step
    if high is not None and second > high:
        second = first if low is not None and first - step < low else first - step
    return _as_json(first, field), _as_json(second, field)


def _as_json(number: Decimal, field: Field) -> object:
    if field.kind is Kind.DECIMAL:
        places = (field.digits or (10, 2))[1]
        return f"{number:.{places}f}"
    return int(number) if field.kind is Kind.INT else float(number)


def _lists(field: Field) -> tuple[object, object]:
    least, most = int(field.minimum or 0), int(field.maximum or 1)
    numbers = range(1, most + 2)
    items: dict[Kind | None, list[object]] = {
        Kind.INT: [*numbers],
        Kind.FLOAT: [number / 2 for number in numbers],
    }
    known = items.get(field.items) or [f"item {number}" for number in numbers]
    first = min(max(least, 2), most)
    second = min(max(least, 1), most)
    return known[:first], known[1 : second + 1]


def _beyond(field: Field) -> list[object]:
    """Return values just outside of the limits."""
    low, high = field.minimum, field.maximum
    match field.kind:
        case Kind.STR | Kind.TEXT:
            return ["x" * (min(int(low), _SHORT) - 1)] if low else []
        case Kind.INT:
            first = int(low) - 1 if low is not None else -(2**63)
            return [first, int(high) + 1 if high is not None else 2**63]
        case Kind.FLOAT | Kind.DECIMAL:
            below = [] if low is None else [float(low) - 1]
            return [*below, *([] if high is None else [float(high) + 1])]
        case _:
            return []
