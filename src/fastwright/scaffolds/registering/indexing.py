"""Imports new tables where others are imported: in a package of models, or in Alembic's env."""

import re
from contextlib import suppress

from fastwright.scaffolds.additions import ImportForMigrations
from fastwright.scaffolds.registering import collections, effects
from fastwright.scaffolds.registering.spelling import Spelling
from fastwright.scaffolds.splicing import CannotBePutError
from fastwright.source import importing
from fastwright.source.importing import Import

_ALL = re.compile(rb"^__all__\b", re.MULTILINE)


def index(text: bytes, addition: ImportForMigrations, spelling: Spelling, path: str) -> bytes:
    """Return the text of a package's `__init__.py`, or an `env.py`, that imports new tables too."""
    module = spelling.module(addition.module)
    is_package = path.endswith("/__init__.py")
    for name in addition.models:
        wanted = Import(module, name)
        if is_package:
            text = importing.add(text, wanted, spelling.own)
            if _ALL.search(text):
                with suppress(CannotBePutError):
                    text = collections.append(text, "__all__", f'"{name}"')
        else:
            text = effects.add(text, wanted, frozenset({module.partition(".")[0]}))
    return text
