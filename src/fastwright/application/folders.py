"""Folders: those around a place, and those whose code stands beside the application."""

from collections.abc import Iterator

from fastwright.codebase.modules import Module

_ASIDE = {"docs", "docs_src", "example", "examples", "sample", "samples", "scripts"}


def upward(folder: str) -> Iterator[str]:
    """Yield a folder and all around it, the innermost first; the reviewed root is empty."""
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]
    yield ""


def is_aside(module: Module) -> bool:
    """Tell whether a module is documentation, an example or a script, by its folders."""
    return not _ASIDE.isdisjoint(module.folder.split("/"))
