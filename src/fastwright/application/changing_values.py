"""Values that change: the calls that give something else each time, made once at import."""

from collections.abc import Iterator

from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import CallSite, Function
from fastwright.codebase.modules import Module
from fastwright.source import surroundings
from fastwright.source.nodes import wrap
from fastwright.source.scopes import Use

# What gives something else at every call.
_CHANGING = (
    *("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today"),
    *("datetime.date.today", "time.time", "time.time_ns"),
    *("uuid.uuid1", "uuid.uuid4", "uuid.uuid6", "uuid.uuid7"),
    *("secrets.token_hex", "secrets.token_urlsafe", "secrets.token_bytes", "secrets.randbelow"),
    *("random.random", "random.randint", "random.randrange", "random.uniform"),
    *("pendulum.now", "pendulum.today", "arrow.now", "arrow.utcnow", "nanoid.generate"),
    *("django.utils.timezone.now", "ulid.ULID", "ulid.new", "bson.ObjectId"),
)


def made_at_import(codebase: Codebase) -> dict[Module, list[CallSite]]:
    """Return the calls that modules make at import, those of migrations left aside."""
    found: dict[Module, list[CallSite]] = {}
    for call in _changing_calls(codebase):
        module = call.function.module
        is_at_import = call.function.is_module and not call.use & Use.IN_LAMBDA
        if is_at_import and not module.is_migration:
            found.setdefault(module, []).append(call)
    return found


def _changing_calls(codebase: Codebase) -> Iterator[CallSite]:
    """Yield the calls of changing functions, and of those that return what one of them gives."""
    returning: dict[Function, None] = {}
    for call in codebase.calls_to(*_CHANGING):
        yield call
        function = call.function
        if (
            call.runs_here
            and not (function.is_module or function.is_async or function.is_generator)
            and surroundings.holds(map(wrap, function.details.returns), call.node)
        ):
            returning[function] = None
    for function in returning:
        yield from codebase.calls_of(function)
