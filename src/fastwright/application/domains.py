"""Domains: the packages that each hold the routes, schemas and services of one subject."""

import re

from fastwright.application.application import Application
from fastwright.application.folders import upward
from fastwright.codebase.modules import Module
from fastwright.source.notes import Once

# Folders that say which layer a module belongs to, and nothing of its subject.
_LAYERS = re.compile(
    r"(?:rest_?)?apis?|adapters?|controllers?|endpoints?|handlers?|http|in(?:bound|put)?"
    r"|presentation|routers?|routes?|views?|v\d+"
)
# What a domain has beside its routes, as modules or folders.
_PARTS = re.compile(
    r"(?:.+_)?(?:crud|dao|dependenc(?:y|ies)|entit(?:y|ies)|models?|repositor(?:y|ies)|schemas?"
    r"|services?)|domain"
)
# Folders of one layer for all domains, or of what all of them use.
_GLOBAL = re.compile(
    r"base|common|core|crud|dao|dependencies|entities|helpers|libs?|models|repositories|schemas"
    r"|services|shared|utils"
)


class Domains:
    """Finds the domains of an application, and where modules belong.

    A codebase that is laid out by layers, or has but one domain, has none.
    """

    def __init__(self, application: Application) -> None:
        self._application = application

    @Once
    def folders(self) -> frozenset[str]:
        """Return the paths of the domains, which may stand in each other."""
        return frozenset(self._application.codebase.remembered(__name__, self._find))

    def _find(self) -> tuple[str, ...]:
        routers = self._application.routers.all
        roots = {each.scope.module.folder for each in routers if each.is_application}
        around = {folder for root in roots for folder in upward(root)}
        candidates = {
            folder
            for each in routers
            if not each.is_application
            and (folder := _without_layers(each.scope.module)) is not None
            and folder not in around
        }
        found = {each for each in candidates if each in self._with_parts}
        apart = {each for each in found if not any(_is_below(each, other) for other in found)}
        return tuple(sorted(found)) if len(apart) > 1 else ()

    @Once
    def _with_parts(self) -> set[str]:
        """Return the folders that have models, schemas, services and the like."""
        found = set()
        for module in self._application.codebase.modules:
            if not module.is_package and _PARTS.fullmatch(module.stem):
                found.add(module.folder)
            parent, _, name = module.folder.rpartition("/")
            if _PARTS.fullmatch(name):
                found.add(parent)
        return found

    def of(self, module: Module) -> str | None:
        """Return the innermost domain that a module belongs to."""
        return next((each for each in upward(module.folder) if each in self.folders), None)


def are_apart(one: str, other: str) -> bool:
    """Tell whether neither of two domains is the other, or stands in it."""
    return one != other and not _is_below(one, other) and not _is_below(other, one)


def _without_layers(module: Module) -> str | None:
    """Return the folder of a router's subject; None where that stands below a layer."""
    parts = module.folder.split("/")
    while parts and _LAYERS.fullmatch(parts[-1]):
        parts.pop()
    is_subject = any(parts) and not any(map(_is_of_no_subject, parts))
    return "/".join(parts) if is_subject else None


def _is_of_no_subject(part: str) -> bool:
    return any(each.fullmatch(part) for each in (_LAYERS, _GLOBAL))


def _is_below(folder: str, other: str) -> bool:
    return folder.startswith(f"{other}/")
