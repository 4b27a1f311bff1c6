"""Finds what to import, and with which Python."""

import os
import re
import sys
from pathlib import Path, PurePosixPath

from fastwright.application.application import Application
from fastwright.application.routers import Router
from fastwright.codebase.modules import Module
from fastwright.contract.taking import Target
from fastwright.errors import ContractError
from fastwright.source.scopes import Form

_ENVIRONMENTS = (".venv", "venv", "env", ".env")
_SOURCES = ("src", "backend", "app")
# The first name of an absolute import.
_IMPORTS = re.compile(
    r"^[ \t]*(?:from (?P<from>\w+)[\w.]* import|import (?P<import>\w+))", re.MULTILINE
)
_RELATIVE = re.compile(r"^[ \t]*from (?P<dots>\.+)", re.MULTILINE)


def target(
    root: Path, application: Application, *, reference: str | None, python: Path | None
) -> Target:
    """Return what is imported; raises `ContractError` where nothing or too much could be meant."""
    chosen, paths = (reference, _bases(root)) if reference else _found(application)
    # As it is run from another folder; not resolved, because a link leads into its environment.
    used = python.absolute() if python else interpreter(root)
    return Target(used, chosen, root, paths)


def _bases(root: Path) -> tuple[str, ...]:
    """Return the folders that modules may be imported from."""
    return ("", *(each for each in _SOURCES if (root / each).is_dir()))


def interpreter(root: Path) -> Path:
    """Return the Python of the project's environment: beside it or above, else the active one."""
    active = os.environ.get("VIRTUAL_ENV")
    for folder in (root, *root.parents):
        for name in _ENVIRONMENTS:
            found = _python(folder / name)
            if found is not None:
                return found
        if (folder / ".git").exists():
            break
    return (active and _python(Path(active))) or Path(sys.executable)


def _python(environment: Path) -> Path | None:
    for name in ("bin/python", "Scripts/python.exe"):
        if (environment / "pyvenv.cfg").is_file() and (environment / name).exists():
            return environment / name
    return None


def _found(application: Application) -> tuple[str, tuple[str, ...]]:
    """Return the application that is meant, with the folder from which its module is imported."""
    named = _named(application)
    packages = {each.folder for each in application.codebase.modules if each.stem == "__init__"}
    if application.entrypoint in named:
        chosen = [application.entrypoint]
    else:
        inner = {link.child for each in application.routers.all for link in each.includes}
        chosen = [each for each in named if each not in inner]
    if not chosen:
        raise ContractError(
            "No FastAPI application was found that a module gives a name to.",
            suggestion="--app package.module:app",
        )
    if len(chosen) > 1:
        known = ", ".join(sorted(_reference(*named[each], packages)[0] for each in chosen))
        raise ContractError(f"There are several applications: {known}.", suggestion="--app NAME")
    reference, base = _reference(*named[chosen[0]], packages)
    # Servers are started in the project's folder, which Python then imports from as well.
    return reference, tuple(dict.fromkeys((base, "")))


def _named(application: Application) -> dict[Router, tuple[Module, str]]:
    """Return the applications that modules give a name to, made there or by a factory."""
    codebase = application.codebase
    found: dict[Router, tuple[Module, str]] = {}
    for module in codebase.own_modules:
        for name, bindings in module.top.details.bindings.items():
            if any(binding[0] in {Form.VALUE, Form.ANNOTATED} for binding in bindings):
                router = application.routers.of(codebase.resolver.module_member(module, name))
                if router is not None and router.is_application:
                    found.setdefault(router, (module, name))
    return found


def _reference(module: Module, name: str, packages: set[str]) -> tuple[str, str]:
    """Return `module:name` as it is imported, and the folder from which that is."""
    base = _base(module, packages)
    parts = list(PurePosixPath(module.path).relative_to(base or ".").with_suffix("").parts)
    if parts[-1] == "__init__":
        parts.pop()
    return f"{'.'.join(parts)}:{name}", base


def _base(module: Module, packages: set[str]) -> str:
    """Return the folder that a module's absolute imports start from, by where they are found.

    It is no package, and above the folders that relative imports reach.
    """
    text = module.text.decode("utf-8", "replace")
    level = max((len(found["dots"]) for found in _RELATIVE.finditer(text)), default=0)
    above = [each.as_posix().removeprefix(".") for each in PurePosixPath(module.path).parents]
    folders = [each for each in above[level:] if each not in packages] or above[-1:]
    named = {found["from"] or found["import"] for found in _IMPORTS.finditer(text)}
    own = PurePosixPath(module.path).parts

    def fits(folder: str) -> int:
        depth = len(PurePosixPath(folder).parts)
        return sum(top == own[depth].removesuffix(".py") for top in named)

    return max(folders, key=fits)
