"""A project's git repository: made with one commit, whatever the user's own git settings are."""

import os
import shutil
import subprocess
from pathlib import Path

# The user's hooks, signing, ignore rules and background helpers are for the user's own commits,
# and a commit that can be made again need not wait for the disk.
_PLAIN = [
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "core.excludesFile=/dev/null"),
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.fsync=none"),
    *("-c", "core.safecrlf=false"),
    *("-c", "commit.gpgSign=false"),
    *("-c", "init.defaultBranch=main"),
    *("-c", "maintenance.auto=false"),
]
_KEPT_VARIABLES = ("GIT_AUTHOR_", "GIT_COMMITTER_", "GIT_CONFIG", "GIT_EXEC_PATH", "GIT_SSL_")


class GitError(Exception):
    """Git refused; the message is git's own."""


def is_installed() -> bool:
    """Say whether there is a git to call."""
    return shutil.which("git") is not None


def create(folder: Path, *, message: str, fallback_name: str) -> None:
    """Make `folder` a repository with everything in one commit.

    `fallback_name` signs the commit only where git knows no name or address of its user.
    """
    _git(folder, "init", "--quiet", "--template=")
    _git(folder, "add", "--all")
    _git(folder, *_identity(folder, fallback_name), "commit", "--quiet", "--message", message)


def _identity(folder: Path, fallback_name: str) -> list[str]:
    try:
        for role in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"):
            _git(folder, "-c", "user.useConfigOnly=true", "var", role)
    except GitError:
        return ["-c", f"user.name={fallback_name}", "-c", f"user.email={fallback_name}@localhost"]
    return []


def _git(folder: Path, *arguments: str) -> str:
    finished = subprocess.run(
        ["git", *_PLAIN, *arguments],
        cwd=folder,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        raise GitError(finished.stderr.strip())
    return finished.stdout.strip()


def _environment() -> dict[str, str]:
    """Return the environment without what points git at another repository, as in a git hook."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name.startswith(_KEPT_VARIABLES)
    }
