"""Compares two contracts: what clients see first, then what only the framework and the data see."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from fastwright.contract import operations
from fastwright.contract.change import Change, Comparison, Weight
from fastwright.contract.schemas import Found

Contract = Mapping[str, Any]
# A dependency: its path from the route, the path of the one above, and how it is told.
_Flat = tuple[str, str, str]
_OK = 200  # where a route names no other status
_WHOLE = re.compile(r"\{[^}:]*\}")
_PARAMETER = re.compile(r"\{[^}:]*(:path)?[^}]*\}")


def compare(before: Contract, after: Contract) -> Comparison:
    """Return the differences between two contracts, as `snapshot.py` takes them."""
    changes = [
        *operations.compare(before["openapi"], after["openapi"]),
        *_routes(before["routes"], after["routes"]),
        *_around(before, after),
        *_tables(before["tables"], after["tables"]),
    ]
    return Comparison(tuple(sorted(dict.fromkeys(changes))))


def _key(route: Contract) -> str:
    methods = ",".join(route["methods"]) or route["kind"]
    return f"{methods} {route['path']}"


def _routes(before: Sequence[Contract], after: Sequence[Contract]) -> Iterator[Change]:
    was, now = ({_key(each): each for each in routes} for routes in (before, after))
    for key in was.keys() - now.keys():
        if not was[key].get("in_schema", False):  # OpenAPI tells of the others
            yield Change(Weight.BREAKING, key, "is gone")
    for key in now.keys() - was.keys():
        if not now[key].get("in_schema", False):
            yield Change(Weight.COMPATIBLE, key, "is new")
    yield from _hidden(was.keys(), now)
    for key in was.keys() & now.keys():
        yield from _route(key, was[key], now[key])
    yield from _order(list(was), list(now), was, now)


def _route(key: str, before: Contract, after: Contract) -> Iterator[Change]:
    if before.get("async") != after.get("async"):
        yield Change(
            Weight.INTERNAL, key, f"is {after.get('async')} instead of {before.get('async')}"
        )
    if before.get("name") != after.get("name"):
        yield Change(Weight.INTERNAL, key, f"is called {after.get('name')} by url_for")
    if before.get("in_schema") != after.get("in_schema"):
        word = "in" if after.get("in_schema") else "not in"
        yield Change(Weight.COMPATIBLE, key, f"is {word} OpenAPI now")
    was_status, status = (each.get("status_code") or _OK for each in (before, after))
    for name, what in (
        ("status_code", f"succeeds with {status} instead of {was_status}"),
        ("response_class", "answers with another class"),
        ("excludes", "leaves other fields out of its answer"),
    ):
        if before.get(name) != after.get(name):
            yield Change(Weight.BREAKING, key, what)
    was, now = (list(_flat(each.get("dependencies", ()))) for each in (before, after))
    if was != now:
        yield from _dependencies(key, was, now)


def _dependencies(key: str, was: list[_Flat], now: list[_Flat]) -> Iterator[Change]:
    for each in _missing(was, now):
        yield Change(Weight.INTERNAL, key, f"no longer depends on {each}")
    for each in _missing(now, was):
        yield Change(Weight.INTERNAL, key, f"depends on {each}")
    if sorted(was) == sorted(now):
        yield Change(Weight.INTERNAL, key, "has its dependencies in another order")


def _missing(ones: list[_Flat], others: list[_Flat]) -> Iterator[str]:
    """Yield what others lack, without what came along with a dependency that they lack."""
    there = {"", *(path for path, _, _ in others)}
    for each in dict.fromkeys(ones):
        if each not in others and each[1] in there:
            yield each[2]


def _flat(dependencies: Sequence[Contract], above: str = "") -> Iterator[_Flat]:
    """Yield the path of each dependency, that of the one above, and what is known of it."""
    for each in dependencies:
        scopes = f" with {', '.join(each['scopes'])}" if each["scopes"] else ""
        cached = "" if each["cached"] else ", not cached"
        scope = f", {each['scope']} scope" if each["scope"] else ""
        path = f"{above} > {each['call']}" if above else each["call"]
        yield path, above, f"{path} ({each['async']}{cached}{scope}){scopes}"
        yield from _flat(each["dependencies"], path)


def _order(
    before: list[str], after: list[str], was: Mapping[str, Contract], now: Mapping[str, Contract]
) -> Iterator[Change]:
    """Yield the pairs of routes that match the same requests and have changed places."""
    places = {key: place for place, key in enumerate(after)}
    common = [key for key in before if key in places]
    for index, first in enumerate(common):
        for second in common[index + 1 :]:
            if places[second] < places[first] and _overlap(was[first], now[second]):
                what = f"is tried after {second}, which takes some of its requests"
                yield Change(Weight.BREAKING, first, what)


def _hidden(was: Collection[str], now: Mapping[str, Contract]) -> Iterator[Change]:
    """Yield the routes that a new one hides, and the new ones that are hidden themselves."""
    keys = list(now)
    for index, first in enumerate(keys):
        for second in keys[index + 1 :]:
            new = [each for each in (first, second) if each not in was]
            if not new or not _hides(now[first], now[second]):
                continue
            weight = Weight.COMPATIBLE if second in new else Weight.BREAKING
            yield Change(weight, second, f"is never reached: {first} takes all of its requests")


def _hides(one: Contract, other: Contract) -> bool:
    """Tell whether whatever matches the other path matches the first one too."""
    methods = set(one["methods"]), set(other["methods"])
    if not (all(methods) and methods[1] <= methods[0]):
        return False
    pairs = one["path"].split("/"), other["path"].split("/")
    if len(pairs[0]) != len(pairs[1]) or ":path}" in other["path"]:
        return False
    return all(
        first == second or _WHOLE.fullmatch(first) for first, second in zip(*pairs, strict=True)
    )


def _overlap(one: Contract, other: Contract) -> bool:
    """Tell whether a request may match the paths of both routes."""
    methods = set(one["methods"]), set(other["methods"])
    if all(methods) and methods[0].isdisjoint(methods[1]):
        return False
    return _matches(one["path"].split("/"), other["path"].split("/"))


def _matches(one: list[str], other: list[str]) -> bool:
    if not one or not other:
        return one == other
    first, second = one[0], other[0]
    if any(":path}" in each for each in (first, second)):
        return True
    fits = first == second or any(_PARAMETER.search(each) for each in (first, second))
    return fits and _matches(one[1:], other[1:])


def _around(before: Contract, after: Contract) -> Iterator[Change]:
    where = "application"
    for weight, what in (
        *_middleware(before["middleware"], after["middleware"]),
        *_handlers(dict(before["exception_handlers"]), dict(after["exception_handlers"])),
        *_lifespan(before["lifespan"], after["lifespan"]),
    ):
        yield Change(weight, where, what)
    if before["openapi"].get("info") != after["openapi"].get("info"):
        yield Change(Weight.COMPATIBLE, where, "is described otherwise")


def _middleware(before: Sequence[Contract], after: Sequence[Contract]) -> Iterator[Found]:
    was, now = ([each["class"] for each in side] for side in (before, after))
    if was != now:
        told = f"{', '.join(now) or 'none'} instead of {', '.join(was) or 'none'}"
        yield Weight.INTERNAL, f"has the middleware {told}"
        return
    for one, other in zip(before, after, strict=True):
        if one != other:
            yield Weight.INTERNAL, f"has other options for {one['class']}"


def _handlers(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Found]:
    for name in before.keys() - after.keys():
        yield Weight.BREAKING, f"no longer handles {name}"
    for name in after.keys() - before.keys():
        yield Weight.COMPATIBLE, f"handles {name}"
    for name in before.keys() & after.keys():
        if before[name] != after[name]:
            yield Weight.INTERNAL, f"handles {name} with {after[name]}"


def _lifespan(before: Contract, after: Contract) -> Iterator[Found]:
    for part, words in (("startup", "starts up"), ("shutdown", "shuts down")):
        if before[part] != after[part]:
            yield Weight.INTERNAL, f"{words} with {', '.join(after[part]) or 'nothing'}"
    if before["context"] != after["context"]:
        yield Weight.INTERNAL, "has another lifespan"


def _tables(before: Contract, after: Contract) -> Iterator[Change]:
    for name in before.keys() - after.keys():
        yield Change(Weight.BREAKING, f"table {name}", "is gone")
    for name in after.keys() - before.keys():
        yield Change(Weight.COMPATIBLE, f"table {name}", "is new")
    for name in before.keys() & after.keys():
        yield from _table(f"table {name}", before[name], after[name])


def _table(where: str, before: Contract, after: Contract) -> Iterator[Change]:
    was, now = before["columns"], after["columns"]
    for name in was.keys() - now.keys():
        yield Change(Weight.BREAKING, where, f"column {name} is gone")
    for name in now.keys() - was.keys():
        filled = now[name]["nullable"] or now[name]["server_default"] is not None
        weight = Weight.COMPATIBLE if filled else Weight.BREAKING
        yield Change(weight, where, f"column {name} is new")
    for name in was.keys() & now.keys():
        yield from _column(where, name, was[name], now[name])
    for part in ("indexes", "constraints"):
        if before[part] != after[part]:
            yield Change(Weight.INTERNAL, where, f"has other {part}")


def _column(where: str, name: str, before: Contract, after: Contract) -> Iterator[Change]:
    if before["type"] != after["type"]:
        told = f"column {name} is {after['type']} instead of {before['type']}"
        yield Change(Weight.BREAKING, where, told)
    if before["nullable"] != after["nullable"]:
        weight = Weight.COMPATIBLE if after["nullable"] else Weight.BREAKING
        word = "nullable" if after["nullable"] else "not nullable"
        yield Change(weight, where, f"column {name} is {word} now")
    for part in ("primary_key", "references"):
        if before[part] != after[part]:
            yield Change(Weight.BREAKING, where, f"column {name} has another {part}")
    for part in ("default", "server_default"):
        if before[part] != after[part]:
            yield Change(Weight.INTERNAL, where, f"column {name} has another {part}")
