"""What every response must keep to: the problem format, and the application's own OpenAPI."""

import re
from functools import cache
from typing import Any

import httpx2

from src.exceptions import PROBLEM_MEDIA_TYPE
from src.main import app

Operation = dict[str, Any]


def assert_problem(response: httpx2.Response, status: int, code: str) -> dict[str, Any]:
    """The body of a response that must be this problem (RFC 9457)."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == PROBLEM_MEDIA_TYPE
    problem: dict[str, Any] = response.json()
    assert problem["status"] == status
    assert problem["code"] == code, problem
    assert problem["title"]
    assert problem["detail"]
    assert problem["instance"] == response.request.url.path
    assert problem["request_id"] == response.headers["x-request-id"]
    return problem


def refused_fields(response: httpx2.Response) -> set[str]:
    """JSON pointers to the fields that a 422 complains about."""
    problem = assert_problem(response, 422, "validation_failed")
    said = [(error["pointer"], error["code"]) for error in problem["errors"]]
    assert len(said) == len(set(said)), "nothing is said twice"
    assert all(error["detail"] for error in problem["errors"])
    return {pointer for pointer, _ in said}


async def assert_documented(response: httpx2.Response) -> None:
    """Every status that a route answers with stands in the OpenAPI document."""
    request = response.request
    if operation := operation_for(request.method, request.url.path):
        documented = operation["responses"]
        what = f"{request.method} {request.url.path} answered {response.status_code}"
        assert str(response.status_code) in documented, f"{what}, which OpenAPI does not mention"


def body_schema(method: str, path: str) -> dict[str, Any]:
    """What OpenAPI says of an operation's JSON body."""
    document = app.openapi()
    content = document["paths"][path][method.lower()]["requestBody"]["content"]
    name = content["application/json"]["schema"]["$ref"].rpartition("/")[2]
    schema: dict[str, Any] = document["components"]["schemas"][name]
    return schema


def operation_for(method: str, path: str) -> Operation | None:
    for pattern, operations in _paths():
        if pattern.fullmatch(path):
            operation: Operation | None = operations.get(method.lower())
            return operation
    return None


@cache
def _paths() -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    # A path without parameters wins over one with: `/users/me` over `/users/{user_id}`.
    paths = sorted(app.openapi()["paths"].items(), key=lambda item: item[0].count("{"))
    return [(re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), item) for path, item in paths]
