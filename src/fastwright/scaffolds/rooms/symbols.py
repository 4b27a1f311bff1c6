"""Finds what `package.module:name` stands for in a codebase."""

from fastwright.codebase.codebase import Codebase
from fastwright.codebase.modules import Module
from fastwright.errors import UsageError
from fastwright.scaffolds.room import Symbol
from fastwright.scaffolds.rooms.naming import path_of


def find(symbol: Symbol, flag: str, codebase: Codebase) -> tuple[Module, str]:
    """Return the module of a symbol, and its name in there.

    Raises `UsageError` where there is no such module, or nothing of that name in it.
    """
    end = symbol.module.replace(".", "/")
    found = [each for each in codebase.own_modules if f"/{path_of(each)}".endswith(f"/{end}")]
    if not found:
        raise UsageError(f"{flag} {symbol}: there is no module {symbol.module} in this project.")
    module = min(found, key=lambda each: each.path.count("/"))
    first = symbol.name.partition(".")[0]
    if codebase.resolver.module_member(
        module, first
    ) is None and not module.top.details.bindings.get(first):
        raise UsageError(f"{flag} {symbol}: {module.path} has nothing that is called {first}.")
    return module, symbol.name
