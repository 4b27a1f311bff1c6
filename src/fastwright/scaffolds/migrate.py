"""Has Alembic write a revision, and tries it: there, back and there again, without drift.

It runs by itself, in a copy of a project and in the project's environment: it uses the standard
library and Alembic, from Python 3.8 on. The database is whatever the project's settings lead to.

    python migrate.py ALEMBIC_INI MESSAGE REVISION ANSWER FOLDER…

The folders are put before `sys.path`. ANSWER is the file for the answer, one JSON object: `path`
of the revision, None if the models ask for none; `tables` that it touches; or `error` in words.
"""

import json
import sys
from pathlib import Path


def main():
    """Write the revision, try it, and answer."""
    ini, message, revision, answer, *folders = sys.argv[1:]
    sys.path[:0] = folders
    Path(answer).write_text(json.dumps(_answer(ini, message, revision)), encoding="utf-8")


def _answer(ini, message, revision):
    from alembic import command
    from alembic.config import Config
    from alembic.util.exc import CommandError

    config = Config(ini)
    touched = []

    def note(_context, _revision, directives):
        touched.extend(sorted(_tables(directives[0].upgrade_ops)))
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


def _tables(operations):
    for each in operations.ops:
        if hasattr(each, "ops"):
            yield from _tables(each)
        yield getattr(each, "table_name", None) or getattr(each, "source_table", None) or "?"


if __name__ == "__main__":
    main()
