"""testing: real servers, a client of the application, one fact a test."""

from collections.abc import Iterator

from fastwright.application import sightings
from fastwright.application.application import Application
from fastwright.application.overrides import overrides
from fastwright.codebase.modules import Module
from fastwright.pattern import Part, Pattern
from fastwright.source.places import Step

_OVERRIDES = b".dependency_overrides["
_CLIENTS = (
    "starlette.testclient.TestClient",
    "httpx.AsyncClient",
    "httpx2.AsyncClient",
)


def places(application: Application) -> Iterator[Step]:
    """Yield where tests make their clients, and which dependencies they override."""
    found = application.codebase.calls_in_tests(*_CLIENTS)
    yield from sightings.of_calls(found, "makes a client with `{}`")
    for module in application.codebase.modules:
        if module.is_test and module.mentions(_OVERRIDES):
            yield from _overrides(module)


def _overrides(module: Module) -> Iterator[Step]:
    for function in module.functions:
        for each in overrides(function):
            yield module.place(each.node).step(f"overrides `{module.source(each.dependency)}`")


PATTERN = Pattern(
    question="How do I test a FastAPI application?",
    answer=(
        "Through HTTP, in process: an async client on an ASGI transport, in the event loop of the "
        "application. Against the real database in a version of its own for the tests, emptied "
        "between them; mocks agree with everything. Make rows by factories, override only what "
        "leaves the machine, and name a test as the fact that it holds."
    ),
    parts=(
        Part(
            "The application runs once with its lifespan, and each test finds it empty.",
            "tests/fixtures.py",
            ("TABLES", "EMPTY", "running_app", "app"),
        ),
        Part("The client talks to it without a socket.", "tests/fixtures.py", ("client",)),
        Part(
            "Rows come from factories that know what is valid.",
            "tests/factories.py",
            ("NewUser", "user_row"),
        ),
    ),
    otherwise=(
        "Pure functions are tested without any of this. `TestClient` is fine where nothing of the "
        "application is async."
    ),
    keywords=(
        "test tests testing pytest client testclient asyncclient httpx fixture mock override "
        "dependency_overrides factory database conftest asyncio anyio integration"
    ),
    practices=("testing/async-test-client",),
    places=places,
)
