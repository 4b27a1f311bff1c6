"""Which file has to import a new module with tables, so that Alembic gets to know them."""

from collections.abc import Mapping

from fastwright.codebase.loading import Loading
from fastwright.codebase.modules import Module
from fastwright.scaffolds.room import Part
from fastwright.scaffolds.rooms.surroundings import Surroundings


def index(around: Surroundings, parts: Mapping[Part, str]) -> str | None:
    """Return the package that re-exports models, else the `env.py`; None where nothing has to.

    Nothing has to where models share a file, or where the `env.py` loads the application itself or
    all files of a folder.
    """
    models = parts[Part.MODELS]
    if "{" not in models:
        return None
    package = _package(around, models)
    if package is not None:
        return package.path
    environments = [
        each.module
        for each in around.application.migrations.environments
        if each.module.path.startswith(around.source)
    ]
    if len(environments) != 1:
        return None
    loaded = Loading(around.codebase).of(environments[0])
    if around.chosen.scope.module in loaded.modules or not loaded.is_complete:
        return None
    return environments[0].path


def _package(around: Surroundings, models: str) -> Module | None:
    """Return the `__init__.py` beside models, if it imports most of those that there are."""
    folder = models.rpartition("/")[0]
    path = f"{folder}/__init__.py"
    found = next((each for each in around.codebase.modules if each.path == path), None)
    if found is None or "{" in folder:
        return None
    beside = {each.definition.module for each in around.tables}
    beside = {each for each in beside if each.folder == folder and each is not found}
    imported = set(Loading(around.codebase).imported(found))
    return found if beside and 2 * len(beside & imported) > len(beside) else None
