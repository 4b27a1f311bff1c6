"""What a new project's files hold: the blueprint's text, with its own name and own secrets."""

import os
import re
import secrets
import stat
import sys
from pathlib import Path, PurePosixPath

from fastwright.projects import blueprint
from fastwright.projects.names import forms
from fastwright.projects.plan import ProjectFile

ENV = PurePosixPath(".env")
_ENV_EXAMPLE = PurePosixPath(".env.example")
_ORDINARY, _EXECUTABLE, _PRIVATE = 0o666, 0o777, 0o600

_EXCLUDE_NEWER = re.compile(r"^exclude-newer\s*=.*\n", re.MULTILINE)
_OPEN_SECRET = re.compile(r"^(?P<name>[A-Z0-9_]+_SECRET)=(?:change-?me)?[ \t]*$", re.MULTILINE)


def project_files(name: str) -> tuple[ProjectFile, ...]:
    """Return every file of a new project, sorted by path. Each call draws new secrets."""
    found = [_from_blueprint(path, name) for path in blueprint.files()]
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


def _from_blueprint(path: PurePosixPath, name: str) -> ProjectFile:
    source = blueprint.root() / path
    mode = _EXECUTABLE if source.stat().st_mode & stat.S_IXUSR else _ORDINARY
    content = _adapted(path, source.read_bytes(), name)
    return ProjectFile(PurePosixPath(_renamed(str(path), name)), content, mode)


def _adapted(path: PurePosixPath, content: bytes, name: str) -> bytes:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return content
    match str(path):
        case "pyproject.toml":
            # It keeps the blueprint reproducible, but would hold back its owner's next `uv add`.
            text = _EXCLUDE_NEWER.sub("", text)
        case ".python-version":
            text = f"{sys.version_info.major}.{sys.version_info.minor}\n"
    return _renamed(text, name).encode()


def _renamed(text: str, name: str) -> str:
    for form, replacement in forms(name).items():
        text = text.replace(form, replacement)
    return text
