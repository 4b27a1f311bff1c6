"""Which classes FastAPI fills from requests: of bodies, queries and forms, and their parts."""

import re
from collections.abc import Iterator

from fastwright.application.annotated_classes import named_in
from fastwright.application.application import Application
from fastwright.application.entries import Role
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import Class
from fastwright.source.notes import Once
from fastwright.source.syntax import Name

_ENDPOINTS = (Role.ROUTE, Role.DEPENDENCY)


class Requested:
    """What routes and dependencies take, as far as their annotations tell."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def leaves_out(self, definition: Class) -> bool:
        """Tell whether the application itself fills a class, and no request that is known.

        What is handed to a function may be filled there, from requests that it takes.
        """
        codebase = self._application.codebase
        all_of_it = [definition, *codebase.below(definition)]
        return (
            definition not in self.classes
            and any(_is_made(each, codebase) for each in all_of_it)
            and not any(_is_handed_on(each, codebase) for each in all_of_it)
        )

    @Once
    def classes(self) -> set[Class]:
        """Return the classes that requests fill, those that they derive from too."""
        found: set[Class] = set()
        pending = list(self._taken())
        while pending:
            each = pending.pop()
            if each not in found:
                found.add(each)
                pending += self._of(each)
        return found

    def _taken(self) -> Iterator[Class]:
        codebase = self._application.codebase
        for entry in self._application.entries:
            if entry.role in _ENDPOINTS:
                outer = entry.function.outer or entry.function
                for parameter in entry.function.parameters:
                    if parameter.annotation is not None:
                        yield from named_in(parameter.annotation, outer, codebase)

    def _of(self, definition: Class) -> Iterator[Class]:
        """Yield the classes that a class derives from, and those of its fields."""
        for each in self._application.codebase.resolver.lineage(definition):
            if isinstance(each, Class):
                yield each
        model = self._application.models.of(definition)
        if model is not None:
            yield from self._application.models.named_in_fields(model)


def _is_made(definition: Class, codebase: Codebase) -> bool:
    """Tell whether something calls a class, or keeps it in an attribute to do so."""
    name = definition.name.encode()
    kept = re.compile(rb"\n +\w+ *(?::[^=\n]*)?= *" + name + rb"\n")
    return bool(codebase.calls_of(definition)) or codebase.is_anywhere(kept, name)


def _is_handed_on(definition: Class, codebase: Codebase) -> bool:
    """Tell whether a class is an argument of some call, and not to describe an answer."""
    return any(
        isinstance(passed, Name) and passed.id == definition.name
        for module in codebase.mentioning(definition.name.encode())
        for function in module.functions
        for call in function.calls
        for passed in (
            *call.node.arguments,
            *(each.value for each in call.node.keywords if each.name != "response_model"),
        )
    )
