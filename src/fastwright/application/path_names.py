"""Path parameters: which of them stand for the same thing, by where they stand in the paths."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from fastwright.application import english
from fastwright.application.application import Application
from fastwright.application.plain import plain
from fastwright.application.routes import PARAMETER, Route
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import Function, Scope
from fastwright.codebase.values import External, Instance, Nothing
from fastwright.source.syntax import BinaryOperation, Expression, Subscript

# Words that stand for whatever the path is about.
_ANYTHING = {"entity", "item", "object", "obj", "record", "resource"}
_KEYS = {("id",), ("pk",)}
_SHORTEST = 3

Key = tuple[object, ...]


@dataclass(frozen=True)
class PathName:
    """A parameter of a route's path; two with the same `key` stand for the same thing."""

    route: Route
    name: str
    key: Key


def path_names(application: Application) -> Iterator[PathName]:
    """Yield the parameters right behind a fixed part of a path, such as `/posts/{post_id}`."""
    found = list(_found(application))
    kinds: defaultdict[Key, set[object]] = defaultdict(set)
    for each in found:
        if each.key[-1] is not None:
            kinds[each.key[:-1]].add(each.key[-1])
    for each in found:
        *same, kind = each.key
        known = kinds[tuple(same)]
        if kind is None and same[-1] == ("id",) and len(known) == 1:
            # Without a type it has the one that the others have.
            yield PathName(each.route, each.name, (*same, *known))
        else:
            yield each


def _found(application: Application) -> Iterator[PathName]:
    for route in application.routes:
        if application.idle.has(route):
            continue
        for owner, path in _paths(route):
            for match in PARAMETER.finditer(path):
                before = path[: match.start()]
                meaning = _meaning(match[1], before)
                if match[2] == "path" or meaning is None:
                    continue
                kind = _kind(match[1], route, application)
                if meaning == () and kind in {None, "builtins.str"}:
                    continue  # a key, or a name: there is no telling
                meaning = ("id",) if meaning == () or meaning in _KEYS else meaning
                place = PARAMETER.sub("{}", before)
                yield PathName(route, match[1], (owner, place, meaning, kind))


def _paths(route: Route) -> Iterator[tuple[object, str]]:
    """Yield the paths that a route is served under, each with what serves it."""
    known = [(each.application, each.path) for each in route.registrations if each.path is not None]
    yield from known
    if not known and route.own_path is not None:
        yield route.router, (route.router.prefix or "") + route.own_path


def _meaning(name: str, before: str) -> tuple[str, ...] | None:
    """Return what of a thing the name says: `id` of `{post_id}` behind `/posts/`.

    None where the part before is no fixed text, and where the name says nothing, as `{_}`.
    """
    fixed = before.rpartition("}")[2]
    words = _words(name)
    if not fixed.endswith("/") or not _words(fixed) or not words:
        return None
    around = [english.singular(each) for each in _words(fixed)]
    for count in range(len(words), 0, -1):
        if _is_said(words[:count], around):
            return words[count:]
    if words[0] in _ANYTHING and len(words) > 1:
        return words[1:]
    return words


def _is_said(words: tuple[str, ...], around: list[str]) -> bool:
    """Tell whether words repeat the end of the path's fixed part, or shorten its last word."""
    if len(words) > len(around):
        return False
    singular = [english.singular(each) for each in words]
    if singular == around[-len(words) :]:
        return True
    short = words[0]
    return len(words) == 1 and len(short) >= _SHORTEST and around[-1].startswith(short)


def _words(text: str) -> tuple[str, ...]:
    return tuple(each.lower() for each in english.words(text))


def _kind(name: str, route: Route, application: Application) -> object:
    """Return the one type that a route or one of its dependencies declares for a parameter."""
    codebase = application.codebase
    own = route.function
    question = "path name", own.module.path, own.key, name
    kinds = codebase.remembered(question, lambda: _declared(name, own, codebase))
    if kinds is None:
        others = application.functions_of(route)[1:]
        declared = (_declared(name, each, codebase) for each in others)
        kinds = next((each for each in declared if each is not None), ())
    return kinds[0] if len(kinds) == 1 else None


def _declared(name: str, function: Function, codebase: Codebase) -> tuple[object, ...] | None:
    """Return the types that a function declares for a parameter; None where it has no such one."""
    for parameter in function.parameters:
        if parameter.name == name and parameter.annotation is not None:
            found = _kinds(parameter.annotation, function.outer or function, codebase)
            return tuple(dict.fromkeys(map(plain, found)))
    return None


def _kinds(node: Expression, scope: Scope, codebase: Codebase) -> Iterator[object]:
    """Yield the types that an annotation leaves open, `None` aside."""
    match node:
        case BinaryOperation(left, "|", right):
            alternatives: tuple[Expression, ...] = (left, right)
        case Subscript(base) if codebase.resolver.value(base, scope) == External("typing.Union"):
            alternatives = node.items
        case _:
            alternatives = ()
            described = codebase.resolver.annotated(node, scope)
            if described != Nothing():
                yield described.of if isinstance(described, Instance) else None
    for each in alternatives:
        yield from _kinds(each, scope, codebase)
