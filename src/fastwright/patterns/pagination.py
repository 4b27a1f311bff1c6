"""pagination: pages with a largest size, joined by a cursor."""

from collections.abc import Iterator

from fastwright.application.application import Application
from fastwright.codebase.definitions import Class, Function
from fastwright.codebase.values import Instance
from fastwright.pattern import Part, Pattern
from fastwright.source.places import Step

_NAMES = {"limit", "offset", "skip", "page", "page_size", "size", "per_page", "cursor"}


def places(application: Application) -> Iterator[Step]:
    """Yield the routes that take a part of a list."""
    for route in application.routes:
        names = [name for name in _taken(route.function, application) if name in _NAMES]
        if names:
            shown = ", ".join(f"`{name}`" for name in dict.fromkeys(names))
            yield route.place.step(f"`{route.function.name}` takes {shown}")


def _taken(function: Function, application: Application) -> Iterator[str]:
    """Yield the names of a function's parameters, and of the fields of models among them."""
    resolver = application.codebase.resolver
    for parameter in function.parameters:
        yield parameter.name
        if parameter.annotation is not None:
            described = resolver.annotated(parameter.annotation, function.outer or function)
            if isinstance(described, Instance) and isinstance(described.of, Class):
                model = application.models.of(described.of)
                yield from model.fields if model is not None else ()


PATTERN = Pattern(
    question="How do I paginate lists?",
    answer=(
        "Every list has a page size with an upper bound, and says where the next page begins. "
        "Prefer keyset pagination: a cursor that holds the sort key of the last row. It costs the "
        "same on every page, and rows that appear meanwhile neither repeat nor hide others; an "
        "offset reads and throws away all rows before it. Sort by something unique in the end."
    ),
    parts=(
        Part("What every list takes, bounded.", "src/pagination.py", ("PageParams",)),
        Part("What every list answers.", "src/pagination.py", ("Page",)),
        Part(
            "A cursor is opaque and signed, and belongs to one list and order.",
            "src/pagination.py",
            ("encode_cursor",),
        ),
        Part(
            "A route takes them all as one model, by `Query()`.",
            "src/posts/router.py",
            ("get_posts",),
        ),
    ),
    otherwise=(
        "Page numbers with an offset are fine for small tables and for people who must be able to "
        "jump; bound the offset too. Counting all rows on every page is as slow as reading them."
    ),
    keywords=(
        "pagination paginate page pages offset limit cursor keyset infinite scroll list next skip "
        "total count slow deep large tables fastapi-pagination"
    ),
    practices=("database/bounded-list",),
    places=places,
)
