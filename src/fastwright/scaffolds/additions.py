"""What has to be put into files that a project has already, when a domain is added."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastwright.scaffolds.room import Symbol


@dataclass(frozen=True, slots=True)
class AppendToModule:
    """Put code at the end of a module, and what it needs among its imports."""

    path: str
    text: str
    imports: tuple[str, ...] = ()  # statements, one a line: `from app.models import Post`


@dataclass(frozen=True, slots=True)
class IncludeRouter:
    """Include a router where the others are included."""

    router: Symbol
    path: str | None  # what stands in the inclusion as its prefix; None: the router has its own


@dataclass(frozen=True, slots=True)
class ImportForMigrations:
    """Let Alembic know the tables of a module."""

    module: str
    models: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AddLayer:
    """Give a domain its place in import-linter's contracts."""

    domain: str
    package: str  # "src"
    below: tuple[str, ...]  # the domains that it imports


@dataclass(frozen=True, slots=True)
class ListRoutes:
    """List a domain in the tests' matrix of routes: its `ROUTES`, and its `make`."""

    domain: str


@dataclass(frozen=True, slots=True)
class AddScopes:
    """Let personal access tokens be good for a domain."""

    members: tuple[tuple[str, str], ...]  # names and values: ("POSTS_WRITE", "posts:write")


Addition = AppendToModule | IncludeRouter | ImportForMigrations | AddLayer | ListRoutes | AddScopes


@dataclass(frozen=True, slots=True)
class Rendered:
    """What is written for a domain: new files by path, and additions to those that are there."""

    files: Mapping[str, str]
    additions: tuple[Addition, ...] = ()
