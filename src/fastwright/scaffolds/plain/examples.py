"""What tests send: Python for values that are taken, and for some that are refused."""

from decimal import Decimal

from fastwright.scaffolds.fields import Field, Kind
from fastwright.scaffolds.room import Room

ROWS = 12  # as many values are told apart

_DIGITS = len(str(ROWS))
_EXAMPLES = {
    Kind.BOOL: "n % 2 == 1",
    Kind.DATE: 'f"2026-01-{n:02}"',
    Kind.TIME: 'f"{n:02}:30:00"',
    Kind.DATETIME: 'f"2026-01-{n:02}T12:00:00+00:00"',
    Kind.UUID: "str(UUID(int=n))",
    Kind.JSON: '{"number": n}',
}

_WRONG_TYPES = {
    Kind.BOOL: "perhaps",
    Kind.DATE: "tomorrow",
    Kind.TIME: "noon",
    Kind.DATETIME: "soon",
    Kind.UUID: "one",
    Kind.ENUM: "no such choice",
    Kind.LIST: "one",
    Kind.JSON: "one",
    Kind.EMAIL: "nobody",
    Kind.URL: "nowhere",
    Kind.SLUG: "Not a slug",
    Kind.INT: "many",
    Kind.FLOAT: "much",
    Kind.DECIMAL: "much",
}
_WITH_NUL = '"a\\0"'
_ITEMS = {Kind.STR: '"one"', Kind.INT: "1", Kind.FLOAT: "0.5"}


def example(field: Field, room: Room) -> str:
    """Return Python for a value, as JSON has it, that differs with `n` from 1 to `ROWS`."""
    match field.kind:
        case Kind.STR | Kind.TEXT | Kind.EMAIL | Kind.URL | Kind.SLUG:
            return _text(field)
        case Kind.INT | Kind.FLOAT | Kind.DECIMAL:
            return _number(field)
        case Kind.ENUM:
            return f"({', '.join(map(repr, field.choices))})[n % {len(field.choices)}]"
        case Kind.LIST:
            one, least = _ITEMS[field.items or Kind.STR], int(field.minimum or 0)
            return f"[{one}] * {least}" if least > 1 else f"[{one}]"
        case Kind.REF:
            return _key(room.tables[field.target or ""].key_type, "n")
        case kind:
            return _EXAMPLES[kind]


def literal_key(key_type: str, number: int) -> str:
    """Return Python for a key, as it is in the database.

    SQLite takes a UUID of digits alone for a number, in a column whose type it does not know.
    """
    return {"UUID": f"UUID(int=10 << 124 | {number})", "str": f'"{number}"'}.get(
        key_type, str(number)
    )


def is_varied(field: Field) -> bool:
    """Tell whether examples of a field are as many as `ROWS`."""
    match field.kind:
        case Kind.BOOL | Kind.LIST:
            return False
        case Kind.ENUM:
            return len(field.choices) >= ROWS
        case Kind.STR | Kind.TEXT | Kind.SLUG | Kind.URL | Kind.EMAIL:
            return _room_for(field) >= _DIGITS + len("".join(_shortest(field)))
        case Kind.INT | Kind.FLOAT | Kind.DECIMAL:
            low, high, step = _ends(field)
            return low + ROWS * step <= high
        case _:
            return True


def refused(field: Field) -> list[str]:
    """Return Python for values of a field that nobody may give."""
    wrong = [repr(_WRONG_TYPES[field.kind])] if field.kind in _WRONG_TYPES else []
    match field.kind:
        case Kind.STR | Kind.TEXT:
            long = [f'"x" * {int(field.maximum) + 1}'] if field.maximum is not None else []
            short = [repr("x" * (int(field.minimum) - 1))] if field.minimum else []
            return [*long, *short, _WITH_NUL]
        case Kind.INT | Kind.FLOAT | Kind.DECIMAL:
            ends = ((field.minimum, -1), (field.maximum, 1))
            beyond = [Decimal(str(end)) + step for end, step in ends if end is not None]
            shown = '"{}"' if field.kind is Kind.DECIMAL else "{}"
            return [*wrong, *map(shown.format, beyond)]
        case Kind.LIST:
            one = _ITEMS[field.items or Kind.STR]
            many = [f"[{one}] * {int(field.maximum) + 1}"] if field.maximum is not None else []
            return [*wrong, *many, *(["[]"] if field.minimum else [])]
        case _:
            return wrong


def _key(key_type: str, number: str) -> str:
    """Return Python for a key, as JSON has it."""
    return {"UUID": f"str(UUID(int=10 << 124 | {number}))", "str": f"str({number})"}.get(
        key_type, number
    )


def _text(field: Field) -> str:
    longest = _room_for(field)
    before, behind = _words(field)
    if len(before) + len(behind) + _DIGITS > longest:
        before, behind = _shortest(field)
    digits = min(_DIGITS, longest - len(before) - len(behind))
    if digits < _DIGITS:
        return f'"{before}{"1" * digits}{behind}"'
    missing = int(field.minimum or 0) - len(before) - len(behind)
    number = f"{{n:0{missing}}}" if missing > 1 else "{n}"
    return f'f"{before}{number}{behind}"'


def _words(field: Field) -> tuple[str, str]:
    """Return what stands before and behind the number in a text."""
    match field.kind:
        case Kind.EMAIL:
            return "reader", "@example.com"
        case Kind.URL:
            return "https://example.com/", ""
        case Kind.SLUG:
            return f"{field.name.replace('_', '-')}-", ""
        case _:
            return f"{field.name.replace('_', ' ').capitalize()} ", ""


def _shortest(field: Field) -> tuple[str, str]:
    match field.kind:
        case Kind.EMAIL:
            return "", "@a.b"
        case Kind.URL:
            return "http://", ""
        case _:
            return "", ""


def _room_for(field: Field) -> int:
    return int(field.maximum) if field.maximum is not None else 255


def _ends(field: Field) -> tuple[Decimal, Decimal, Decimal]:
    """Return the lowest and the highest value, and what lies between two examples."""
    digits, behind = field.digits or (10, 2)
    step = Decimal("0.125") if field.kind is Kind.FLOAT else Decimal(1)
    highest = Decimal(2) ** 62
    if field.kind is Kind.DECIMAL:
        step = Decimal(1).scaleb(-behind)
        highest = Decimal(10) ** (digits - behind) - step
    high = highest if field.maximum is None else min(highest, Decimal(str(field.maximum)))
    if field.minimum is not None:
        low = Decimal(str(field.minimum))
    else:
        low = Decimal(0) if high > ROWS * step else high - (ROWS + 1) * step
    if low + ROWS * step > high and field.kind is Kind.FLOAT:
        step = (high - low) / 16
    return low, high, step


def _number(field: Field) -> str:
    low, high, step = _ends(field)
    is_tight = low + ROWS * step > high
    match field.kind:
        case Kind.INT:
            sum_ = f"{int(low)} + n" if low else "n"
            return f"min({sum_}, {int(high)})" if is_tight else sum_
        case Kind.FLOAT:
            return repr(float(low)) if is_tight else f"{float(low)} + n * {float(step)}"
        case _:
            behind = (field.digits or (10, 2))[1]
            shown = f"{low:.{behind}f}"
            if is_tight:
                return f'"{shown}"'
            return f'str(Decimal("{shown}") + n * Decimal("{step}"))'
