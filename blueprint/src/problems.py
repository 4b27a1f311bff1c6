"""Every error response, as a problem: the handlers, and the responses that OpenAPI lists."""

import logging
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Any

import asyncpg
from fastapi import FastAPI, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException

from src.database import DatabaseUnavailable, is_outage
from src.exceptions import (
    PROBLEM_MEDIA_TYPE,
    AppError,
    FieldError,
    Problem,
    ServiceUnavailable,
    Unprocessable,
)
from src.logs import current_request_id

# Problems that say when to come back.
RETRIED = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
RETRY_AFTER = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds"}}

logger = logging.getLogger(__name__)

# Starlette and FastAPI raise these by status alone.
STATUS_CODES = {
    400: ("bad_request", "The request cannot be understood."),
    404: ("not_found", "There is nothing at this path."),
    405: ("method_not_allowed", "This path does not answer to this method."),
    413: ("content_too_large", "The request body is too large."),
    415: ("unsupported_media_type", "This content type is not understood."),
    416: ("range_not_satisfiable", "There is no such part of this file."),  # [media]
}


def problem_response(
    status: int,
    code: str,
    detail: str,
    *,
    instance: str | None = None,
    errors: list[FieldError] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """A problem as a response, with the id of the request that caused it."""
    problem = Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        code=code,
        instance=instance,
        request_id=current_request_id(),
        errors=errors,
    )
    content = problem.model_dump_json(exclude_none=True)
    return Response(content, status, headers, PROBLEM_MEDIA_TYPE)


def status_problem(
    status: int, *, instance: str, headers: dict[str, str] | None = None
) -> Response:
    """The problem for an error that has nothing but a status."""
    fallback = (HTTPStatus(status).phrase.lower().replace(" ", "_"), HTTPStatus(status).description)
    code, detail = STATUS_CODES.get(status, fallback)
    return problem_response(status, code, detail, instance=instance, headers=headers)


def unexpected_problem(instance: str) -> Response:
    """A 500 that says nothing about our insides; its request id leads to the log."""
    return problem_response(AppError.status, AppError.code, AppError.detail, instance=instance)


def add_problem_handlers(app: FastAPI) -> None:
    """Answer every error that a route can raise with a problem."""
    app.add_exception_handler(AppError, _app_error)
    app.add_exception_handler(HTTPException, _http_exception)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(DBAPIError, _database_error)
    app.add_exception_handler(PoolTimeoutError, _database_error)
    app.add_exception_handler(TimeoutError, _database_error)
    # A connection that dies while it is set up raises the driver's own.
    for driver_error in (
        asyncpg.PostgresError,
        asyncpg.InterfaceError,
        asyncpg.InternalClientError,
    ):
        app.add_exception_handler(driver_error, _database_error)


def document_problems(operation: dict[str, Any], dependant: Dependant) -> None:
    """Add to an OpenAPI operation the problems that its route and its dependencies raise."""
    responses = operation.setdefault("responses", {})
    takes_input = "422" in responses
    raised: list[type[AppError]] = [*errors_of(dependant)]
    if takes_input:
        raised.append(Unprocessable)
    by_status: dict[int, dict[str, str]] = {}
    for error in raised:
        by_status.setdefault(error.status, {})[error.code] = error.detail
    if "requestBody" in operation:  # FastAPI answers 400 to bodies that it cannot decode
        for status in (400, 413, 415):
            code, detail = STATUS_CODES[status]
            by_status.setdefault(status, {})[code] = detail
    by_status.setdefault(500, {})[AppError.code] = AppError.detail
    for status, codes in sorted(by_status.items()):
        responses[str(status)] = _documented(status, codes)


def errors_of(dependant: Dependant) -> Iterator[type[AppError]]:
    """What a route and its dependencies say that they raise."""
    yield from getattr(dependant.call, "raises", ())
    for dependency in dependant.dependencies:
        yield from errors_of(dependency)


def _documented(status: int, codes: dict[str, str]) -> dict[str, Any]:
    title = HTTPStatus(status).phrase
    examples = {
        code: {
            "summary": code,
            "value": {
                "type": "about:blank",
                "title": title,
                "status": status,
                "detail": detail,
                "code": code,
            },
        }
        for code, detail in codes.items()
    }
    headers = {"headers": RETRY_AFTER} if status in RETRIED else {}
    return {
        **headers,
        "description": f"{title}: " + ", ".join(f"`{code}`" for code in codes),
        "content": {
            PROBLEM_MEDIA_TYPE: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "examples": examples,
            }
        },
    }


async def _app_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, AppError)  # noqa: S101  (narrows the type that Starlette gives)
    return problem_response(
        error.status,
        error.code,
        str(error),
        instance=request.url.path,
        errors=getattr(error, "errors", None),
        headers=error.headers,
    )


async def _http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(sorted(_methods_of(request)))
    return status_problem(error.status_code, instance=request.url.path, headers=headers)


def _methods_of(request: Request) -> set[str]:
    """The methods of all routes at a path; Starlette names only the first route's."""
    return {
        method
        for route in iter_route_contexts(request.app.routes)
        if route.methods and route.path_regex.match(request.scope["path"])
        for method in route.methods
    }


async def _validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    # A body that two dependencies ask for is refused twice.
    errors = {(it.pointer, it.code): it for it in _field_errors(error.errors())}
    return await _app_error(request, Unprocessable(errors=list(errors.values())))


async def _database_error(request: Request, error: Exception) -> Response:
    if isinstance(error, PoolTimeoutError) or (is_outage(error) and not isinstance(error, OSError)):
        logger.warning("The database is not available: %s", error)
        return await _app_error(request, DatabaseUnavailable())
    if isinstance(error, TimeoutError):
        return await _app_error(request, ServiceUnavailable())
    raise error


def _field_errors(errors: Iterable[dict[str, Any]]) -> Iterator[FieldError]:
    for error in errors:
        where = "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in error["loc"])
        detail = str(error["msg"]).removeprefix("Value error, ")
        yield FieldError(pointer=f"/{where}", detail=detail, code=str(error["type"]))
