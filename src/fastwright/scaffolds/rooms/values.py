"""Python for values that rows of a table can be given."""

from fastwright.codebase.definitions import Class
from fastwright.scaffolds.rooms.columns import Column
from fastwright.scaffolds.rooms.surroundings import Surroundings

_NUMBERED = {
    "int": "{n}",
    "float": "{n}.5",
    "Decimal": "decimal.Decimal({n})",
    "UUID": "uuid.UUID(int={n})",
    "bool": "False",
    "date": "datetime.date(2026, 1, 1)",
    "time": "datetime.time(12, 0)",
    "dict": "{}",
    "list": "[]",
    "bytes": 'b"{n}"',
}
_NAIVE = "datetime.datetime(2026, 1, 1)"
_AWARE = "datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)"
_MODULES = ("datetime", "decimal", "uuid")
_SHORT = 24  # characters that a column holds in which a value tells what it is


def value(column: Column, around: Surroundings) -> str:
    """Return Python for a value, with `{n}` where it differs from row to row."""
    if column.choices is not None and (member := _member(column.choices, around)):
        return member
    match column.type:
        case "str":
            return _text(column)
        case "datetime":
            return _AWARE if column.has_timezone else _NAIVE
        case str() as word if word in _NUMBERED:
            return _NUMBERED[word]
    return '"{n}"'


def modules(values: list[str], around: Surroundings, tables: list[Column]) -> tuple[str, ...]:
    """Return the modules that values name."""
    found = {each for each in _MODULES if any(f"{each}." in value for value in values)}
    enums = {each.choices for each in tables if each.choices is not None}
    found |= {around.symbol(each.module, each.name).module for each in enums}
    return tuple(sorted(found))


def _text(column: Column) -> str:
    if column.length is not None and column.length < _SHORT:
        return '"{n}"'
    if "email" in column.name:
        return '"{n}@example.com"'
    if "url" in column.name:
        return '"https://example.com/{n}"'
    return f'"{column.name} {{n}}"'


def _member(choices: Class, around: Surroundings) -> str | None:
    members = [name for name in choices.bindings if not name.startswith("_")]
    members = [name for name in members if name not in choices.methods]
    if not members:
        return None
    symbol = around.symbol(choices.module, choices.qualified_name)
    return f"{symbol.module}.{symbol.name}.{members[0]}"
