"""Compares the operations of two OpenAPI documents: one method of one path each."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fastwright.contract.change import Change, Weight
from fastwright.contract.schemas import Direction, Schema, Schemas

Document = Mapping[str, Any]
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_WORDS = {
    "summary": "has another summary",
    "description": "has another description",
    "tags": "has other tags",
}
_EMPTY: Schema = {}


def operations(document: Document) -> dict[str, Schema]:
    """Return the operations by method and path."""
    return {
        f"{method.upper()} {path}": operation
        for path, item in document.get("paths", {}).items()
        for method, operation in item.items()
        if method in _METHODS
    }


def compare(before: Document, after: Document) -> Iterator[Change]:
    """Yield what is different in the operations that both documents have, and in their lists."""
    was, now = operations(before), operations(after)
    for name in was.keys() - now.keys():
        yield Change(Weight.BREAKING, name, "is gone")
    for name in now.keys() - was.keys():
        yield Change(Weight.COMPATIBLE, name, "is new")
    for name in was.keys() & now.keys():
        yield from _Operation(name, before, after).compare(was[name], now[name])


class _Operation:
    def __init__(self, name: str, before: Document, after: Document) -> None:
        self._name = name
        self._documents = before, after
        self._requests = Schemas(before, after, Direction.REQUEST)
        self._responses = Schemas(before, after, Direction.RESPONSE)

    def compare(self, before: Schema, after: Schema) -> Iterator[Change]:
        if before.get("operationId") != after.get("operationId"):
            yield self._change(
                Weight.BREAKING,
                f"has the operation id {after.get('operationId')!r} instead of "
                f"{before.get('operationId')!r}: generated clients call it otherwise",
            )
        for word, told in _WORDS.items():
            if before.get(word) != after.get(word):
                yield self._change(Weight.COMPATIBLE, told)
        if before.get("deprecated", False) != after.get("deprecated", False):
            word = "deprecated now" if after.get("deprecated") else "no longer deprecated"
            yield self._change(Weight.COMPATIBLE, f"is {word}")
        yield from self._security(before, after)
        yield from self._parameters(before, after)
        yield from self._body(before, after)
        yield from self._answers(before, after)

    def _change(self, weight: Weight, what: str) -> Change:
        return Change(weight, self._name, what)

    def _security(self, before: Schema, after: Schema) -> Iterator[Change]:
        was, now = (_requirements(each) for each in (before, after))
        for scheme in now.keys() - was.keys():
            yield self._change(Weight.BREAKING, f"asks for {scheme}")
        for scheme in was.keys() - now.keys():
            yield self._change(Weight.BREAKING, f"no longer asks for {scheme}")
        for scheme in was.keys() & now.keys():
            for scope in now[scheme] - was[scheme]:
                yield self._change(Weight.BREAKING, f"asks for the scope {scope}")
            for scope in was[scheme] - now[scheme]:
                yield self._change(Weight.BREAKING, f"no longer asks for the scope {scope}")

    def _parameters(self, before: Schema, after: Schema) -> Iterator[Change]:
        was, now = (_parameters(each) for each in (before, after))
        for key in was.keys() - now.keys():
            yield self._change(Weight.BREAKING, f"{_shown(key)} is gone")
        for key in now.keys() - was.keys():
            needed = now[key].get("required", False)
            weight = Weight.BREAKING if needed else Weight.COMPATIBLE
            kind = "required" if needed else "optional"
            yield self._change(weight, f"{_shown(key)} is new and {kind}")
        for key in was.keys() & now.keys():
            one, other = was[key], now[key]
            if one.get("required", False) != other.get("required", False):
                needed = other.get("required", False)
                weight = Weight.BREAKING if needed else Weight.COMPATIBLE
                word = "required" if needed else "optional"
                yield self._change(weight, f"{_shown(key)} is {word} now")
            schemas = one.get("schema", _EMPTY), other.get("schema", _EMPTY)
            for found in self._requests.compare(*schemas, _shown(key)):
                yield self._change(*found)

    def _body(self, before: Schema, after: Schema) -> Iterator[Change]:
        was, now = before.get("requestBody"), after.get("requestBody")
        if was is None and now is not None:
            needed = now.get("required", False)
            weight = Weight.BREAKING if needed else Weight.COMPATIBLE
            yield self._change(weight, "takes a body")
        elif now is None and was is not None:
            yield self._change(Weight.BREAKING, "takes no body")
        elif was is not None and now is not None:
            if was.get("required", False) != now.get("required", False):
                needed = now.get("required", False)
                weight = Weight.BREAKING if needed else Weight.COMPATIBLE
                yield self._change(weight, f"its body is {'required' if needed else 'optional'}")
            yield from self._contents(was, now, "body", self._requests)

    def _answers(self, before: Schema, after: Schema) -> Iterator[Change]:
        was, now = dict(before.get("responses", _EMPTY)), dict(after.get("responses", _EMPTY))
        successes = [_successes(was.keys() - now.keys()), _successes(now.keys() - was.keys())]
        match successes:
            case [[one], [other]]:
                yield self._change(Weight.BREAKING, f"succeeds with {other} instead of {one}")
                # The answer is the one that was given with the other status.
                was[other] = was.pop(one)
        for status in was.keys() - now.keys():
            weight = Weight.BREAKING if status.startswith("2") else Weight.COMPATIBLE
            yield self._change(weight, f"no longer answers {status}")
        for status in now.keys() - was.keys():
            weight = Weight.BREAKING if status.startswith("2") else Weight.COMPATIBLE
            yield self._change(weight, f"answers {status}")
        for status in was.keys() & now.keys():
            yield from self._contents(was[status], now[status], f"answer {status}", self._responses)

    def _contents(
        self, before: Schema, after: Schema, at: str, schemas: Schemas
    ) -> Iterator[Change]:
        was, now = before.get("content", _EMPTY), after.get("content", _EMPTY)
        for media in was.keys() - now.keys():
            yield self._change(Weight.BREAKING, f"{at} is no longer {media}")
        for media in now.keys() - was.keys():
            weight = Weight.COMPATIBLE if was else Weight.BREAKING
            yield self._change(weight, f"{at} may be {media}")
        for media in was.keys() & now.keys():
            pair = was[media].get("schema", _EMPTY), now[media].get("schema", _EMPTY)
            for found in schemas.compare(*pair, at):
                yield self._change(*found)


def _successes(statuses: Iterable[str]) -> list[str]:
    return [each for each in statuses if each.startswith("2")]


def _requirements(operation: Schema) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for requirement in operation.get("security", ()):
        for scheme, scopes in requirement.items():
            found.setdefault(scheme, set()).update(scopes)
    return found


def _parameters(operation: Schema) -> dict[tuple[str, str], Schema]:
    return {
        (each.get("in", ""), each.get("name", "")): each for each in operation.get("parameters", ())
    }


def _shown(key: tuple[str, str]) -> str:
    return f"{key[0]} parameter {key[1]}"
