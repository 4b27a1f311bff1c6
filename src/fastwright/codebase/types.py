"""Types as the data about libraries writes them: `builtins.list[requests.Response]`."""

from functools import lru_cache

from fastwright.codebase.values import External, Instance, Nothing, Value


@lru_cache(maxsize=4096)
def object_of(described: str) -> Value:
    """Return an object of a type written as text."""
    name, bracket, rest = described.partition("[")
    name = name.strip()
    if not bracket:
        return Nothing() if name in {"None", "builtins.None"} else Instance(name)
    parts = _split(rest.rstrip().removesuffix("]"))
    if name == "builtins.type":
        return External(parts[0].partition("[")[0])  # the class itself
    return Instance(name, tuple([object_of(part) for part in parts]))


def _split(text: str) -> list[str]:
    """Return the parts between the commas that stand in no brackets."""
    parts, depth, current = [], 0, ""
    for character in text:
        depth += {"[": 1, "]": -1}.get(character, 0)
        if character == "," and not depth:
            parts.append(current.strip())
            current = ""
        else:
            current += character
    return [*parts, current.strip()]
