"""Imports new tables where others are imported: in a package of models, or in Alembic's env."""

import re

from fastwright.scaffolds.additions import ImportForMigrations
from fastwright.scaffolds.registering import collections, imports
from fastwright.scaffolds.registering.spelling import Spelling
from fastwright.source import importing
from fastwright.source.importing import Import

_LINE_LENGTH = 88
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
                text = collections.append(text, "__all__", f'"{name}"', _LINE_LENGTH) or text
        else:
            text = imports.for_effect(text, wanted, frozenset({module.partition(".")[0]}))
    return text
