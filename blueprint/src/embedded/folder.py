"""The data folder on disk: what lies where, who may enter, and the lock of its one supervisor.

supervisor.lock  supervisor.log     held and written by the supervisor
postgres/  valkey/                  the servers' data
run/                                the sockets; a link to a short private folder if need be
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from src.embedded.account import Account, account_for
from src.embedded.errors import ADVICE, EmbeddedServicesError

LOG_LIMIT = 1_000_000  # bytes; a larger log moves to supervisor.log.old at the next start


@dataclass(frozen=True)
class DataFolder:
    path: Path
    account: Account

    @property
    def postgres(self) -> Path:
        return self.path / "postgres"

    @property
    def valkey(self) -> Path:
        return self.path / "valkey"

    @property
    def run(self) -> Path:
        return self.path / "run"

    @property
    def lock(self) -> Path:
        return self.path / "supervisor.lock"

    @property
    def log(self) -> Path:
        return self.path / "supervisor.log"

    @property
    def mark(self) -> Path:
        """The file that makes a folder a disposable one."""
        return self.path / "disposable"

    @property
    def is_disposable(self) -> bool:
        return self.mark.exists()

    def claim(self, path: Path, mode: int) -> None:
        """Make a file or folder the account's own, with exactly this mode."""
        if self.account.is_other:
            os.chown(path, self.account.uid, self.account.gid, follow_symlinks=False)
        path.chmod(mode)

    def claim_tree(self, root: Path) -> None:
        """Give a folder back to the account: a copy or a `chown -R` by root may have taken it."""
        if not self.account.is_other or root.stat().st_uid == self.account.uid:
            return
        for folder, _, files in os.walk(root):
            for name in (folder, *(f"{folder}/{file}" for file in files)):
                os.chown(name, self.account.uid, self.account.gid, follow_symlinks=False)

    def open_log(self) -> int:
        """A descriptor at the log's end, the way the supervisor and its servers share it."""
        with suppress(FileNotFoundError):
            if self.log.stat().st_size > LOG_LIMIT:
                self.log.replace(self.log.with_name("supervisor.log.old"))
        return self.open(self.log, os.O_WRONLY | os.O_APPEND)

    def explain(self, message: str, lines: int = 20) -> str:
        """The message, followed by the end of the log."""
        try:
            text = self.log.read_text(errors="replace")
        except OSError:
            return message
        tail = "".join(f"\n    {line}" for line in text.splitlines()[-lines:])
        return f"{message}\nThe end of {self.log}:{tail}"

    @contextmanager
    def try_lock(self, name: str) -> Iterator[int | None]:
        """Hold the file lock `name` of this folder; its descriptor, or None if another has it."""
        descriptor = self.open(self.path / name, os.O_RDWR)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield None
                return
            try:
                # A disposable folder may have been deleted under a waiting starter.
                yield descriptor if self.holds(descriptor, name) else None
            finally:
                # Explicitly, in case a fork of this process has inherited the descriptor.
                fcntl.flock(descriptor, fcntl.LOCK_UN)
        finally:
            os.close(descriptor)

    def holds(self, descriptor: int, name: str) -> bool:
        """Whether the open lock file is still the one in the folder."""
        try:
            return os.path.samestat(os.fstat(descriptor), (self.path / name).stat())
        except OSError:
            return False

    def open(self, path: Path, flags: int) -> int:
        """Open or make a file that belongs to whoever owns the folder, so that he can go on."""
        descriptor = os.open(path, flags | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        if os.geteuid() == 0:
            owner = self.path.stat()
            os.fchown(descriptor, owner.st_uid, owner.st_gid)
        return descriptor

    def delete(self) -> None:
        """Delete the folder. It moves aside first, so that a next user never meets a half."""
        aside = self.path.with_name(f".{self.path.name}.deleted-{os.getpid()}")
        try:
            self.path.rename(aside)
        except OSError:  # the parent is not ours to write to
            aside = self.path
        shutil.rmtree(aside, ignore_errors=True)


def open_folder(path: Path, *, disposable: bool) -> DataFolder:
    """Find or make the data folder, private to its owner.

    Raises:
        EmbeddedServicesError: it cannot be used, or its kind is not the wanted one.
        FileNotFoundError: it is being deleted; try again.
    """
    path = Path(os.path.realpath(path))
    folder = DataFolder(path, account_for(path))
    try:
        _make(folder, disposable=disposable)
    except FileNotFoundError:
        raise  # its last supervisor has just deleted it
    except OSError as error:
        raise EmbeddedServicesError(
            f"The data folder {path} cannot be used by user {os.geteuid()}: {error}. If it was "
            f"another user's, `sudo chown -R {os.geteuid()} {path}` gives it back. {ADVICE}"
        ) from error
    if disposable and not folder.is_disposable:
        raise EmbeddedServicesError(
            f"The folder {path} is not empty and was not made as a disposable one, so it must not "
            f"be deleted after use. Choose another folder."
        )
    if folder.is_disposable and not disposable:
        raise EmbeddedServicesError(
            f"The folder {path} is a disposable one: its data goes when its last user has gone. "
            f"Choose another folder, or delete this one when nothing uses it."
        )
    return folder


def _make(folder: DataFolder, *, disposable: bool) -> None:
    path, account = folder.path, folder.account
    for parent in reversed([parent for parent in path.parents if not parent.exists()]):
        parent.mkdir(exist_ok=True)
        if account.is_other and not account.is_nobody:
            os.chown(parent, account.uid, account.gid)
    path.mkdir(mode=0o700, exist_ok=True)
    if path.stat().st_uid == 0 and account.is_other and not account.is_nobody:
        os.chown(path, account.uid, account.gid)
    if disposable and not any(path.iterdir()):
        # Only a folder that was empty when it was marked is ever deleted.
        os.close(folder.open(folder.mark, os.O_WRONLY))
    mode = 0o700 if path.stat().st_uid == account.uid else 0o711
    if path.stat().st_mode & 0o777 != mode:
        path.chmod(mode)
