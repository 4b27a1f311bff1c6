"""Queries: the calls that send one to a database, by the libraries that are known."""

from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import CallSite, Function
from fastwright.codebase.values import External
from fastwright.source.notes import Answers, Once

PACKAGES = (
    "aiomysql.",
    "aiosqlite.",
    "asyncpg.",
    "databases.",
    "MySQLdb.",
    "psycopg.",
    "psycopg2.",
    "pymysql.",
    "sqlalchemy.",
    "sqlite3.",
    "sqlmodel.",
)
# What sends a statement, or several that belong together, whenever it is called.
_METHODS = {
    "all",
    "commit",
    "count",
    "delete",
    "exec",
    "exec_driver_sql",
    "execute",
    "fetch",
    "fetch_all",
    "fetch_one",
    "fetch_val",
    "fetchrow",
    "fetchval",
    "first",
    "flush",
    "get",
    "get_one",
    "merge",
    "one",
    "one_or_none",
    "refresh",
    "scalar",
    "scalars",
    "stream",
    "stream_scalars",
    "update",
}


class Queries:
    """The calls of a codebase that send a query."""

    def __init__(self, codebase: Codebase) -> None:
        self._codebase = codebase
        self.of_function = Answers(self._of_function)

    def is_query(self, name: str) -> bool:
        """Tell whether calling something of a library, by its dotted name, sends a query."""
        if not name.startswith(PACKAGES) or name.rpartition(".")[2] not in _METHODS:
            return False
        knowledge = self._codebase.knowledge
        if knowledge.is_coroutine(name):
            return not name.endswith(("AsyncSession.delete", "AsyncSession.close"))
        return knowledge.blocking(name) == "database"

    def _of_function(self, function: Function) -> list[tuple[CallSite, str]]:
        """Return the queries that a function sends itself, with the dotted names called."""
        if not any(map(self.is_query, self._codebase.habits.of(function).libraries)):
            return []
        named = ((call.last_name, call) for call in function.calls)
        sending = [each for each in named if each[0] in self._names]
        sending.sort(key=lambda each: each[0])
        return [(call, target) for _, call in sending if (target := self.target(call))]

    @Once
    def _names(self) -> set[str]:
        return self._codebase.index.also_called(_METHODS)

    def target(self, call: CallSite) -> str | None:
        """Return the dotted name of what a call sends a query with; None where it sends none."""
        target = self._codebase.target(call)
        if call.runs_here and isinstance(target, External) and self.is_query(target.name):
            return target.name
        return None
