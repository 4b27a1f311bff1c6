"""What a router's module says: its prefix, and its routes with what they are given."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastwright.scaffolds.splicing import Node, assignment, parse, text_of

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, slots=True)
class Route:
    """A route; `path` is the whole one, and `statement` what it is written as."""

    method: str
    path: str
    function: str
    parameters: Mapping[str, str]  # their annotations, as they are written
    options: Mapping[str, str]  # of the decorator: {"status_code": "204"}
    statement: Node


@dataclass(frozen=True, slots=True)
class Router:
    """The router of a domain, and its routes in the order in which they are tried."""

    prefix: str
    routes: tuple[Route, ...]


def read(text: bytes) -> Router | None:
    """Return what a module says of its `router`; None where it has none."""
    root = parse(text)
    made = assignment(root, "router")
    call = made.child_by_field_name("right") if made else None
    if call is None or call.type != "call":
        return None
    _, options = _arguments(call)
    prefix = _string(options.get("prefix"))
    found = (_route(node, prefix) for node in root.named_children)
    return Router(prefix, tuple(route for route in found if route is not None))


def segments(path: str) -> list[str]:
    """Return what stands between the slashes of a path."""
    return path.strip("/").split("/")


def parameters_in(path: str) -> list[str]:
    """Return the names of a path's parameters."""
    return [each[1:-1] for each in segments(path) if each.startswith("{")]


def _route(statement: Node, prefix: str) -> Route | None:
    """Return the route that a decorated function is."""
    function = statement.child_by_field_name("definition")
    if function is None or function.type != "function_definition":
        return None
    for decorator in statement.named_children:
        call = decorator.named_child(0) if decorator.type == "decorator" else None
        called = text_of(call.child_by_field_name("function")) if call else ""
        method = called.removeprefix("router.").upper()
        if call is not None and called.startswith("router.") and method in METHODS:
            given, options = _arguments(call)
            return Route(
                method,
                prefix + _string(given[0] if given else options.get("path")),
                text_of(function.child_by_field_name("name")),
                _parameters(function),
                {name: text_of(value) for name, value in options.items()},
                statement,
            )
    return None


def _parameters(function: Node) -> dict[str, str]:
    parameters = function.child_by_field_name("parameters")
    typed = (node for node in parameters.named_children) if parameters else ()
    return {
        text_of(node.named_child(0)): text_of(node.child_by_field_name("type"))
        for node in typed
        if node.type == "typed_parameter"
    }


def _arguments(call: Node) -> tuple[list[Node], dict[str, Node]]:
    """Return what a call is given by position, and by name."""
    given: list[Node] = []
    named: dict[str, Node] = {}
    arguments = call.child_by_field_name("arguments")
    for node in arguments.named_children if arguments else ():
        if node.type == "keyword_argument":
            value = node.child_by_field_name("value")
            if value is not None:
                named[text_of(node.child_by_field_name("name"))] = value
        elif node.type != "comment":
            given.append(node)
    return given, named


def _string(node: Node | None) -> str:
    """Return the text that a plain string stands for."""
    if node is None or node.type != "string":
        return ""
    return "".join(text_of(each) for each in node.named_children if each.type == "string_content")
