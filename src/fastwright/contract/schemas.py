"""Compares JSON schemas as those do who send values (requests), or get them (responses).

References are followed, so that a component may be called what it likes. A request may grow wider
and a response narrower without harm; the other way round breaks somebody.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Any

from fastwright.contract.change import Weight

Schema = Mapping[str, Any]
# What is found: how much it matters, and a few words that follow the place.
Found = tuple[Weight, str]

_DEEPEST = 12
# For each limit, what makes it narrower: a greater or a smaller number.
_LIMITS = {
    "minLength": 1,
    "minimum": 1,
    "exclusiveMinimum": 1,
    "minItems": 1,
    "maxLength": -1,
    "maximum": -1,
    "exclusiveMaximum": -1,
    "maxItems": -1,
}


class Direction(Enum):
    """Who sends a value."""

    REQUEST = "request"
    RESPONSE = "response"

    @property
    def narrower(self) -> Weight:
        """Return what it means when fewer values are allowed."""
        return Weight.BREAKING if self is Direction.REQUEST else Weight.COMPATIBLE

    @property
    def wider(self) -> Weight:
        """Return what it means when more values are allowed."""
        return Weight.COMPATIBLE if self is Direction.REQUEST else Weight.BREAKING


class Schemas:
    """Compares the schemas of two OpenAPI documents in one direction."""

    def __init__(self, before: Schema, after: Schema, direction: Direction) -> None:
        self._before, self._after = before, after
        self._direction = direction

    def compare(self, before: Schema, after: Schema, at: str) -> Iterator[Found]:
        """Yield what is different between two schemas; `at` names them."""
        yield from self._compare(before, after, at, ())

    def _compare(
        self, before: Schema, after: Schema, at: str, path: tuple[str, ...]
    ) -> Iterator[Found]:
        key = f"{before.get('$ref')} {after.get('$ref')}"
        if len(path) > _DEEPEST or (key in path and key != "None None"):
            return
        path = (*path, key)
        before, after = _resolved(before, self._before), _resolved(after, self._after)
        yield from self._types(before, after, at)
        yield from self._enums(before, after, at)
        yield from self._limits(before, after, at)
        yield from self._properties(before, after, at, path)
        for name in ("items", "additionalProperties"):
            one, other = before.get(name), after.get(name)
            if isinstance(one, dict) and isinstance(other, dict):
                yield from self._compare(one, other, f"{at}[]", path)
        ones, others = _alternatives(before), _alternatives(after)
        for one, other in zip(ones, others, strict=False):
            yield from self._compare(one, other, at, path)
        if len(ones) != len(others):
            wider = len(others) > len(ones)
            yield self._weight(wider=wider), f"{at} has other alternatives"
        if before.get("default") != after.get("default"):
            yield (
                Weight.BREAKING,
                f"{at} defaults to {after.get('default')!r} instead of {before.get('default')!r}",
            )

    def _weight(self, *, wider: bool) -> Weight:
        return self._direction.wider if wider else self._direction.narrower

    def _types(self, before: Schema, after: Schema, at: str) -> Iterator[Found]:
        was, now = _types(before), _types(after)
        if was == now or (not was and not now):
            return
        if was and now and (was < now or now < was):
            yield self._weight(wider=was < now), f"{at} may be {_shown(now)}, was {_shown(was)}"
        elif not now or not was:
            yield self._weight(wider=not now), f"{at} may be {_shown(now)}, was {_shown(was)}"
        else:
            yield Weight.BREAKING, f"{at} is {_shown(now)} instead of {_shown(was)}"

    def _enums(self, before: Schema, after: Schema, at: str) -> Iterator[Found]:
        was, now = _values(before), _values(after)
        if was is None and now is None:
            return
        for value in [each for each in was or () if now is not None and each not in now]:
            yield self._direction.narrower, f"{at} no longer takes {value!r}"
        for value in [each for each in now or () if was is not None and each not in was]:
            yield self._direction.wider, f"{at} takes {value!r} too"
        if was is None or now is None:
            yield self._weight(wider=now is None), f"{at} has other values"

    def _limits(self, before: Schema, after: Schema, at: str) -> Iterator[Found]:
        for name, sign in _LIMITS.items():
            was, now = before.get(name), after.get(name)
            if was == now:
                continue
            wider = now is None or (was is not None and (now - was) * sign < 0)
            yield self._weight(wider=wider), f"{at} {_changed(name, was, now)}"
        for name in ("pattern", "format"):
            was, now = before.get(name), after.get(name)
            if was != now:
                wider = now is None
                weight = Weight.BREAKING if was and now else self._weight(wider=wider)
                yield weight, f"{at} {_changed(name, was, now)}"

    def _properties(
        self, before: Schema, after: Schema, at: str, path: tuple[str, ...]
    ) -> Iterator[Found]:
        was, now = before.get("properties", {}), after.get("properties", {})
        needed, need = set(before.get("required", ())), set(after.get("required", ()))
        is_request = self._direction is Direction.REQUEST
        for name in was:
            if name not in now:
                yield Weight.BREAKING, f"{at}.{name} is gone"
        for name in now:
            if name not in was:
                breaks = is_request and name in need
                weight = Weight.BREAKING if breaks else Weight.COMPATIBLE
                kind = "required" if name in need else "optional"
                yield weight, f"{at}.{name} is new and {kind}"
            else:
                if (name in needed) != (name in need):
                    wider = name not in need
                    word = "optional" if wider else "required"
                    yield self._weight(wider=wider), f"{at}.{name} is {word} now"
                yield from self._compare(was[name], now[name], f"{at}.{name}", path)


def _changed(name: str, was: object, now: object) -> str:
    """Tell a limit that came, went or is another; Pydantic 1 writes whole numbers as floats."""
    before, after = (
        int(each) if isinstance(each, float) and each.is_integer() else each for each in (was, now)
    )
    if before is None:
        return f"has {name} {after}, had none"
    if after is None:
        return f"no longer has {name} {before}"
    return f"has {name} {after} instead of {before}"


def _resolved(schema: Schema, document: Schema) -> Schema:
    """Return a schema with its reference followed, and a single `allOf` taken for what it holds."""
    for _ in range(_DEEPEST):
        reference = schema.get("$ref")
        whole = schema.get("allOf")
        if isinstance(reference, str):
            found: Any = document
            for part in reference.removeprefix("#/").split("/"):
                found = found.get(part, {})
            schema = {**found, **{key: each for key, each in schema.items() if key != "$ref"}}
        elif isinstance(whole, list) and len(whole) == 1:
            schema = {**whole[0], **{key: each for key, each in schema.items() if key != "allOf"}}
        else:
            break
    return schema


def _alternatives(schema: Schema) -> Sequence[Schema]:
    """Return the alternatives that are more than a plain type, which `_types` knows."""
    found = schema.get("anyOf") or schema.get("oneOf") or ()
    return [each for each in found if set(each) - {"type", "title"}]


def _types(schema: Schema) -> set[str]:
    found = schema.get("type")
    types = set(found) if isinstance(found, list) else {found} if found else set()
    if schema.get("nullable"):
        types.add("null")
    for each in schema.get("anyOf") or schema.get("oneOf") or ():
        types |= _types(each) or ({"object"} if "$ref" in each else set())
    # Every integer is a number.
    return types | {"integer"} if "number" in types else types


def _values(schema: Schema) -> list[object] | None:
    found = schema.get("enum")
    if found is None and "const" in schema:
        return [schema["const"]]
    return found if isinstance(found, list) else None


def _shown(types: set[str]) -> str:
    shown = types - {"integer"} if "number" in types else types
    return " or ".join(sorted(shown)) or "anything"
