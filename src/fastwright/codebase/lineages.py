"""The lines of classes: each with its bases, nearest first."""

from collections.abc import Callable

from fastwright.codebase import members
from fastwright.codebase.definitions import Class
from fastwright.codebase.modules import Module
from fastwright.codebase.values import Evaluator
from fastwright.source.notes import Note, open_notes, used
from fastwright.source.remembered import Remembered

Line = tuple[Class | str, ...]


class Lineages:
    """Finds lines once; those that the last review found are taken as they are."""

    def __init__(
        self, module_at: Callable[[str], Module], evaluator: Evaluator, remembered: Remembered
    ) -> None:
        self._module_at = module_at
        self._evaluator = evaluator
        self._remembered = remembered
        self._found: dict[Class, tuple[Line, Note]] = {}

    def of(self, definition: Class) -> Line:
        """Return a class and its bases, nearest first; a library's classes by name."""
        if definition not in self._found:
            question = "lineage", definition.module.path, definition.key
            kept = self._remembered.known(question)
            if kept is not None:
                plain, made = kept
                self._found[definition] = self._read(plain), made
            else:
                line, made = self._find(definition)
                self._remembered.answers[question] = tuple(map(_plain, line)), made
        return used(self._found[definition])

    def _find(self, definition: Class) -> tuple[Line, Note]:
        made = Note()
        made.is_in_circle = True
        self._found[definition] = (definition,), made  # for a circle
        open_notes.append(made.seen)
        try:
            line = members.lineage(definition, self._evaluator)
        finally:
            open_notes.pop()
        self._found[definition] = line, made.closed()
        return self._found[definition]

    def _read(self, plain: tuple[str | tuple[str, str], ...]) -> Line:
        return tuple(
            each if isinstance(each, str) else self._module_at(each[0]).class_of(each[1])
            for each in plain
        )


def _plain(each: Class | str) -> str | tuple[str, str]:
    return each if isinstance(each, str) else (each.module.path, each.key)
