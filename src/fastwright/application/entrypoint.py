"""The application that a project names as its own: `[tool.fastapi] entrypoint`."""

import tomllib
from collections.abc import Mapping

from fastwright.application.routers import Router, Routers
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.modules import Module
from fastwright.codebase.values import FunctionValue, Value

_FILE = "pyproject.toml"


def find(texts: Mapping[str, str], codebase: Codebase, routers: Routers) -> Router | None:
    """Return the application behind the entry point of the outermost project that names one.

    Source: https://fastapi.tiangolo.com/fastapi-cli/. None where there is none, or where what it
    names could not be followed.
    """
    for path in sorted(texts, key=lambda path: (path.count("/"), path)):
        folder, _, name = path.rpartition("/")
        named = _entrypoint(texts[path]) if name == _FILE else None
        if named is not None:
            module, _, variable = named.partition(":")
            found = codebase.imports.below(folder, module) or codebase.imports.below(
                f"{folder}/src".lstrip("/"), module
            )
            return _application(found, variable or "app", codebase, routers)
    return None


def _application(
    found: Module | str | None, variable: str, codebase: Codebase, routers: Routers
) -> Router | None:
    if not isinstance(found, Module):
        return None
    value: Value | None = codebase.resolver.module_member(found, variable)
    if isinstance(value, FunctionValue):  # a factory
        value = codebase.resolver.result(value, None, value.function)
    router = routers.of(value)
    return router if router is not None and router.is_application else None


def _entrypoint(text: str) -> str | None:
    try:
        found: object = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
    for key in ("tool", "fastapi", "entrypoint"):
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, str) else None
