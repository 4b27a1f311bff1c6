"""What a client asks of pyproject.toml and uv.lock: its HTTP library, and a floor of its own."""

import tomllib
from typing import Any

from fastwright.scaffolds.draft import Draft, Snippet
from fastwright.scaffolds.registering import floors

_LIBRARY = "httpx2"
_PROJECT, _LOCK = "pyproject.toml", "uv.lock"
# A client stands right above these: below the accounts, so that every domain can use it.
_BELOW = "pages"


def use_http_client(draft: Draft) -> None:
    """Make the HTTP library one that the application itself depends on, not its tests alone."""
    text = (draft.text(_PROJECT) or b"").decode()
    project = _parsed(text).get("project", {})
    if any(each.startswith(_LIBRARY) for each in project.get("dependencies", ())):
        return
    moved = _moved(text, f'    "{_LIBRARY}', "\ndev = [\n", "\ndependencies = [\n")
    if moved is None:
        why = "The HTTP library of a client has to be among the dependencies."
        draft.leave(Snippet(_PROJECT, f'    "{_LIBRARY}",', why))
        return
    draft.put(_PROJECT, moved)
    lock = (draft.text(_LOCK) or b"").decode()
    heading = f'\n[[package]]\nname = "{project.get("name")}"\n'
    before, found, rest = lock.partition(heading)
    own, following, others = rest.partition("\n[[package]]\n")
    entry = f'    {{ name = "{_LIBRARY}"'
    relocked = _moved(own, entry, "\n[package.dev-dependencies]\ndev = [\n", "\ndependencies = [\n")
    if relocked is not None:
        relocked = _moved(
            relocked,
            entry,
            "\n[package.metadata.requires-dev]\ndev = [\n",
            "\n[package.metadata]\nrequires-dist = [\n",
        )
    if relocked is not None:
        draft.put(_LOCK, f"{before}{found}{relocked}{following}{others}")


def add_floor(draft: Draft, name: str) -> None:
    """Give the client's package a floor in the import contract that names all packages."""
    floors.put(draft, name, "src", (_BELOW,))


def _moved(text: str, entry: str, source: str, target: str) -> str | None:
    """Return a text in which the line that begins so has gone from one sorted list to another."""
    before, found, rest = text.partition(source)
    listed, end, behind = rest.partition("]\n")
    lines = listed.splitlines(keepends=True)
    line = next((each for each in lines if each.startswith(entry)), None)
    if not found or not end or line is None:
        return None
    lines.remove(line)
    text = f"{before}{found}{''.join(lines)}{end}{behind}"
    before, found, rest = text.partition(target)
    listed, end, behind = rest.partition("]\n")
    if not found or not end:
        return None
    lines = listed.splitlines(keepends=True)
    place = next((at for at, each in enumerate(lines) if each > line), len(lines))
    return f"{before}{found}{''.join([*lines[:place], line, *lines[place:]])}{end}{behind}"


def _parsed(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}
