"""What the reviewed project says about its reviews: `[tool.fastwright]` in pyproject.toml."""

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from fastwright.errors import SettingsError
from fastwright.practice import Kind
from fastwright.source import files

_FILE = "pyproject.toml"


@dataclass(frozen=True, slots=True)
class Settings:
    """What `[tool.fastwright]` may hold; `baseline` and `exclude` are relative to its folder.

    `problem` says why the file could not be read, if so.
    """

    only: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    kind: tuple[Kind, ...] = ()
    exclude: tuple[str, ...] = ()
    baseline: str | None = None
    problem: str | None = None


def read(root: Path, within: Path | None = None) -> Settings:
    """Return the settings of the project in a folder.

    Raises `SettingsError` for a key or value without a meaning. A file that is no TOML, or a link
    that leads out of `within`, has no settings, and the reason is told.
    """
    if files.leads_out(root / _FILE, within):
        return Settings(problem="it is a link that leads elsewhere")
    try:
        document = tomllib.loads((root / _FILE).read_text("utf-8"))
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        return Settings(problem=error.strerror)
    except UnicodeDecodeError:
        return Settings(problem="it is not in UTF-8")
    except ValueError as error:
        return Settings(problem=f"it is no TOML: {error}")
    tools = document.get("tool")
    table = tools.get("fastwright", {}) if isinstance(tools, dict) else {}
    if not isinstance(table, dict):
        raise SettingsError(f"`tool.fastwright` in {_FILE} is no table.")
    return _settings(table)


def _settings(table: Mapping[str, object]) -> Settings:
    known = {field.name for field in fields(Settings)} - {"problem"}
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, sorted(known), n=1)
            raise SettingsError(
                f"`[tool.fastwright]` in {_FILE} has no key `{key}`.",
                suggestion=near[0] if near else f"one of {', '.join(sorted(known))}",
            )
    baseline = table.get("baseline")
    if not isinstance(baseline, str | None):
        raise SettingsError(f"`baseline` in {_FILE} is the name of a file.")
    return Settings(
        only=_strings(table, "only"),
        ignore=_strings(table, "ignore"),
        kind=tuple(_kind(each) for each in _strings(table, "kind")),
        exclude=_strings(table, "exclude"),
        baseline=baseline,
    )


def _strings(table: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = table.get(key, [])
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
        raise SettingsError(f"`{key}` in {_FILE} is a list of strings.")
    return tuple(values)


def _kind(name: str) -> Kind:
    try:
        return Kind(name)
    except ValueError:
        raise SettingsError(
            f"There is no kind “{name}” (`kind` in {_FILE}).",
            suggestion=f"one of {', '.join(Kind)}",
        ) from None
