"""`explain`: the practices, with what they ask for and why."""

from fastwright import catalogue
from fastwright.practice import Practice


def explain(name: str | None = None) -> dict[str, Practice]:
    """Return the practice of a name, those of a topic, or all of them, by name.

    Raises `UnknownPracticeError`, which suggests the nearest name.
    """
    return catalogue.select(only=() if name is None else (name,))
