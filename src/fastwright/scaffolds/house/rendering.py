"""Renders a domain for a project made by `fastwright new`: a folder in `src`, one in `tests`."""

from jinja2 import Environment, PackageLoader, StrictUndefined

from fastwright.scaffolds.additions import (
    Addition,
    AddLayer,
    AddScopes,
    ImportForMigrations,
    IncludeRouter,
    ListRoutes,
    Rendered,
)
from fastwright.scaffolds.domain import Domain
from fastwright.scaffolds.house import refusals
from fastwright.scaffolds.house.shape import Shape
from fastwright.scaffolds.house.trials import Trials
from fastwright.scaffolds.house.wrapping import wrapped
from fastwright.scaffolds.room import Room, Symbol
from fastwright.scaffolds.tidying import tidied

_PARTS = (
    *("constants", "exceptions", "models", "schemas", "statements", "service", "dependencies"),
    "router",
)


def render(domain: Domain, room: Room) -> Rendered:
    """Return what a domain is made of in a project of ours.

    Raises `OptionError` where the domain cannot be had as it was asked for.
    """
    refusals.check(domain, room)
    shape = Shape(domain, room)
    files = {f"src/{shape.name}/__init__.py": ""}
    for part in _parts(shape):
        path = f"src/{shape.name}/{part}.py"
        files[path] = _filled(f"{part}.py.jinja", path, shape)
    if domain.has_tests:
        files[f"tests/{shape.name}/__init__.py"] = ""
        for test in _tests(shape):
            name = f"test_{shape.name}" if test == "test_things" else test
            path = f"tests/{shape.name}/{name}.py"
            files[path] = _filled(f"tests/{test}.py.jinja", path, shape)
    return Rendered(files, _additions(shape))


def _parts(shape: Shape) -> tuple[str, ...]:
    return (*_PARTS, "threads") if shape.is_threaded else _PARTS


def _tests(shape: Shape) -> list[str]:
    return [
        *("factories", "routes", "asking", "test_things"),
        "test_threads" if shape.is_threaded else "test_lists",
        *(["test_likes"] if shape.is_likeable else []),
    ]


def _additions(shape: Shape) -> tuple[Addition, ...]:
    below = ["auth", *([shape.domain.parent] if shape.domain.parent else [])]
    below += [field.target for field in shape.domain.fields if field.target]
    others = tuple(sorted({name for name in below if name != shape.name}))
    model = (shape.Entity, *([f"{shape.Entity}Like"] if shape.is_likeable else []))
    return (
        IncludeRouter(Symbol(f"src.{shape.name}.router", "router"), None),
        ImportForMigrations(f"src.{shape.name}.models", model),
        AddLayer(shape.name, "src", others),
        AddScopes(shape.scopes),
        *([ListRoutes(shape.name)] if shape.domain.has_tests else []),
    )


def _filled(name: str, path: str, shape: Shape) -> str:
    """Return a file as the project's own settings have it, with the imports that it uses."""
    environment = Environment(
        loader=PackageLoader("fastwright.scaffolds.house"),
        autoescape=False,  # noqa: S701 - Python, not HTML
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    text = environment.get_template(name).render(d=shape, t=Trials(shape))
    formatted = tidied(shape.room.root, path, text.encode())
    short = wrapped(formatted.decode(), shape.room.line_length).encode()
    return (formatted if short == formatted else tidied(shape.room.root, path, short)).decode()
