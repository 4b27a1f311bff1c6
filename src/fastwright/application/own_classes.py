"""The names of a codebase's own classes that derive from some of a library's."""

from fastwright.codebase.codebase import Codebase

APPLICATION = "starlette.applications.Starlette"
ROUTER = "starlette.routing.Router"
EXCEPTION = "builtins.BaseException"

ROUTERS, EXCEPTIONS = "routers", "exceptions"
_BASES = {ROUTERS: (ROUTER, APPLICATION), EXCEPTIONS: (EXCEPTION,)}


def names(codebase: Codebase) -> dict[str, tuple[str, ...]]:
    """Return the names of routers with applications, and of exceptions, sorted."""
    return {
        kind: tuple(sorted({each.name for each in codebase.derived if codebase.is_a(each, *bases)}))
        for kind, bases in _BASES.items()
    }
