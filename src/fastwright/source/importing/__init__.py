"""Adds and removes imports in a file's text, in the way that the file has them."""

from fastwright.source.importing.adding import add, order
from fastwright.source.importing.removing import unused, without
from fastwright.source.importing.statements import Import

__all__ = ["Import", "add", "order", "unused", "without"]
