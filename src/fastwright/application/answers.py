"""The models that routes answer with, declared or returned, and those within their fields."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fastwright.application.annotated_classes import named_in
from fastwright.application.application import Application
from fastwright.application.models import SCHEMA, Model
from fastwright.application.returned_rows import ReturnedRows
from fastwright.application.routes import Route
from fastwright.codebase.definitions import Class, Scope
from fastwright.codebase.values import Instance, Value
from fastwright.source.nodes import wrap
from fastwright.source.places import Place
from fastwright.source.syntax import Constant, Dict, Expression

# Types of which FastAPI makes no response model.
_UNTYPED = {"builtins.dict", "typing.Any", "builtins.object"}
# So many levels of models in each other's fields are looked at.
_DEEPEST = 2


@dataclass(frozen=True)
class Answer:
    """A model that a route answers with; in `depth` fields, by what stands at `place`.

    `returned` is the object itself, where that is what is returned and no model is declared.
    """

    model: Model
    depth: int
    place: Place
    returned: Expression | None = None


def answers(route: Route, application: Application, rows: ReturnedRows) -> Iterator[Answer]:
    """Yield the models that a route answers with, and those within them.

    The declared ones count; only without a declaration those that are returned.
    """
    codebase = application.codebase
    found = declared(route, application)
    if found is not None:
        node, scope = found
        place = scope.module.place(node)
        for model, depth in _within(named_in(node, scope, codebase), application):
            # SQLAlchemy's own tables are no response type.
            if model.is_settings or codebase.is_a(model.definition, SCHEMA):
                yield Answer(model, depth, place)
        return
    function = route.function
    for raw in function.details.returns:
        for node in _parts(wrap(raw)):
            returned = list(_objects(codebase.resolver.value(node, function)))
            returned += () if returned else (each.definition for each in rows.of(node, function))
            for model, depth in _within(returned, application):
                yield Answer(model, depth, function.module.place(node), node)


def declared(route: Route, application: Application) -> tuple[Expression, Scope] | None:
    """Return what a route declares to answer with, and its scope; None where FastAPI gets none."""
    found = route.declared_response
    match route.keyword("response_model"):
        case Constant("None"):
            return None
        case None if found is not None:
            described = application.codebase.resolver.annotated(*found)
            is_untyped = isinstance(described, Instance) and described.of in _UNTYPED
            return None if is_untyped else found
    return found


def _within(definitions: Iterable[Class], application: Application) -> Iterator[tuple[Model, int]]:
    """Yield the models among classes, and those in their fields, with how far down they are."""
    seen: set[Class] = set()
    level = list(definitions)
    for depth in range(_DEEPEST):
        below: list[Class] = []
        for definition in level:
            model = application.models.of(definition)
            if model is not None and definition not in seen:
                seen.add(definition)
                yield model, depth
                below += () if model.is_table else application.models.named_in_fields(model)
        level = below


def _parts(node: Expression) -> Iterator[Expression]:
    """Yield a returned expression, or the values of the dict that it writes out."""
    match node:
        case Dict(pairs):
            for pair in pairs:
                yield from _parts(pair.value)
        case _:
            yield node


def _objects(value: Value | None) -> Iterator[Class]:
    match value:
        case Instance(Class() as definition):
            yield definition
        case Instance("builtins.list" | "typing.Sequence", (Instance(Class() as definition), *_)):
            yield definition
