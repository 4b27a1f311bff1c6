"""How the event handlers of an application are merged into one lifespan, where that is certain."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fastwright.application.application import Application
from fastwright.application.routers import Router
from fastwright.codebase.definitions import CallSite, Function
from fastwright.codebase.modules import Module
from fastwright.codebase.placing import above, add_keyword, empty_lines_above
from fastwright.codebase.spelling import spell
from fastwright.codebase.values import External, FunctionValue
from fastwright.source.edits import Edit
from fastwright.source.importing import Import
from fastwright.source.notes import Once
from fastwright.source.scopes import Form
from fastwright.source.syntax import (
    Assign,
    Attribute,
    Call,
    Expression,
    ExpressionStatement,
    FunctionDef,
    Name,
    Statement,
    String,
)

_NAME = "lifespan"
_EVENTS = ("startup", "shutdown")
_REGISTERS = re.compile(rb"\b(on_event|add_event_handler)\b")
# What reaches into the handlers of a router, or runs them.
_REACHES = re.compile(rb"lifespan_context|on_startup|on_shutdown|router\.(startup|shutdown)\b")
# What is given an application and registers nothing with it.
_HARMLESS = (
    "fastapi.testclient.TestClient",
    "httpx.ASGITransport",
    "hypercorn.asyncio.serve",
    "mangum.Mangum",
    "starlette.testclient.TestClient",
    "uvicorn.Config",
    "uvicorn.run",
)

# The edits, and the imports that they need.
Change = tuple[tuple[Edit, ...], tuple[tuple[str, Import], ...]]


@dataclass(frozen=True)
class _Handler:
    """What runs at one event; `mark` is the decorator or call that says so."""

    event: str
    name: str
    is_async: bool
    mark: Call
    statement: Statement


class Lifespans:
    """The handlers of all applications; `registrations` are what the practice has found."""

    def __init__(
        self, application: Application, registrations: list[tuple[Function, Call, Router | None]]
    ) -> None:
        self._application = application
        self._codebase = application.codebase
        self._registrations = registrations
        self._changes: dict[Router, Change | None] = {}

    def change(self, router: Router | None) -> Change | None:
        """Return what merges the handlers of an application; None where it could miss one."""
        if router is None or not self._are_all_known:
            return None
        if router not in self._changes:
            self._changes[router] = self._merged(router)
        return self._changes[router]

    @Once
    def _are_all_known(self) -> bool:
        """Tell whether every handler is one that was found, of an application that is known."""
        found: dict[Module, int] = {}
        for scope, _, router in self._registrations:
            if router is None or not router.is_application:
                return False
            found[scope.module] = found.get(scope.module, 0) + 1
        return all(
            len(_REGISTERS.findall(module.code)) == found.get(module, 0)
            and not module.has(_REACHES)
            for module in self._codebase.modules
        ) and self._application.requirements.allows("fastapi", (0, 93))

    def _merged(self, router: Router) -> Change | None:
        module = router.scope.module
        made = _assigned(router.call, module)
        own = [each for each in self._registrations if each[2] is router]
        if made is None or any(scope.module is not module for scope, _, _ in own):
            return None
        statement, name = made
        handlers = sorted(self._handlers(module, name), key=lambda each: each.mark.start)
        if len(handlers) != len(own) or {each.mark for each in handlers} != {
            call for _, call, _ in own
        }:
            return None
        if not self._is_plain(router, module, name):
            return None
        return self._edited(router, module, statement, handlers)

    def _handlers(self, module: Module, name: str) -> Iterator[_Handler]:
        """Yield the handlers that a module's own statements register with an application."""
        for statement in module.body:
            match statement:
                case FunctionDef():
                    function = module.functions[statement.index]
                    marks = [each for each in statement.decorators if _event(each, name)]
                    is_plain = len(marks) == len(statement.decorators)
                    if (
                        is_plain
                        and self._can_be_called(function)
                        and _is_bound_once(function.name, module)
                    ):
                        for mark in marks:
                            yield from _handler(mark, function.name, function, statement, name)
                case ExpressionStatement(Call(_, [_, Name(called)]) as call) if _event(call, name):
                    value = self._codebase.resolver.value(call.arguments[1], module.top)
                    if isinstance(value, FunctionValue) and value.receiver is None:
                        function = value.function
                        is_plain = not function.decorators and self._can_be_called(function)
                        if is_plain and _is_bound_once(called, module):
                            yield from _handler(call, called, function, statement, name)

    def _can_be_called(self, function: Function) -> bool:
        """Tell whether a call without arguments runs all of a function."""
        outer = function.outer
        if function.owner is not None or outer is None or not outer.is_module:
            return False
        needs = [each for each in function.parameters if each.default is None]
        return not needs and not function.is_generator

    def _is_plain(self, router: Router, module: Module, name: str) -> bool:
        """Tell whether an application is FastAPI's own, and no library is handed it."""
        made = self._codebase.resolver.value(router.call.function, router.scope)
        passed = {each.name for each in router.call.keywords}
        return (
            made == External("fastapi.FastAPI")
            and not router.call.arguments
            and passed.isdisjoint({None, _NAME, "on_startup", "on_shutdown"})
            and _is_bound_once(name, module)
            and not re.search(rf"=[ \t]*{name}[ \t\r]*$".encode(), module.code, re.MULTILINE)
            and all(self._is_kept(call, router) for call in self._calls_with(module, name))
        )

    def _calls_with(self, module: Module, name: str) -> Iterator[CallSite]:
        """Yield the calls that are passed something of the name of an application."""
        for other in self._codebase.mentioning(name.encode()):
            if other is module or not other.is_test:
                for function in other.functions:
                    for call in function.calls:
                        values = [*call.node.arguments, *(k.value for k in call.node.keywords)]
                        if any(_ends_in(each, name) for each in values):
                            yield call

    def _is_kept(self, call: CallSite, router: Router) -> bool:
        values = [*call.node.arguments, *(k.value for k in call.node.keywords)]
        routers = [self._application.routers.at(each, call.function) for each in values]
        if router not in routers and None not in routers:
            return True
        name = self._codebase.called(call)
        if name in _HARMLESS or (name or "").startswith("builtins."):
            return True
        if isinstance(call.node.function, Attribute) and call.node.function.name == "mount":
            return True
        target = self._codebase.target(call)
        return isinstance(target, FunctionValue) and self._hands_on_nothing(target.function)

    def _hands_on_nothing(self, function: Function) -> bool:
        """Tell whether a function passes none of its parameters on as they are."""
        names = function.parameter_names
        return not any(
            isinstance(each, Name) and each.id in names
            for call in function.calls
            for each in (*call.node.arguments, *(k.value for k in call.node.keywords))
        )

    def _edited(
        self, router: Router, module: Module, statement: Statement, handlers: list[_Handler]
    ) -> Change | None:
        knowledge = self._codebase.knowledge
        manager = spell("contextlib.asynccontextmanager", module, knowledge)
        iterator = spell("collections.abc.AsyncIterator", module, knowledge)
        passed = add_keyword(module, router.call, f"{_NAME}={_NAME}")
        start = above(module, statement)
        removed = _removed(module, handlers)
        is_free = not re.search(rf"\b{_NAME}\b".encode(), module.code)
        if not (manager and iterator and passed and removed) or start is None or not is_free:
            return None
        made = module.source(router.call.function)
        head = f"@{manager.text}\nasync def {_NAME}(_: {made}) -> {iterator.text}[None]:\n"
        lines = head + _body(handlers)
        missing = max(0, 2 - empty_lines_above(module, start)) if start else 0
        defined = module.insert(start, "\n" * missing + f"{lines}\n\n")
        return (defined, *passed, *removed), (*manager.imports, *iterator.imports)


