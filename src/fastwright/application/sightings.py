"""Where a codebase does something, as steps to show: calls, functions, classes and routes."""

from collections.abc import Iterable, Iterator

from fastwright.application.application import Application
from fastwright.application.entries import Role
from fastwright.application.models import Model
from fastwright.codebase.definitions import CallSite, Class, Function
from fastwright.codebase.values import Coroutine, FunctionValue, Instance, Value
from fastwright.source.places import Step

SESSIONS = (
    "sqlalchemy.orm.Session",
    "sqlalchemy.ext.asyncio.AsyncSession",
    "sqlmodel.Session",
    "sqlmodel.ext.asyncio.session.AsyncSession",
)


def calls(application: Application, names: Iterable[str], text: str) -> Iterator[Step]:
    """Yield the calls of a library's functions; `{}` in the text becomes what is called."""
    yield from of_calls(application.codebase.calls_to(*names), text)


def of_calls(found: Iterable[CallSite], text: str) -> Iterator[Step]:
    """Yield calls as steps."""
    for call in found:
        module = call.function.module
        called = " ".join(module.source(call.node.function).split())
        yield module.place(call.node).step(text.format(called))


def entries(application: Application, role: Role, text: str) -> Iterator[Step]:
    """Yield the functions that FastAPI runs in a role; `{}` in the text becomes their names."""
    for entry in application.entries:
        if entry.role is role:
            function = entry.function
            place = function.module.place(function.node)
            yield place.step(text.format(function.qualified_name))


def sessions(application: Application) -> Iterator[Step]:
    """Yield the dependencies that hand out database sessions."""
    for entry in application.entries:
        function = entry.function
        if entry.role is Role.DEPENDENCY:
            given = _given(function, application)
            if given is not None and application.codebase.is_a(given, *SESSIONS):
                place = function.module.place(function.node)
                yield place.step(f"`{function.qualified_name}` hands out a session")


def models(found: Iterable[Model], text: str) -> Iterator[Step]:
    """Yield models; `{}` in the text becomes their names."""
    for model in found:
        definition = model.definition
        yield definition.module.place(definition.node).step(text.format(definition.qualified_name))


def _given(function: Function, application: Application) -> Class | str | None:
    """Return the class of what FastAPI gets of a dependency, through `await` and `yield`."""
    resolver = application.codebase.resolver
    value: Value | None = resolver.result(FunctionValue(function), None, function)
    if isinstance(value, Coroutine):
        value = value.result
    match value:
        case Instance(_, (Instance(of), *_)) if function.is_generator:
            return of
        case Instance(of) if not function.is_generator:
            return of
    return None
