"""Keeps what was made of a text, by the text itself: in one small database per reviewed folder.

Losing it costs time and nothing else, so whatever goes wrong with it (another program holds it, it
is damaged, the disk is full or read-only) is answered by doing without.
"""

import hashlib
import logging
import os
import sqlite3
import time
import zlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

import platformdirs

_log = logging.getLogger(__name__)
_SECONDS_TO_WAIT = 2.0
# Of the usual size, in bytes, most values would take dozens.
_PAGE = 8192
# After so many seconds without use, a database of another version of this program is deleted.
_SECONDS_TO_KEEP = 7 * 24 * 60 * 60
_CHOSEN = "SELECT digest, check_sum, packed FROM {} WHERE digest IN"
_RESULTS_TO_KEEP = 5
_TIDY = (
    "DELETE FROM results WHERE rowid NOT IN (SELECT rowid FROM results ORDER BY rowid DESC LIMIT ?)"
)


class Cache:
    """Packed facts by the digest of the text they were made of."""

    def __init__(self, root: Path, folder: Path | None = None) -> None:
        """`folder` is where databases are kept; by default, the user's cache folder."""
        self._name = hashlib.sha256(str(root.absolute()).encode()).hexdigest()[:16]
        place = folder or Path(platformdirs.user_cache_dir("fastwright"))
        self._file = place / f"{self._name}-{_maker()}.db"
        self._database: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        self._open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._database is not None:
            self._database.close()

    def read(self) -> dict[bytes, bytes]:
        """Return all facts that are kept and undamaged."""
        return self._select("SELECT digest, check_sum, packed FROM facts")

    def facts(self, digests: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return the facts of some texts, those of them that are kept and undamaged."""
        marks = ", ".join("?" * len(digests))
        return self._select(f"{_CHOSEN.format('facts')} ({marks})", digests)

    def result(self, asked: bytes) -> bytes | None:
        """Return what was last kept with `keep_result` for the same question."""
        return self._select(f"{_CHOSEN.format('results')} (?)", (asked,)).get(asked)

    def keep_result(self, asked: bytes, packed: bytes) -> None:
        """Keep what a whole review came to; of different questions, only the last few."""
        row = (asked, zlib.crc32(packed), packed)
        self._change(
            ("INSERT OR REPLACE INTO results VALUES (?, ?, ?)", [row]),
            (_TIDY, [(_RESULTS_TO_KEEP,)]),
        )

    def replace(self, added: Mapping[bytes, bytes], dropped: Iterable[bytes]) -> None:
        """Keep what was made now, and forget what nothing needs any more."""
        rows = [(digest, zlib.crc32(packed), packed) for digest, packed in added.items()]
        self._change(
            ("INSERT OR REPLACE INTO facts VALUES (?, ?, ?)", rows),
            ("DELETE FROM facts WHERE digest = ?", [(digest,) for digest in dropped]),
        )

    def _select(self, query: str, values: Sequence[bytes] = ()) -> dict[bytes, bytes]:
        if self._database is None:
            return {}
        try:
            return {
                digest: packed
                for digest, check, packed in self._database.execute(query, values)
                if isinstance(packed, bytes) and zlib.crc32(packed) == check
            }
        except sqlite3.Error as error:
            self._discard(error)
            return {}

    def _change(self, *changes: tuple[str, Sequence[tuple[object, ...]]]) -> None:
        """Make all changes, each for some rows, or none of them."""
        if self._database is None:
            return
        try:
            with self._database:
                for statement, rows in changes:
                    self._database.executemany(statement, rows)
        except sqlite3.OperationalError as error:
            _log.info("The cache %s could not be written: %s", self._file, error)
        except sqlite3.Error as error:
            self._discard(error)

    def _open(self) -> None:
        try:
            # What is kept has the texts of the code in it: for its owner alone.
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._note_use()
            self._database = sqlite3.connect(self._file, timeout=_SECONDS_TO_WAIT)
            self._database.execute(f"PRAGMA page_size = {_PAGE}")
            self._database.execute("PRAGMA synchronous = OFF")
            for table in ("facts", "results"):
                self._database.execute(
                    f"CREATE TABLE IF NOT EXISTS {table}"
                    " (digest BLOB PRIMARY KEY, check_sum INTEGER, packed BLOB)"
                )
        except sqlite3.OperationalError as error:
            _log.info("Doing without the cache %s: %s", self._file, error)
            self._database = None
        except (OSError, sqlite3.Error) as error:
            self._discard(error)

    def _note_use(self) -> None:
        """Let the database look used even where nothing new is kept; before a new one, tidy up."""
        try:
            os.utime(self._file)
        except FileNotFoundError:
            self._delete_unused()
        except OSError as error:
            _log.info("The use of the cache %s could not be noted: %s", self._file, error)

    def _delete_unused(self) -> None:
        """Delete the databases of other versions for the same folder that nobody uses any more."""
        unused_since = time.time() - _SECONDS_TO_KEEP
        for other in self._file.parent.glob(f"{self._name}-*.db"):
            try:
                if other.stat().st_mtime < unused_since:
                    other.unlink()
            except OSError as error:
                _log.info("The old cache %s could not be deleted: %s", other, error)

    def _discard(self, error: Exception) -> None:
        """Do without, and let the next run begin afresh."""
        _log.info("The cache %s is of no use any more: %s", self._file, error)
        if self._database is not None:
            self._database.close()
            self._database = None
        try:
            self._file.unlink(missing_ok=True)
        except OSError as unlinking:
            _log.info("It could not be deleted: %s", unlinking)


@cache
def _maker() -> str:
    """Return what tells this program's facts from those of another version of it."""
    found = hashlib.sha256()
    for file in sorted(Path(__file__).parent.rglob("*.py")):
        found.update(file.read_bytes())
    return found.hexdigest()[:12]
