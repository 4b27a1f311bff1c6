"""Has Alembic write a revision, and tries it: there, back and there again, without drift.

It runs by itself, in a copy of a project and in the project's environment: it uses the standard
library and Alembic, from Python 3.8 on. The database is whatever the project's settings lead to.

    python migrate.py ALEMBIC_INI MESSAGE REVISION ANSWER EXISTING FOLDER…

The folders are put before `sys.path`. EXISTING is a JSON object with SQL for what rows get that are
there already, by "table.column". ANSWER is the file for the answer, one JSON object: `path` of the
revision, None if the models ask for none; `tables` that it touches; or `error` in words.
"""

import json
import re
import sys
from pathlib import Path


def main():
    """Write the revision, try it, and answer."""
    ini, message, revision, answer, existing, *folders = sys.argv[1:]
    sys.path[:0] = folders
    found = _answer(ini, message, revision, json.loads(existing))
    Path(answer).write_text(json.dumps(found), encoding="utf-8")


def _answer(ini, message, revision, existing):
    from alembic import command
    from alembic.config import Config
    from alembic.util.exc import CommandError

    config = Config(ini)
    touched = []

    def note(context, _revision, directives):
        touched.extend(sorted(_tables(directives[0].upgrade_ops)))
        for each in directives[0].upgrade_ops.ops:
            if hasattr(each, "ops"):
                each.ops = list(_completed(context, each.ops, existing))
        if directives[0].upgrade_ops.is_empty():
            directives[:] = []

    try:
        command.upgrade(config, "head")
        written = command.revision(
            config,
            message=message,
            autogenerate=True,
            rev_id=revision,
            process_revision_directives=note,
        )
        if not touched:
            return {"path": None, "tables": []}
        script = written[0] if isinstance(written, list) else written
        command.upgrade(config, "head")
        command.check(config)
        command.downgrade(config, "-1")
        command.upgrade(config, "head")
    except CommandError as error:
        return {"error": str(error)}
    return {"path": script.path, "tables": touched}


def _completed(context, operations, existing):
    """Yield operations on a table, and what Alembic leaves out: a value for rows that are there.

    They get it with the column, which has it no longer as its default then. And conditions.
    """
    from alembic.operations import ops
    from sqlalchemy import text
    from sqlalchemy.schema import DefaultClause

    for each in operations:
        yield each
        if not isinstance(each, ops.AddColumnOp):
            continue
        table, column = each.table_name, each.column
        value = existing.get(f"{table}.{column.name}")
        if value is not None:
            each.column = column._copy()
            each.column.server_default = DefaultClause(text(value))
            yield ops.AlterColumnOp(
                table,
                column.name,
                schema=each.schema,
                existing_type=column.type,
                existing_nullable=column.nullable,
                modify_server_default=None,
            )
        for name, condition in _conditions(context, table, column):
            yield ops.CreateCheckConstraintOp(name, table, condition, schema=each.schema)


def _conditions(context, table, column):
    """Yield the named conditions of a new column, which Alembic compares with none."""
    from sqlalchemy import CheckConstraint
    from sqlalchemy.sql.elements import conv

    dialect = context.dialect
    if dialect.name != "postgresql":
        return
    constraints = context.opts["target_metadata"].tables[table].constraints
    for each in sorted(constraints, key=lambda each: str(each.name)):
        if not isinstance(each, CheckConstraint) or not isinstance(each.name, str):
            continue
        if getattr(each, "_type_bound", False):  # it comes with the column
            continue
        compiler = dialect.statement_compiler(dialect, None)
        condition = compiler.process(each.sqltext, include_table=False, literal_binds=True)
        if re.search(rf"\b{re.escape(column.name)}\b", condition):
            yield conv(dialect.identifier_preparer.format_constraint(each)), condition


def _tables(operations):
    for each in operations.ops:
        if hasattr(each, "ops"):
            yield from _tables(each)
        yield getattr(each, "table_name", None) or getattr(each, "source_table", None) or "?"


if __name__ == "__main__":
    main()
