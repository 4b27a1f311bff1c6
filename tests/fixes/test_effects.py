"""What a fix means to change is taken out of both contracts; nothing else is."""

from typing import Any

import pytest

from fastwright.contract import comparison
from fastwright.fixes import effects
from fastwright.practice import Effect, Part

DEPENDENCY = {
    "call": "get_user",
    "async": "sync",
    "cached": True,
    "scopes": [],
    "scope": None,
    "dependencies": [],
}


def contract(**changes: Any) -> dict[str, Any]:
    def route(name: str, path: str) -> dict[str, Any]:
        return {
            "kind": "route",
            "path": path,
            "methods": ["GET"],
            "name": name,
            "async": "async",
            "in_schema": False,
            "dependencies": [dict(DEPENDENCY)],
        }

    table = {
        "columns": {
            "at": {
                "type": "DATETIME",
                "nullable": False,
                "primary_key": False,
                "default": None,
                "server_default": None,
                "references": [],
            }
        },
        "indexes": [],
        "constraints": [["UniqueConstraint", "None", ["at"], ""]],
    }
    return {
        "routes": [route("read", "/users/{id}"), route("read_me", "/users/me")],
        "middleware": [],
        "exception_handlers": [],
        "lifespan": {"context": "_merge", "startup": ["start"], "shutdown": []},
        "openapi": {"info": {}, "paths": {}},
        "tables": {"user": table},
        **changes,
    }


def changed(part: Part) -> dict[str, Any]:
    found = contract()
    match part:
        case Part.ASYNC:
            found["routes"][0]["dependencies"][0]["async"] = "async"
        case Part.DEFAULT:
            found["tables"]["user"]["columns"]["at"]["default"] = "CallableColumnDefault"
        case Part.DEPENDENCY:
            found["routes"][0]["dependencies"] = []
        case Part.LIFESPAN:
            found["lifespan"] = {"context": "lifespan", "startup": [], "shutdown": []}
        case Part.ORDER:
            found["routes"].reverse()
        case Part.CONSTRAINT_NAMES:
            found["tables"]["user"]["constraints"][0][1] = "uq_user_at"
    return found


NAMES = {
    Part.ASYNC: "get_user",
    Part.DEFAULT: "at",
    Part.DEPENDENCY: "get_user",
    Part.ORDER: "read_me",
}


@pytest.mark.parametrize("part", list(Part))
def test_a_change_is_only_allowed_by_its_own_effect(part: Part) -> None:
    def changes(*allowed: Effect) -> int:
        sides = (effects.without(each, allowed) for each in (contract(), changed(part)))
        return len(comparison.compare(*sides).changes)

    assert changes() > 0
    assert changes(Effect(part, NAMES.get(part, ""))) == 0
    others = [Effect(each, "another") for each in Part if each.value in NAMES and each is not part]
    assert changes(*others) == changes()
