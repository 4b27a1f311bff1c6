"""Where routers are included, and how the next one is."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from fastwright.application import english
from fastwright.application.routers import Inclusion, Router
from fastwright.application.routes import Route
from fastwright.codebase.definitions import Function
from fastwright.scaffolds.room import Place, Symbol, Unknown
from fastwright.scaffolds.rooms import texts
from fastwright.scaffolds.rooms.naming import path_of
from fastwright.scaffolds.rooms.surroundings import Surroundings
from fastwright.scaffolds.rooms.symbols import find
from fastwright.source.syntax import Attribute, Collection, Import, ImportFrom, String

_FLAG = "--router app.main:app"
_LAST = re.compile(r"""/?[\w-]+(?=/?["']$)""")


@dataclass(frozen=True, slots=True)
class Including:
    """What routers are included into, in which file, and with what."""

    symbol: Symbol  # what it is called where routers are included
    place: Place
    prefix: str | None  # the path before all that is included; None where it cannot be read
    inclusion: str | None  # the arguments behind the router, with {path}
    prefix_is_given: bool
    imports_late: bool = False  # where it is included, not at the file's top


@dataclass(frozen=True, slots=True)
class _Prefix:
    written: str  # with {path} where it ends with what says which router is included
    before: str | None  # what it is without that; None where it cannot be read
    is_own: bool


def including(around: Surroundings) -> Including | Unknown:
    """Return what most routers of the application are included into."""
    router = _chosen(around)
    if router is None:
        return Unknown("router", "an application or router that includes others", _FLAG)
    links = [each for each in router.includes if not each.is_mount]
    by_file = Counter(each.scope.module.path for each in links)
    late = {each.scope.module.path for each in links if _imports_late(each)}
    usual = max(by_file, key=lambda each: (by_file[each], each not in late), default=None)
    path = usual or router.scope.module.path
    here = [each for each in links if each.scope.module.path == path]
    if not here:
        return _made(router, around)
    last = here[-1]
    receiver = last.call.function
    if not isinstance(receiver, Attribute):
        return Unknown("router", "calls of `include_router` on a name", _FLAG)
    module = last.scope.module
    name = module.source(receiver.value)
    prefix = _prefix(here, around)
    written = prefix.written if prefix else None
    before = _path_of(router, around)
    if prefix is not None:
        before = None if None in (before, prefix.before) else f"{before}{prefix.before}"
    return Including(
        around.symbol(module, name),
        around.place(module, last.call),
        before,
        ", ".join(_arguments(here, written)) or None,
        prefix is not None and prefix.is_own,
        _imports_late(last),
    )


def _chosen(around: Surroundings) -> Router | None:
    """Return the router that includes most others, the outermost of several."""
    if around.given.router:
        module, name = find(around.given.router, _FLAG.split(maxsplit=1)[0], around.codebase)
        value = around.codebase.resolver.module_member(module, name)
        return around.application.routers.of(value)
    with_routes = {each.router for each in around.routes}
    best, most = around.chosen, 0
    for router in _below(around.chosen):
        if router is not around.chosen and _is_of_table(router, around):
            continue
        children = {each.child for each in router.includes if not each.is_mount}
        count = sum(_has_routes(each, with_routes) for each in children)
        if count > most or (count and count == most == 1):  # one that is for others alone
            best, most = router, count
    return best


def _is_of_table(router: Router, around: Surroundings) -> bool:
    """Tell whether a router's file or a folder around it is named after a table.

    What such a router includes is of that table. The folder above all is named after none.
    """
    tables = {english.snake(each.name) for each in around.tables}
    path = path_of(router.scope.module)
    names = path.removeprefix(f"{around.folder}/").split("/")
    return any(english.singular(each) in tables for each in names)


def _below(router: Router) -> Iterator[Router]:
    """Yield a router and all that it includes, level by level."""
    pending = [router]
    seen = {router}
    for each in pending:
        yield each
        for link in each.includes:
            if link.child not in seen:
                seen.add(link.child)
                pending.append(link.child)


def _has_routes(router: Router, with_routes: set[Router]) -> bool:
    return any(each in with_routes for each in _below(router))


def _made(router: Router, around: Surroundings) -> Including | Unknown:
    """Return a router that includes none yet, by the name that its file gives it."""
    module = router.scope.module
    for name in module.top.details.bindings:
        value = around.codebase.resolver.module_member(module, name)
        if around.application.routers.of(value) is router:
            place = around.place(module, router.call)
            return Including(
                around.symbol(module, name), place, _path_of(router, around), None, False
            )
    return Unknown("router", "an application that a module gives a name to", _FLAG)


def _imports_late(link: Inclusion) -> bool:
    """Tell whether the function that includes routers imports them itself."""
    return (
        isinstance(link.scope, Function)
        and any(isinstance(each, ImportFrom | Import) for each in link.scope.body)
        and not link.scope.is_module
    )


def _path_of(router: Router, around: Surroundings) -> str | None:
    """Return the path from the application down to a router, its own prefix too."""
    route = _any_below(router, around)
    if router is around.chosen or route is None:
        return ""
    parts = []
    for link in route.registrations[0].inclusions:
        given = link.call.argument(0, "path") if link.is_mount else link.call.keyword("prefix")
        own = link.child.keyword("prefix")
        parts.append(texts.read(given, link.scope, around.codebase))
        parts.append(texts.read(own, link.child.scope, around.codebase))
        if link.child is router:
            break
    return None if None in parts else "".join(each for each in parts if each)


def _any_below(router: Router, around: Surroundings) -> Route | None:
    return next(
        (
            each
            for each in around.routes
            if any(link.child is router for link in each.registrations[0].inclusions)
        ),
        None,
    )


def _prefix(links: list[Inclusion], around: Surroundings) -> _Prefix | None:
    """Return the prefix that most routers are included with; None where most are without one."""
    given = [each for each in links if _source(each, "prefix") is not None]
    own = [each for each in given if _is_own(each, around)]
    is_own = 2 * len(own) >= len(given)
    if 2 * len(given) <= len(links):
        return None
    usual = _with_most_routes(own if is_own else given, around)
    text = _source(usual, "prefix") or ""
    read = texts.read(usual.call.keyword("prefix"), usual.scope, around.codebase)
    if not is_own:
        return _Prefix(text, read, is_own=False)
    before = None if read is None else read.rstrip("/").rpartition("/")[0]
    return _Prefix(_LAST.sub("/{path}", text), before, is_own=True)


def _arguments(links: list[Inclusion], prefix: str | None) -> Iterator[str]:
    """Yield what most routers are included with."""
    if prefix is not None:
        yield f"prefix={prefix}"
    tags = [each.call.keyword("tags") for each in links]
    listed = [each for each in tags if isinstance(each, Collection) and len(each.items) == 1]
    written = [each.items[0].value for each in listed if isinstance(each.items[0], String)]
    if 2 * len(written) > len(links):
        titles = sum((each or "")[:1].isupper() for each in written)
        yield 'tags=["{Path}"]' if 2 * titles > len(written) else 'tags=["{path}"]'
    guards = {_source(each, "dependencies") for each in links}
    if len(guards) == 1 and (guard := guards.pop()) is not None:
        yield f"dependencies={guard}"


def _is_own(link: Inclusion, around: Surroundings) -> bool:
    """Tell whether the end of a prefix says which router is included."""
    prefix = texts.read(link.call.keyword("prefix"), link.scope, around.codebase)
    written = prefix if prefix is not None else (_source(link, "prefix") or "").strip("\"'")
    last = written.rstrip("/").rpartition("/")[2].replace("-", "_")
    path = path_of(link.child.scope.module).split("/")
    words = {*path[-2:], *path[-1].split("_")}
    return bool(last) and english.singular(last) in {english.singular(each) for each in words}


def _with_most_routes(links: list[Inclusion], around: Surroundings) -> Inclusion:
    counted = Counter(each.router for each in around.routes)
    return max(links, key=lambda each: counted[each.child])


def _source(link: Inclusion, name: str) -> str | None:
    node = link.call.keyword(name)
    return None if node is None else link.scope.module.source(node)
