"""What a new project's files hold: the blueprint's text for its domains, name and secrets."""

import os
import re
import secrets
import stat
import sys
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from fastwright.projects import blueprint, pruning, revisions
from fastwright.projects.domains import EVERYTHING, Selection
from fastwright.projects.names import forms
from fastwright.projects.plan import ProjectFile

ENV = PurePosixPath(".env")
_ENV_EXAMPLE = PurePosixPath(".env.example")
_REVISIONS = PurePosixPath("alembic/versions")
_ORDINARY, _EXECUTABLE, _PRIVATE = 0o666, 0o777, 0o600

_OPEN_SECRET = re.compile(r"^(?P<name>[A-Z0-9_]+_SECRET)=(?:change-?me)?[ \t]*$", re.MULTILINE)


def project_files(name: str, selection: Selection = EVERYTHING) -> tuple[ProjectFile, ...]:
    """Return every file of a new project, sorted by path. Each call draws new secrets."""
    paths = blueprint.files()
    kept = [path for path in paths if pruning.owners(path) <= selection.parts]
    relinked = revisions.successions(
        (blueprint.root() / path).read_text(encoding="utf-8")
        for path in sorted({*paths} - {*kept})
        if path.parent == _REVISIONS
    )
    found = [_from_blueprint(path, name, selection, relinked) for path in kept]
    example = next((file for file in found if file.path == _ENV_EXAMPLE), None)
    if example is not None:
        found.append(ProjectFile(ENV, with_secrets(example.content.decode()).encode(), _PRIVATE))
    return tuple(sorted(found, key=lambda file: file.path))


def write(files: tuple[ProjectFile, ...], folder: Path) -> None:
    """Write the files into `folder`. Each has its mode from the moment it exists."""
    for file in files:
        place = folder / file.path
        place.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, file.mode)
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(file.content)


def with_secrets(text: str) -> str:
    """Return the settings with a fresh secret for each variable ending in _SECRET that has none."""
    return _OPEN_SECRET.sub(lambda found: f"{found['name']}={secrets.token_urlsafe(48)}", text)


def _from_blueprint(
    path: PurePosixPath, name: str, selection: Selection, relinked: Mapping[str, str]
) -> ProjectFile:
    source = blueprint.root() / path
    mode = _EXECUTABLE if source.stat().st_mode & stat.S_IXUSR else _ORDINARY
    content = source.read_bytes()
    try:
        text = content.decode()
    except UnicodeDecodeError:
        pass
    else:
        text = _adapted(path, pruning.pruned(text, selection.parts), relinked)
        content = _renamed(text, name).encode()
    return ProjectFile(PurePosixPath(_renamed(str(path), name)), content, mode)


def _adapted(path: PurePosixPath, text: str, relinked: Mapping[str, str]) -> str:
    if path.parent == _REVISIONS:
        return revisions.relinked(text, relinked)
    if str(path) == ".python-version":
        return f"{sys.version_info.major}.{sys.version_info.minor}\n"
    return text


def _renamed(text: str, name: str) -> str:
    for form, replacement in forms(name).items():
        text = text.replace(form, replacement)
    return text
