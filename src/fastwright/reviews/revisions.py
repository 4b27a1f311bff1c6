"""The codebase as it was at a revision, out of git: read from its objects, nothing is checked out.

Neither the work tree nor the index is touched, and no filter or hook of the repository runs.
"""

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from fastwright.errors import RevisionError

# Regular files, executable or not; links and submodules are left out.
_MODES = {"100644", "100755"}
_SUFFIXES = {".py", ".toml", ".ini", ".cfg", ".txt", ".lock"}
# No program of the repository's choice, no index written, nothing fetched.
_SAFE = {"core.fsmonitor": "false"}
_QUIET = {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1"}


def extract(root: Path, revision: str, target: Path, *, everything: bool = False) -> None:
    """Write what a review reads, or all files, into the empty folder `target` as it was then.

    Raises `RevisionError` where the root is in no repository or the revision is not known.
    """
    commit = _resolve(root, revision)
    entries = [
        (blob, path)
        for blob, path in _entries(root, commit)
        if everything or path.suffix in _SUFFIXES
    ]
    contents = _contents(root, [blob for blob, _ in entries])
    for (_, path), content in zip(entries, contents, strict=True):
        file = target / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def renames(root: Path, revision: str) -> dict[str, str]:
    """Return the paths of files that were renamed since the revision: old → new."""
    options = ["--name-status", "--find-renames", "--relative", "--diff-filter=R", "-z"]
    compared = ["--no-ext-diff", "--no-textconv", _resolve(root, revision), "--", "."]
    shown = _git(root, "diff", *options, *compared, settings=_SAFE | _no_filters(root))
    parts = iter(shown.decode(errors="surrogateescape").split("\0"))
    return {old: new for _, old, new in zip(parts, parts, parts, strict=False)}


def uncommitted(root: Path, paths: Sequence[str]) -> list[str]:
    """Return the files below a root that differ from the last commit, and of `paths` the new ones.

    Outside of a repository, and where git is not there, none is known.
    """
    options = ["--porcelain", "-z", "--no-renames", "--untracked-files=all", "--ignore-submodules"]
    try:
        _git(root, "rev-parse", "--git-dir")
    except RevisionError:
        return []
    shown = _git(root, "status", *options, "--", ".", settings=_SAFE | _no_filters(root))
    top = _git(root, "rev-parse", "--show-prefix").decode(errors="surrogateescape").strip()
    found = []
    for entry in filter(None, shown.decode(errors="surrogateescape").split("\0")):
        path = entry[3:].removeprefix(top)
        if entry[:2] not in {"??", "!!"} or path in paths:
            found.append(path)
    return found


def _resolve(root: Path, revision: str) -> str:
    try:
        _git(root, "rev-parse", "--git-dir")
    except RevisionError as error:
        if "not a git repository" in error.message:
            raise RevisionError(f"{root} is in no git repository: there is no revision.") from None
        raise
    try:
        asked = f"{revision}^{{commit}}"
        found = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", asked)
    except RevisionError:
        if revision == "HEAD":
            raise RevisionError("The repository has no commit yet.") from None
        raise RevisionError(f"Git knows no revision “{revision}”.", suggestion="HEAD") from None
    return found.decode().strip()


def _entries(root: Path, commit: str) -> Iterator[tuple[str, PurePosixPath]]:
    """Yield blob and path, relative to the root, of each file."""
    for entry in _git(root, "ls-tree", "-r", "-z", commit).split(b"\0"):
        if not entry:
            continue
        described, _, name = entry.partition(b"\t")
        mode, _, blob = described.decode().split()
        path = PurePosixPath(name.decode(errors="surrogateescape"))
        if mode in _MODES and ".." not in path.parts:
            yield blob, path


def _contents(root: Path, blobs: list[str]) -> Iterator[bytes]:
    """Yield the content of each blob; `git cat-file --batch` answers in the order asked."""
    answer = _git(
        root, "cat-file", "--batch", given="".join(f"{blob}\n" for blob in blobs).encode()
    )
    position = 0
    for _ in blobs:
        end = answer.index(b"\n", position)
        size = int(answer[position:end].split()[2])
        yield answer[end + 1 : end + 1 + size]
        position = end + size + 2


def _no_filters(root: Path) -> dict[str, str]:
    """Return the settings under which no file of the work tree goes through a program."""
    names = _git(root, "config", "--list", "--name-only", "-z").decode(errors="surrogateescape")
    return {
        name: "false" if name.endswith(".required") else ""
        for name in names.split("\0")
        if name.startswith("filter.")
    }


def _git(
    root: Path, *arguments: str, given: bytes = b"", settings: Mapping[str, str] = _SAFE
) -> bytes:
    environment = {**os.environ, **_QUIET, **_environment(settings)}
    try:
        finished = subprocess.run(
            ["git", *arguments],
            cwd=root,
            input=given,
            capture_output=True,
            check=False,
            env=environment,
        )
    except FileNotFoundError:
        raise RevisionError("Git is not on this machine, and only it knows revisions.") from None
    if finished.returncode:
        said = finished.stderr.decode(errors="replace").strip().splitlines()
        raise RevisionError(f"Git refused: {said[-1] if said else arguments[0]}.")
    return finished.stdout


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Return how git is told settings, whatever signs are in their names."""
    pairs = enumerate(settings.items(), int(os.environ.get("GIT_CONFIG_COUNT") or 0))
    told = {"GIT_CONFIG_COUNT": "0"}
    for number, (name, value) in pairs:
        told |= {
            f"GIT_CONFIG_KEY_{number}": name,
            f"GIT_CONFIG_VALUE_{number}": value,
            "GIT_CONFIG_COUNT": str(number + 1),
        }
    return told
