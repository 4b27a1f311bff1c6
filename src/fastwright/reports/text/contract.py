"""Text about the contract of an application, and about what has changed in it."""

from collections.abc import Iterator, Mapping
from typing import Any

from fastwright.contract.change import Change, Comparison, Weight
from fastwright.reports.text import terminal
from fastwright.reports.text.terminal import Line, plain

_STYLES = {Weight.BREAKING: "red", Weight.COMPATIBLE: "green", Weight.INTERNAL: "dim"}


def show(contract: Mapping[str, Any]) -> None:
    """Write a contract: a line a route, and what stands around them."""
    terminal.write(_contract(contract))


def compared(comparison: Comparison) -> None:
    """Write what has changed, what breaks first."""
    terminal.write(_compared(comparison))


def markdown(comparison: Comparison) -> str:
    """Return what has changed for a pull request."""
    lines = [f"**Contract:** {_counts(comparison)}", ""]
    for weight in Weight:
        found = [each for each in comparison.changes if each.weight is weight]
        if found:
            lines += [f"### {weight.capitalize()}", ""]
            lines += [f"- `{each.where}` {_escaped(each.what)}" for each in found] + [""]
    return "\n".join(lines).rstrip() + "\n"


def _contract(contract: Mapping[str, Any]) -> Iterator[Line]:
    for route in contract["routes"]:
        methods = ",".join(route["methods"]) or route["kind"]
        hidden = "" if route.get("in_schema", True) else "  not in OpenAPI"
        yield ((f"{methods:8} ", "bold"), (route["path"], ""), (hidden, "dim"))
        for dependency in route.get("dependencies", ()):
            yield from _dependency(dependency, 1)
    yield plain()
    middleware = ", ".join(each["class"] for each in contract["middleware"]) or "none"
    yield plain(f"Middleware: {middleware}")
    versions = contract["versions"]
    yield plain(
        f"{len(contract['routes'])} routes and {len(contract['tables'])} tables, "
        f"FastAPI {versions['fastapi']}, Pydantic {versions['pydantic']}"
    )


def _dependency(found: Mapping[str, Any], depth: int) -> Iterator[Line]:
    scopes = f"  {', '.join(found['scopes'])}" if found["scopes"] else ""
    yield ((f"{'  ' * depth}         {found['call']}", ""), (f"  {found['async']}{scopes}", "dim"))
    for each in found["dependencies"]:
        yield from _dependency(each, depth + 1)


def _compared(comparison: Comparison) -> Iterator[Line]:
    for change in comparison.changes:
        yield from _change(change)
    if comparison.changes:
        yield plain()
    yield plain(_counts(comparison))


def _change(change: Change) -> Iterator[Line]:
    style = _STYLES[change.weight]
    yield ((f"{change.weight:10}  ", style), (f"{change.where}  ", "bold"), (change.what, ""))


def _counts(comparison: Comparison) -> str:
    if not comparison.changes:
        return "the same as before."
    counts = [f"{comparison.number(weight)} {weight}" for weight in Weight]
    return f"{', '.join(counts)}."


def _escaped(text: str) -> str:
    return text.replace("<", "&lt;").replace("|", "\\|")
