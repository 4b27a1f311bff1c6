"""Answers that a route encodes as FastAPI would, and the edits that leave it to that."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from fastwright.application.application import Application
from fastwright.application.routes import Route
from fastwright.codebase.definitions import Function
from fastwright.codebase.values import External
from fastwright.source import surroundings
from fastwright.source.edits import Edit
from fastwright.source.syntax import (
    Attribute,
    Await,
    Call,
    Collection,
    Comprehension,
    Dict,
    Expression,
    Name,
    Return,
    Try,
)

_ENCODER = "fastapi.encoders.jsonable_encoder"
_JSON = {"fastapi.responses.JSONResponse", "starlette.responses.JSONResponse"}
_OPENING, _CLOSING = "([{", ")]}"
_DECLARES = {"response_model", "response_class"}
_TELLS_RESPONSE = {"status_code", "response_class"}
# What may give a response that FastAPI makes another class, status or headers than the default.
_CHANGES_RESPONSE = re.compile(
    rb"\bdefault_response_class\b|\bresponse_class\b|\broute_class\b|[:\[]\s*[\w.]*Response\b"
)


@dataclass(frozen=True, slots=True)
class Encoded:
    """An expression that encodes `content`; also as a whole response, where `is_response`."""

    node: Call
    content: Expression
    is_response: bool


def encoded(node: Expression, function: Function, application: Application) -> Encoded | None:
    """Return what is encoded, where nothing but FastAPI's own defaults is asked for."""
    if not function.module.mentions(b"jsonable_encoder"):
        return None
    match node:
        case Call(called, arguments, keywords) if len(arguments) + len(keywords) == 1:
            value = application.codebase.resolver.value(called, function)
            if not isinstance(value, External):
                return None
            if value.name == _ENCODER:
                content = node.argument(0, "obj")
                return None if content is None else Encoded(node, content, is_response=False)
            inner = node.argument(0, "content")
            if value.name in _JSON and isinstance(inner, Call):
                found = encoded(inner, function, application)
                return None if found is None else Encoded(node, found.content, is_response=True)
    return None


def left_to_fastapi(
    answer: Encoded, function: Function, routes: Sequence[Route], application: Application
) -> tuple[Edit, ...]:
    """Return the edits that take away the calls around what is encoded, none where not sure.

    `routes` are those of the function; the answers of all of them stay the same.
    """
    keywords = {keyword.name for route in routes for keyword in route.call.keywords}
    declares_none = function.node.returns is None and keywords.isdisjoint({*_DECLARES, None})
    if not declares_none or not _is_unused_elsewhere(function, application):
        return ()
    around = surroundings.around(function.body, answer.node)
    if not around or not isinstance(around[-1], Return):
        return ()  # between a name and its return, things may happen to the object
    if any(isinstance(each, Try) for each in around):
        return ()  # which would not see any more that encoding fails
    if answer.is_response and not (
        keywords.isdisjoint(_TELLS_RESPONSE) and _are_responses_plain(application)
    ):
        return ()
    return _unwrapped(answer, function)


def _is_unused_elsewhere(function: Function, application: Application) -> bool:
    """Tell whether no test calls a route's function, for what is encoded."""
    called = re.compile(rf"(?<!def )\b{function.name}\(".encode())
    return not application.codebase.calls_anywhere(function) and not any(
        each.is_test and called.search(each.text) for each in application.codebase.modules
    )


def _are_responses_plain(application: Application) -> bool:
    """Tell whether FastAPI makes each `JSONResponse` with status 200 and no more headers."""
    return not any(
        _CHANGES_RESPONSE.search(each.text)
        for each in application.codebase.modules
        if b"fastapi" in each.text or b"starlette" in each.text
    )


def _unwrapped(answer: Encoded, function: Function) -> tuple[Edit, ...]:
    module, node, content = function.module, answer.node, answer.content
    text = module.source(content)
    last = module.source(node)[-1:]
    is_closed = isinstance(content, Name | Attribute | Await | Call) and "\n" not in text
    is_bracketed = isinstance(content, Dict | Collection | Comprehension | Call) and (
        text[:1] in _OPENING and text[-1:] in _CLOSING
    )
    is_call = isinstance(content, Call) and "\n" not in module.source(content.function)
    if not (is_closed or is_bracketed or is_call) or last != ")":
        return ()
    if isinstance(content, Comprehension) and text[:1] == "(":
        return ()
    edits = (
        Edit(module.path, node.start, content.start, ""),
        Edit(module.path, content.end, node.end, ""),
    )
    return () if any(module.has_comment(each.start, each.end) for each in edits) else edits
