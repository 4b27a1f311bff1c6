"""Which versions of its libraries a project asks for, by its own files."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

_REQUIREMENT = re.compile(r"^\s*([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*([^;#]*)")
_VERSION = re.compile(r"(===|==|~=|>=|<=|>|<|\^|~)?\s*v?(\d+(?:\.\d+)*)")
_PYTHON = re.compile(
    r"""^\s*(?:requires-python|python)\s*=\s*["'](?:[^"'\n]*?(?:>=|\^|~=|~|==))?\s*3\.(\d+)""",
    re.MULTILINE,
)
_LOCKED = re.compile(r'\[\[package\]\]\s*name = "([^"]+)"\s*version = "(\d[^"]*)"')

Version = tuple[int, ...]
# A part of a version that is higher than any.
_HIGHEST = 1_000_000


class Requirements:
    """The versions that a project's files allow, of which the highest decides."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        """`texts` are the project's files by path: pyproject.toml, requirements*.txt, locks."""
        self._ceilings: dict[str, Version] = {}
        self._named: set[str] = set()
        self._pythons = [
            int(version)
            for path, text in texts.items()
            if path.endswith("pyproject.toml")
            for version in _PYTHON.findall(text)
        ]
        for path, text in texts.items():
            for name, wanted in _requirements(path, text):
                self._note(name, wanted)

    def names(self, library: str) -> bool:
        """Tell whether the project's files name a library."""
        return _normal(library) in self._named

    def allows(self, library: str, version: Version) -> bool:
        """Tell whether a version, or a later one, may be what is installed.

        True where nothing is said.
        """
        ceiling = self._ceilings.get(_normal(library))
        return ceiling is None or ceiling[: len(version)] >= version

    @property
    def oldest_python(self) -> int | None:
        """Return the oldest Python 3 that is to run it: 11 for 3.11; None where nothing is said."""
        return min(self._pythons, default=None)

    def _note(self, name: str, wanted: str) -> None:
        name = _normal(name)
        self._named.add(name)
        for operator, text in _VERSION.findall(wanted):
            version = tuple(int(part) for part in text.split("."))
            ceiling = _ceiling(operator, version)
            if ceiling is not None:
                known = self._ceilings.get(name)
                self._ceilings[name] = max(known, ceiling) if known else ceiling


def _ceiling(operator: str, version: Version) -> Version | None:
    """Return the highest version that a clause allows; None where it sets no limit."""
    match operator:
        case "==" | "===" | "<=" | "<":
            return version
        case "~=" | "~":
            return (*version[:-1], _HIGHEST)
        case "^":
            leading = next((i for i, part in enumerate(version) if part), len(version) - 1)
            return (*version[: leading + 1], _HIGHEST)
        case _:
            return None


def _requirements(path: str, text: str) -> Iterator[tuple[str, str]]:
    name = path.rpartition("/")[2]
    if name == "pyproject.toml":
        yield from _from_pyproject(text)
    elif name.endswith(".lock"):
        yield from ((package, f"=={version}") for package, version in _LOCKED.findall(text))
    elif name != ".gitignore":
        for line in text.splitlines():
            found = _REQUIREMENT.match(line)
            if found and not line.lstrip().startswith(("-", "#")):
                yield found[1], found[2]


def _from_pyproject(text: str) -> Iterator[tuple[str, str]]:
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    project = _table(document, "project")
    lists = [project.get("dependencies"), *_table(project, "optional-dependencies").values()]
    lists += _table(document, "dependency-groups").values()
    for wanted in lists:
        for line in wanted if isinstance(wanted, list) else ():
            found = _REQUIREMENT.match(line) if isinstance(line, str) else None
            if found:
                yield found[1], found[2]
    poetry = _table(_table(document, "tool"), "poetry")
    groups = _table(poetry, "group")
    tables = [_table(poetry, "dependencies"), _table(poetry, "dev-dependencies")]
    tables += [_table(_table(groups, name), "dependencies") for name in groups]
    for table in tables:
        for name, wanted in table.items():
            for each in wanted if isinstance(wanted, list) else [wanted]:
                version = each.get("version", "") if isinstance(each, dict) else each
                plain = isinstance(version, str) and version[:1].isdigit()
                yield name, f"=={version}" if plain else str(version)


def _table(around: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return a table of a document, empty where there is none, or something else."""
    found = around.get(name)
    return found if isinstance(found, dict) else {}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
