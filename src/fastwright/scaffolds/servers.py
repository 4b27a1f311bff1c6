"""Database servers to try revisions with: a project's own embedded ones, empty and for a moment.

The database that a project's settings name is never touched.
"""

import json
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from fastwright.errors import MigrationError

# The servers end, and their data goes, once the standard input of this program is closed.
_PROGRAM = """\
import json, sys, time
from pathlib import Path
from src.embedded import acquire
data = Path(sys.argv[1])
services = acquire(data, disposable=True)
print(json.dumps([services.database_url, services.redis_url]), flush=True)
sys.stdin.read()
services.release()
deadline = time.monotonic() + 10
while data.exists() and time.monotonic() < deadline:
    time.sleep(0.02)
"""
_LAST_LINES = 6


@contextmanager
def of_the_house(project: Path, python: Path) -> Iterator[Mapping[str, str | None]]:
    """Give the variables that lead a project of ours to servers that end with the block.

    `project` may be a copy of it. Raises `MigrationError` where they cannot be started.
    """
    with tempfile.TemporaryDirectory(prefix="fastwright-", ignore_cleanup_errors=True) as folder:
        try:
            process = subprocess.Popen(
                [str(python), "-c", _PROGRAM, str(Path(folder) / "data")],
                cwd=project,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        except OSError as error:
            raise MigrationError(f"{python} cannot be run: {error.strerror}.") from error
        with process:
            answer = process.stdout.readline() if process.stdout else ""
            if not answer:
                _, said = process.communicate()
                last = "\n".join(f"    {line}" for line in said.splitlines()[-_LAST_LINES:])
                raise MigrationError(f"The project's embedded servers could not be used:\n{last}")
            database, redis = json.loads(answer)
            yield {"DATABASE_URL": database, "REDIS_URL": redis, "ENVIRONMENT": "local"}
