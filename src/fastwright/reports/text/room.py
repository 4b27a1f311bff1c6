"""Text about what `add` finds of a project."""

from collections.abc import Iterator

from fastwright.reports.text import terminal
from fastwright.reports.text.terminal import Line, plain, printable
from fastwright.scaffolds.room import Injected, Room, Symbol

_WIDTH = 16


def explain(room: Room) -> None:
    """Write what was found, and where."""
    terminal.write(_room(room))


def _room(room: Room) -> Iterator[Line]:
    facts = {
        "manner": f"{room.manner}, {room.layout} layout",
        "tables": f"{room.orm}, {'async' if room.is_async else 'sync'}, keys are {room.key_type}",
        "database": room.dialect or "not known",
        "application": _symbol(room.application),
        "router": f"{_symbol(room.routers)}, below {room.prefix or '/'}",
        "base": _symbol(room.base),
        "session": _injected(room.session),
        "user": _injected(room.user),
        "optional user": _injected(room.optional_user),
        "schemas": f"{_symbol(room.schema_base)}, Pydantic {room.pydantic}",
        "migrations": room.migrations or "none",
        "tests": room.tests.folder if room.tests else "none",
        "line length": str(room.line_length),
    }
    for fact, value in facts.items():
        place = room.found.get(fact)
        where = f"  {place.path}:{place.line}" if place else ""
        yield (
            (f"  {fact:<{_WIDTH}}", "bold"),
            (printable(value), ""),
            (printable(where), "dim"),
        )
    yield plain()
    yield plain("A domain can refer to, or lie under:")
    width = max([_WIDTH, *(len(each) + 2 for each in room.tables)])
    for domain, table in sorted(room.tables.items()):
        lookup = f", looked up by {table.lookup.name}" if table.lookup else ""
        yield plain(printable(f"  {domain:<{width}}{_symbol(table.model)}{lookup}"))
    for unknown in room.unknown.values():
        yield plain()
        yield plain(printable(f"Not found: {unknown.sought}. Say it with {unknown.flag}"))


def _symbol(symbol: Symbol | None) -> str:
    return f"{symbol.module}:{symbol.name}" if symbol else "none"


def _injected(injected: Injected | None) -> str:
    if injected is None:
        return "none"
    return _symbol(injected.alias or injected.function)
