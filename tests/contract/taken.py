"""Contracts of small applications that are given as text, taken in this process."""

import importlib
import itertools
import sys
from types import ModuleType
from typing import Any

# Without annotations, as old Pythons run it too.
snapshot: Any = importlib.import_module("fastwright.contract.snapshot")
_numbers = itertools.count()


def contract(text: str) -> dict[str, Any]:
    """Return the contract of the application `app` in a module."""
    module = ModuleType(f"taken_{next(_numbers)}")
    sys.modules[module.__name__] = module
    try:
        exec(compile(text, f"{module.__name__}.py", "exec"), vars(module))
        found: dict[str, Any] = snapshot._contract(vars(module)["app"])
        kept = module.__dict__.get("Base")
        found["tables"] = (
            {name: snapshot._table(table) for name, table in kept.metadata.tables.items()}
            if kept
            else {}
        )
    finally:
        del sys.modules[module.__name__]
    return found
