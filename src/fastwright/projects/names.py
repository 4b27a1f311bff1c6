"""Which names a project can have, and the forms in which a name is written."""

import re
import unicodedata

from fastwright.errors import ImpossibleNameError
from fastwright.projects import blueprint
from fastwright.projects.locked_packages import LOCKED_PACKAGES

LONGEST = 40

_FORM = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
# Folders of the project itself.
_FOLDERS = frozenset({"src", "tests", "alembic"})


def check(name: str) -> None:
    """Raise `ImpossibleNameError`, with the nearest possible name, for what no project can bear."""
    if "/" in name or "\\" in name:
        raise ImpossibleNameError(
            f"“{name}” is a path: give the name alone, and the folder that holds it with --path.",
            suggestion=_nearest(re.split(r"[/\\]", name.rstrip("/\\"))[-1]),
        )
    if len(name) > LONGEST:
        raise ImpossibleNameError(
            f"“{name}” is too long: a project name has at most {LONGEST} characters.",
            suggestion=_nearest(name),
        )
    if not _FORM.fullmatch(name):
        raise ImpossibleNameError(
            f"“{name}” cannot be a project name: use lower-case letters and digits, "
            "starting with a letter, and single - or _ between them.",
            suggestion=_nearest(name),
        )
    if _is_taken(name):
        raise ImpossibleNameError(
            f"“{name}” would hide a package or folder of that name that the project itself needs.",
            suggestion=_nearest(name),
        )


def forms(name: str) -> dict[str, str]:
    """Return what replaces the blueprint's own name: as it is, as a title, and as a constant."""
    words = re.split(r"[-_]", name)
    return {
        blueprint.OWN_NAME: name,
        blueprint.OWN_NAME.title(): " ".join(word.capitalize() for word in words),
        blueprint.OWN_NAME.upper(): "_".join(words).upper(),
    }


def _is_taken(name: str) -> bool:
    plain = name.replace("_", "-")
    return plain in _FOLDERS | LOCKED_PACKAGES | blueprint.dependencies()


def _nearest(name: str) -> str | None:
    """Return the nearest possible name, or None when nothing of the name can stay."""
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", ascii_only).lower()
    tidy = re.sub(r"[^a-z0-9]+", "-", spaced).lstrip("-0123456789")[:LONGEST].strip("-")
    if not tidy:
        return None
    return f"{tidy}-app"[:LONGEST] if _is_taken(tidy) else tidy
