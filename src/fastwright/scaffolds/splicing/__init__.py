"""Puts code into the text of a Python file that somebody else has written and formatted."""

from fastwright.scaffolds.splicing.finding import (
    Node,
    assignment,
    assignments,
    definition,
    definitions,
    parse,
    text_of,
    walk,
)
from fastwright.scaffolds.splicing.putting import (
    CannotBePutError,
    behind,
    element_names,
    into,
)

__all__ = [
    "CannotBePutError",
    "Node",
    "assignment",
    "assignments",
    "behind",
    "definition",
    "definitions",
    "element_names",
    "into",
    "parse",
    "text_of",
    "walk",
]
