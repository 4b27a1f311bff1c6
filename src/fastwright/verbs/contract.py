"""`contract`: what can be observed of an application, and how that has changed.

The application is imported and run for a moment, in a process of its own, with the project's
Python; nothing else of fastwright ever does that.
"""

import json
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from fastwright.contract import comparison, finding, taking
from fastwright.contract.change import Comparison
from fastwright.contract.taking import Target
from fastwright.errors import ContractError
from fastwright.reviews import revisions, scope
from fastwright.verbs import review as reviewing

Contract = dict[str, Any]
_NO_VARIABLES: Mapping[str, str] = {}
_PARTS = {"exception_handlers", "lifespan", "middleware", "openapi", "routes", "tables"}


def target(
    path: Path,
    *,
    reference: str | None = None,
    python: Path | None = None,
    within: Path | None = None,
) -> Target:
    """Return what would be imported for the project around a path; nothing outside of `within`.

    Raises `ContractError` where no application is found, or several.
    """
    root = scope.find((path,), within).root
    application = reviewing.read((root,), within=within)
    return finding.target(root, application, reference=reference, python=python)


def snapshot(found: Target, variables: Mapping[str, str] = _NO_VARIABLES) -> Contract:
    """Return the contract of an application as it is now; raises `ContractError`."""
    return taking.take(found, variables)


def at_revision(
    found: Target, revision: str, variables: Mapping[str, str] = _NO_VARIABLES
) -> Contract:
    """Return the contract as it was at a revision of git, imported from a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="fastwright-") as folder:
        old = Path(folder).resolve() / found.folder.name
        old.mkdir()
        revisions.extract(found.folder, revision, old, everything=True)
        return taking.take(replace(found, folder=old), variables)


def load(file: Path) -> Contract:
    """Return a contract that was saved; raises `ContractError` for a file that holds none."""
    try:
        document = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        raise ContractError(f"{file} holds no contract.", suggestion="--save FILE") from None
    if not isinstance(document, dict) or not document.keys() >= _PARTS:
        raise ContractError(f"{file} holds no contract.", suggestion="--save FILE")
    return document


def compare(before: Contract, after: Contract) -> Comparison:
    """Return what has changed between two contracts."""
    return comparison.compare(before, after)