def _assigned(call: Call, module: Module) -> tuple[Statement, str] | None:
    """Return the module's own statement that gives what a call makes to a name."""
    for statement in module.body:
        match statement:
            case Assign((Name(name),), _, value) if value == call:
                return statement, name
    return None


def _is_bound_once(name: str, module: Module) -> bool:
    bindings = module.bound(name)
    is_changed = re.search(rf"\bglobal\b.*\b{name}\b".encode(), module.code)
    return len(bindings) == 1 and bindings[0][0] != Form.OTHER and not is_changed


def _event(node: Expression, name: str) -> str | None:
    """Return the event of `app.on_event("startup")` or `app.add_event_handler("startup", f)`."""
    match node:
        case Call(Attribute(Name(owner), "on_event"), [String(str() as event)], ()):
            return event if owner == name and event in _EVENTS else None
        case Call(
            Attribute(Name(owner), "add_event_handler"), [String(str() as event), Name()], ()
        ):
            return event if owner == name and event in _EVENTS else None
    return None


def _handler(
    mark: Expression, called: str, function: Function, statement: Statement, name: str
) -> Iterator[_Handler]:
    event = _event(mark, name)
    if isinstance(mark, Call) and event:
        yield _Handler(event, called, function.is_async, mark, statement)


def _ends_in(node: Expression, name: str) -> bool:
    match node:
        case Name(found) | Attribute(_, found):
            return found == name
    return False


def _body(handlers: list[_Handler]) -> str:
    calls: dict[str, list[str]] = {event: [] for event in _EVENTS}
    for each in handlers:
        calls[each.event].append(f"{'await ' if each.is_async else ''}{each.name}()")
    first = "".join(f"    {each}\n" for each in calls["startup"])
    if not calls["shutdown"]:
        return f"{first}    yield\n"
    last = "".join(f"        {each}\n" for each in calls["shutdown"])
    return f"{first}    try:\n        yield\n    finally:\n{last}"


def _removed(module: Module, handlers: list[_Handler]) -> list[Edit] | None:
    """Return the edits that take away the lines of decorators and calls; None where they are more.

    Empty lines go with the last statement of a row, so that none is left between two others.
    """
    spans: list[tuple[int, int]] = []
    text = module.text
    for each in handlers:
        start = text.rfind(b"\n", 0, each.mark.start) + 1
        end = text.find(b"\n", each.mark.end)
        end = end if end >= 0 else len(text)
        if text[start : each.mark.start].strip() not in (b"", b"@") or text[
            each.mark.end : end
        ].strip(b"\r \t"):
            return None
        if module.has_comment(start, end):
            return None
        end = min(end + 1, len(text))
        if isinstance(each.statement, ExpressionStatement):
            if spans and spans[-1][1] == start:
                start = spans.pop()[0]
            end = _without_empty_lines(module, start, end)
        spans.append((start, end))
    return [Edit(module.path, start, end, "") for start, end in spans]


def _without_empty_lines(module: Module, start: int, end: int) -> int:
    """Return where to end so that as many empty lines are left as stood above or below."""
    for _ in range(empty_lines_above(module, start)):
        following = module.text.find(b"\n", end)
        if following < 0 or module.text[end:following].strip():
            break
        end = following + 1
    return end
