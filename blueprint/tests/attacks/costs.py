"""What a request costs, as far as somebody with a stopwatch could tell requests apart by it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import event

from src.auth import passwords
from src.database import Database


@dataclass
class Costs:
    """The SQL and the password hashes of a request, in their order."""

    statements: list[str] = field(default_factory=list)
    hashes: list[str] = field(default_factory=list)


@contextmanager
def counted(database: Database) -> Iterator[Costs]:
    """The costs of what is done in the block."""
    costs = Costs()
    run, verify, hash_new = Database._run, passwords.HASHER.verify_and_update, passwords.HASHER.hash

    def note_statement(*arguments: Any) -> None:
        costs.statements.append(arguments[2])

    async def note_read(self: Database, method: str, sql: str, arguments: list[object]) -> Any:
        costs.statements.append(sql)
        return await run(self, method, sql, arguments)

    def note_verify(*arguments: Any) -> Any:
        costs.hashes.append("verify")
        return verify(*arguments)

    def note_hash(*arguments: Any) -> Any:
        costs.hashes.append("hash")
        return hash_new(*arguments)

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note_statement)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "_run", note_read)
        patch.setattr(passwords.HASHER, "verify_and_update", note_verify)
        patch.setattr(passwords.HASHER, "hash", note_hash)
        yield costs
    event.remove(engine, "before_cursor_execute", note_statement)
