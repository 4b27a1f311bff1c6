"""How a server is started as the account that runs it.

Root drops to the account with `setpriv`. Where the account cannot enter a folder on the way (a
checkout in root's home, say), the server keeps the one capability that can. No permission is
changed.
"""

import ctypes
import shutil
import signal
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from src.embedded.account import Account
from src.embedded.errors import ADVICE, EmbeddedServicesError

# Bits of the kernel's capability sets: linux/capability.h
DAC_OVERRIDE = 1
DAC_READ_SEARCH = 2
PR_SET_PDEATHSIG = 1  # linux/prctl.h


def launcher(account: Account, *, programs: Iterable[Path], data: Path) -> list[str]:
    """What to put before a server's command so that it runs as `account`; empty for an own one.

    Raises:
        EmbeddedServicesError: root cannot drop its rights here.
    """
    if not account.is_other:
        return []
    setpriv = shutil.which("setpriv")
    if sys.platform != "linux" or setpriv is None:
        raise EmbeddedServicesError(
            "PostgreSQL refuses to run as root, and there is no `setpriv` here to drop root's "
            f"rights. Install it (package util-linux), or run as an ordinary user. {ADVICE}"
        )
    command = [setpriv, f"--reuid={account.uid}", f"--regid={account.gid}", "--clear-groups"]
    command += ["--pdeathsig=INT"]  # a change of user clears one that was set before
    if capability := _needed_capability(account, programs, data):
        # Without that bit access(2), by which initdb looks for its programs, ignores capabilities.
        command += ["--securebits=+no_setuid_fixup"]
        command += [f"--inh-caps=+{capability}", f"--ambient-caps=+{capability}"]
    return [*command, "--"]


def die_with_parent() -> Callable[[], None] | None:
    """For `preexec_fn`: ask Linux to stop the server when its supervisor is killed.

    Linux means the thread that started it, so this must be the main one. Elsewhere, the next
    supervisor finds the orphan by its pid file.
    """
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGINT)

    return ask


def _needed_capability(account: Account, programs: Iterable[Path], data: Path) -> str | None:
    programs = list(programs)
    closed = next((p for p in [*programs, data] if _first_closed(account, p)), None)
    cannot_run = [p for p in programs if not _may(account, p, 0o111)]
    if closed is None and not cannot_run:
        return None
    permitted = _permitted_capabilities()
    # Reading and searching is less than writing, but does not let a closed program run.
    if permitted & 1 << DAC_READ_SEARCH and not cannot_run:
        return "dac_read_search"
    if permitted & 1 << DAC_OVERRIDE:
        return "dac_override"
    blocked = _first_closed(account, closed) if closed else cannot_run[0]
    raise EmbeddedServicesError(
        f"PostgreSQL must not run as root, and user {account.uid}, as whom it would run, has no "
        f"way through {blocked}. Move the project (or its Python environment) to a folder that "
        f"others may enter, or run as an ordinary user. {ADVICE}"
    )


def _first_closed(account: Account, path: Path) -> Path | None:
    """The topmost folder on the way to `path` that the account may not enter."""
    folders = path.parents if path.is_file() else [path, *path.parents]
    return next((f for f in reversed(folders) if not _may(account, f, 0o111)), None)


def _may(account: Account, path: Path, bits: int) -> bool:
    status = path.stat()
    if status.st_uid == account.uid:
        bits &= 0o700
    elif status.st_gid == account.gid:
        bits &= 0o070
    else:
        bits &= 0o007
    return bool(status.st_mode & bits)


def _permitted_capabilities() -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("CapPrm:"):
            return int(line.split()[1], 16)
    return 0
