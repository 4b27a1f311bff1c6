"""Adds the package of a client, its tests, and what the project's own files have to say of it."""

import keyword
import re
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from fastwright.errors import ConflictsError, ImpossibleNameError
from fastwright.scaffolds import names
from fastwright.scaffolds.clients import lifespan, packages
from fastwright.scaffolds.draft import Draft, Outcome, Snippet
from fastwright.scaffolds.rooms import house
from fastwright.scaffolds.splicing import CannotBePutError, Node, assignment, element_names, into

_FILES = {
    "src": ("client", "config", "constants", "exceptions"),
    "tests": ("service", "test_client", "test_config"),
}
_FOLDERS = frozenset({"alembic", "src", "tests"})  # of the project, which imports name
_WIDTH = 96  # of a heading in .env.example

_templates = Environment(
    loader=PackageLoader("fastwright.scaffolds.clients"),
    undefined=StrictUndefined,
    keep_trailing_newline=True,
    autoescape=False,  # noqa: S701
)


def add_client(root: Path, name: str) -> Outcome:
    """Return what becomes of the files of a project with a client of the outside service `name`.

    Raises `ImpossibleNameError` or `ConflictsError` where none can be called so, and
    `UnknownRoomError` where the project is not ours.
    """
    _check(root, name)
    house.ours(root, "clients")
    draft = Draft(root)
    values = {
        "name": name,
        "class_name": names.pascal(name),
        "prefix": f"{name.upper()}_",
        "spoken": names.spaced(name),
        "sentence": names.spaced(name).capitalize(),
    }
    for folder, stems in _FILES.items():
        draft.make(f"{folder}/{name}/__init__.py", "")
        for stem in stems:
            text = _templates.get_template(f"{folder}/{stem}.py.jinja").render(values)
            draft.make(f"{folder}/{name}/{stem}.py", text)
    lifespan.open_client(draft, name)
    packages.use_http_client(draft)
    packages.add_floor(draft, name)
    _document_settings(draft, values)
    _set_in_production(draft, values["prefix"])
    return draft.outcome()


def _check(root: Path, name: str) -> None:
    tidy = names.snake(name)
    if not tidy or tidy != name or len(name) > names.LONGEST:
        raise ImpossibleNameError(
            f"“{name}” cannot be a client: use lower-case letters, digits and single _ between "
            f"words, starting with a letter, and at most {names.LONGEST} characters.",
            suggestion=tidy[: names.LONGEST].rstrip("_") or None,
        )
    if keyword.iskeyword(name) or name in _FOLDERS:
        raise ImpossibleNameError(
            f"“{name}” cannot be a client: it has a meaning of its own.", suggestion=f"{name}_api"
        )
    for taken in (f"src/{name}.py", f"src/{name}/router.py", f"src/{name}/models.py"):
        if (root / taken).exists():
            raise ConflictsError(
                f"{taken} is there already: a client called {name} would stand in its place.",
                suggestion=f"{name}_api",
            )


def _document_settings(draft: Draft, values: dict[str, str]) -> None:
    """Let .env.example name the client's settings, which a test of the project insists on."""
    prefix = values["prefix"]
    heading = f"# --- {values['sentence']} ".ljust(_WIDTH, "-")
    section = f"""
{heading}

# Where the service is, such as https://api.example.com/v1. Empty, for local work only: it counts as
# away.
{prefix}BASE_URL=

# The key that requests are signed with, as a bearer token. Empty: none.
{prefix}API_KEY=

# Seconds for one attempt of a request to it.
# {prefix}TIMEOUT=5
"""
    text = draft.text(".env.example")
    if text is None:
        draft.leave(Snippet(".env.example", section, "There is no such file to name settings in."))
    elif not re.search(rf"^{prefix}BASE_URL=".encode(), text, re.MULTILINE):
        draft.put(".env.example", text.rstrip(b"\n") + b"\n" + section.encode())


def _set_in_production(draft: Draft, prefix: str) -> None:
    """Let the settings of production in the project's tests name the service."""
    variable = f'"{prefix}BASE_URL"'
    pair = f'{variable}: "https://api.example.com"'

    def change(text: bytes, root: Node) -> bytes:
        found = assignment(root, "PRODUCTION")
        settings = found.child_by_field_name("right") if found else None
        if settings is None or settings.type != "dictionary":
            raise CannotBePutError
        is_there = any(each.startswith(variable) for each in element_names(settings))
        return text if is_there else into(text, settings, pair)

    draft.change(
        "tests/test_config.py",
        change,
        snippet=f"    {pair},",
        why="There is no PRODUCTION with the settings of production. A client's belong to them.",
    )
