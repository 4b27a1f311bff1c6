"""What fixes mean to change of a contract, taken out of two contracts that are then compared."""

import copy
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from fastwright.practice import Effect, Part

Contract = dict[str, Any]
_MEANT = "meant to change"


def without(contract: Contract, effects: Iterable[Effect]) -> Contract:
    """Return a contract without what the effects are about."""
    changed = copy.deepcopy(contract)
    for effect in sorted(effects):
        _REMOVALS[effect.part](changed, effect.name)
    return changed


def _async(contract: Contract, name: str) -> None:
    for route in contract["routes"]:
        if route.get("name") == name or route.get("endpoint") == name:
            route["async"] = _MEANT
    for each in _all_dependencies(contract):
        if each["call"] == name:
            each["async"] = _MEANT


def _default(contract: Contract, name: str) -> None:
    """Take away the default of whatever has the name; then it is required, or not, as well."""
    for each in _objects(contract["openapi"]):
        properties = each.get("properties")
        if isinstance(properties, dict) and isinstance(properties.get(name), dict):
            properties[name].pop("default", None)
        if each.get("name") == name and isinstance(each.get("schema"), dict):
            each["schema"].pop("default", None)
    for table in contract["tables"].values():
        if name in table["columns"]:
            table["columns"][name]["default"] = _MEANT


def _dependency(contract: Contract, name: str) -> None:
    for holder in (*contract["routes"], *_all_dependencies(contract)):
        holder["dependencies"] = [
            each for each in holder.get("dependencies", ()) if each["call"] != name
        ]


def _lifespan(contract: Contract, _name: str) -> None:
    contract["lifespan"] = {"context": _MEANT, "startup": [], "shutdown": []}


def _order(contract: Contract, name: str) -> None:
    """Put a function's routes before all others."""
    contract["routes"].sort(key=lambda route: route.get("name") != name)


def _constraint_names(contract: Contract, _name: str) -> None:
    for table in contract["tables"].values():
        table["constraints"] = sorted([kind, *rest] for kind, _, *rest in table["constraints"])
        table["indexes"] = sorted(rest for _, *rest in table["indexes"])


_REMOVALS: dict[Part, Callable[[Contract, str], None]] = {
    Part.ASYNC: _async,
    Part.DEFAULT: _default,
    Part.DEPENDENCY: _dependency,
    Part.LIFESPAN: _lifespan,
    Part.ORDER: _order,
    Part.CONSTRAINT_NAMES: _constraint_names,
}


def _all_dependencies(contract: Contract) -> Iterator[dict[str, Any]]:
    pending = [each for route in contract["routes"] for each in route.get("dependencies", ())]
    while pending:
        current = pending.pop()
        yield current
        pending += current["dependencies"]


def _objects(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from _objects(each)
    elif isinstance(value, list):
        for each in value:
            yield from _objects(each)
