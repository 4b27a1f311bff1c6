"""The private folder of the sockets: `run/` in the data folder, or a link to a short one.

A socket's path has at most 103 bytes on macOS (107 on Linux), and URLs and server options are
particular about characters; a project's path is neither short nor plain of itself. The link keeps
the folder, and so the URLs, the same when a supervisor takes over from one that was killed.
"""

import os
import re
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from src.embedded.folder import DataFolder

SUPERVISOR_SOCKET = "supervisor.sock"
VALKEY_SOCKET = "valkey.sock"
PATH_LIMIT = 103
PLAIN = re.compile(r"[A-Za-z0-9/._-]+")
OWNER_LINK = "data"  # in the short folder, back to the data folder


def run_folder(folder: DataFolder) -> Path:
    """Where the sockets are now, if anywhere."""
    with suppress(OSError):
        return folder.run.readlink()
    return folder.run


def make_run_folder(folder: DataFolder) -> Path:
    """Make the sockets' folder, or find the one that is there."""
    if _fits(folder.run):
        if folder.run.is_symlink():
            folder.run.unlink()
        folder.run.mkdir(mode=0o700, exist_ok=True)
        folder.claim(folder.run, 0o700)
        return folder.run
    if not folder.run.is_symlink():
        shutil.rmtree(folder.run, ignore_errors=True)
    elif _restore(folder, target := folder.run.readlink()):
        return target
    target = _make_short(folder)
    draft = folder.path / "run.draft"
    draft.unlink(missing_ok=True)
    draft.symlink_to(target)
    draft.replace(folder.run)
    return target


def restore_run_folder(folder: DataFolder, run: Path) -> None:
    """Put back the link to a short folder that a deleted data folder had."""
    if run != folder.run and not folder.run.is_symlink() and not folder.run.exists():
        folder.run.symlink_to(run)


def remove_run_folder(folder: DataFolder, run: Path) -> None:
    """Leave nothing outside the data folder."""
    if run == folder.run:
        return
    shutil.rmtree(run, ignore_errors=True)
    if run_folder(folder) == run:
        folder.run.unlink(missing_ok=True)


def _fits(run: Path) -> bool:
    longest = os.fsencode(run / SUPERVISOR_SOCKET)
    return len(longest) <= PATH_LIMIT and PLAIN.fullmatch(str(run)) is not None


def _make_short(folder: DataFolder) -> Path:
    places = (tempfile.gettempdir(), "/tmp")  # noqa: S108  (mkdtemp makes it private)
    place = next((p for p in places if _fits(Path(p) / "embedded-00000000")), places[-1])
    target = Path(tempfile.mkdtemp(prefix="embedded-", dir=place))
    _own(folder, target)
    return target


def _own(folder: DataFolder, target: Path) -> None:
    (target / OWNER_LINK).symlink_to(folder.path)
    folder.claim(target, 0o700)


def _restore(folder: DataFolder, target: Path) -> bool:
    """Whether the recorded folder can be used (again). A copied project records its original's."""
    try:
        target.mkdir(mode=0o700)  # a cleaner of temporary files may have taken it
    except FileExistsError:
        return _is_ours(folder, target)
    except OSError:
        return False
    _own(folder, target)
    return True


def _is_ours(folder: DataFolder, target: Path) -> bool:
    try:
        status = target.lstat()
        is_private = target.is_dir() and not target.is_symlink() and not status.st_mode & 0o077
        is_linked_back = (target / OWNER_LINK).samefile(folder.path)
    except OSError:
        return False
    return is_private and is_linked_back and status.st_uid == folder.account.uid
