"""The routes that tests ask for through a client, as far as their requests can be read."""

import re
from collections.abc import Iterator

from fastwright.application import async_databases
from fastwright.application.application import Application
from fastwright.application.overrides import patches
from fastwright.application.routers import Router
from fastwright.application.routes import Route
from fastwright.codebase.definitions import CallSite, Function, Scope
from fastwright.codebase.values import Text
from fastwright.source.syntax import Assign, Attribute, Call, Expression, FormattedString, Name

# What stands where a test says that a request is turned away before anything runs for it.
_TURNED_AWAY = {b"401", b"403", b"405", b"415", b"422"}
_STATUS = re.compile(rb"\bstatus_code\b[^\n]{0,30}?\b([1-5]\d\d)\b|\bHTTP_([1-5]\d\d)_")
_VERBS = {"delete", "get", "head", "options", "patch", "post", "put"}


def tested_routes(router: Router, call: CallSite, application: Application) -> Iterator[Route]:
    """Yield the routes that a client may ask: where it stands in or beside tests, only theirs.

    `call` makes the client, of the application that `router` is. Left aside are tests that put
    something in the place of what would be run, and requests that are turned away before.
    """
    requests: set[tuple[str, str]] | None = None
    if (users := _users(call, application)) is not None:
        requests = {each for user in users for each in _requested(user, application)}
    for route in application.routes:
        paths = None
        if requests is not None:
            paths = {path for method, path in requests if method in route.methods}
        for registration in route.registrations:
            if registration.application is router and (
                paths is None or _is_among(route, registration.path, paths)
            ):
                yield route


def _users(call: CallSite, application: Application) -> list[Function] | None:
    """Return the functions that may use a client, where those are known."""
    module = call.function.module
    if _is_idle(call, application):
        return []
    if "test" in re.split(r"[_\d]+", module.stem):
        return [each for each in module.functions if _mentions(each, call.function)]
    if module.stem != "conftest" or call.function.is_module:
        return None
    tests = (each for each in application.codebase.mentioning(call.function.name.encode()))
    users = [
        each
        for test in tests
        if test.is_test
        for each in test.functions
        if _mentions(each, call.function) and _asks(each, call.function.name)
    ]
    return users or None


def _is_idle(call: CallSite, application: Application) -> bool:
    """Tell whether a client is that of a fixture, or of a module, whose name nobody mentions."""
    name = _known_as(call)
    if name is None:
        return False
    word = name.encode()
    named = re.compile(rb"\b%s\b" % re.escape(word))
    users = application.codebase.mentioning(word)
    return sum(len(named.findall(each.code)) for each in users) == 1


def _known_as(call: CallSite) -> str | None:
    """Return the name of the fixture that makes a client, or that a module gives to it."""
    function = call.function
    if not function.is_module:
        is_asked_for = _is_fixture(function) and not _is_fixture(function, "autouse=True")
        return function.name if is_asked_for else None
    for statement in function.body:
        match statement:
            case Assign((Name(name),), _, value) if value == call.node:
                return name
    return None


def _asks(user: Function, client: str) -> bool:
    """Tell whether a test sends requests with a client of this name."""
    return any(
        isinstance(each.node.function, Attribute)
        and each.last_name in _VERBS
        and user.module.source(each.node.function.value) == client
        for each in user.calls
    )


def _mentions(user: Function, maker: Function) -> bool:
    """Tell whether a function may use the client that another, or the module, makes."""
    if user is maker or maker.is_module:
        return True
    if user.is_module or (maker.name.startswith("test") and not _is_fixture(maker)):
        return False
    text = user.module.source(user.node)
    return re.search(rf"\b{re.escape(maker.name)}\b", text) is not None


def _is_fixture(function: Function, how: str = "") -> bool:
    if function.is_module:
        return False
    decorators = (function.module.source(each) for each in function.node.decorators)
    return any("fixture" in each and how in each for each in decorators)


def _requested(function: Function, application: Application) -> Iterator[tuple[str, str]]:
    """Yield the methods and paths that a test asks for; `{}` stands for what cannot be read.

    None for a test that replaces what would be run, or whose requests are turned away before.
    """
    if not function.is_module:
        text = function.module.source(function.node)
        if _patches_for(function) or _is_turned_away(text.encode()):
            return
        if async_databases.is_overridden(function, application):
            return
    for call in function.calls:
        match call.node:
            case Call(Attribute(_, name)) if name in _VERBS and not call.is_awaited:
                path = call.node.argument(0, "url")
                text = _text(path, function, application) if path else ""
                if text.startswith(("/", "{}")):
                    yield name.upper(), text.partition("?")[0]


def _patches_for(test: Function) -> bool:
    """Tell whether a test replaces what would be run, or a fixture beside it that all tests use."""
    every = (each for each in test.module.functions if _is_fixture(each, "autouse=True"))
    return patches(test) or any(map(patches, every))


def _is_turned_away(text: bytes) -> bool:
    """Tell whether all that a test expects is that nobody is let in, or nothing understood."""
    expected = {one or other for one, other in _STATUS.findall(text)}
    return bool(expected) and expected <= _TURNED_AWAY


def _text(node: Expression, scope: Scope, application: Application) -> str:
    if isinstance(node, FormattedString):
        return "".join(_text(part, scope, application) for part in node.parts)
    value = application.codebase.resolver.value(node, scope)
    if isinstance(value, Text):
        return value.value
    match application.codebase.origin(node, scope) if isinstance(node, Name) else None:
        case (FormattedString() as written, where):
            return _text(written, where, application)
    return "{}"


def _is_among(route: Route, path: str | None, requested: set[str]) -> bool:
    """Tell whether a route may be asked for, also where only the end of its path is known.

    What is not known of it, the prefix of a router, is no empty one.
    """
    if path is None:
        end = (route.router.prefix or "") + (route.own_path or "")
        return any(
            _may_match("{}" + end, each)
            for each in requested
            if each.startswith("{}") or _parts(each) > _parts(end)
        )
    return any(_may_match(path, each) for each in requested)


def _parts(path: str) -> int:
    return len([each for each in path.split("/") if each])


def _may_match(one: str, other: str) -> bool:
    """Compare two paths by their parts, from the end; one that starts with `{}` is an end only."""
    is_end, is_other_end = one.startswith("{}"), other.startswith("{}")
    left, right = (each.removeprefix("{}").strip("/").split("/") for each in (one, other))
    if (len(left) < len(right) and not is_end) or (len(left) > len(right) and not is_other_end):
        return False
    pairs = list(zip(reversed(left), reversed(right), strict=False))
    is_sure = not (is_end or is_other_end) or any(a == b != "" for a, b in pairs)
    return is_sure and all(a == b or "{" in a or "{" in b for a, b in pairs)
