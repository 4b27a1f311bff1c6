"""The tree of errors; `problems.py` makes RFC 9457 problems of them.

    AppError
    ├── BadRequest 400            ├── Conflict 409
    ├── NotAuthenticated 401      ├── Unprocessable 422
    ├── NotAllowed 403            ├── TooManyRequests 429
    └── NotFound 404              └── ServiceUnavailable 503

A domain subclasses one of these with a `code` that clients can rely on, and raises it; nothing
else in a domain knows HTTP. `@raises` on a dependency or route puts its errors into OpenAPI.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, Field

PROBLEM_MEDIA_TYPE = "application/problem+json"
Function = TypeVar("Function", bound=Callable[..., Any])


class FieldError(BaseModel):
    """One field that was refused."""

    pointer: str = Field(examples=["/body/title"], description="Where: a JSON pointer")
    detail: str = Field(examples=["String should have at least 1 character"])
    code: str = Field(examples=["string_too_short"])


class Problem(BaseModel):
    """An error, as RFC 9457 describes it. Programs read `code`; people read `detail`."""

    type: str = Field(default="about:blank", description="A URI reference for the kind of problem")
    title: str = Field(examples=["Not Found"])
    status: int = Field(ge=400, le=599, examples=[404])
    detail: str = Field(examples=["There is no such session."])
    code: str = Field(examples=["session_not_found"])
    instance: str | None = Field(default=None, description="The path that was asked for")
    request_id: str | None = Field(default=None, description="Quote it when you ask for support")
    errors: list[FieldError] | None = Field(default=None, description="Only with status 422")


class AppError(Exception):
    """An error that a client is told about. Subclasses state `status`, `code` and `detail`."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"
    detail: ClassVar[str] = "Something went wrong on our side."

    def __init__(
        self, detail: str | None = None, *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail or self.detail)
        self.headers = dict(headers or {})


class BadRequest(AppError):
    status = 400
    code = "bad_request"
    detail = "The request cannot be understood."


class NotAuthenticated(AppError):
    status = 401
    code = "not_authenticated"
    detail = "A valid access token is needed."

    def __init__(
        self, detail: str | None = None, *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer", **(headers or {})})


class NotAllowed(AppError):
    status = 403
    code = "not_allowed"
    detail = "You are not allowed to do this."


class NotFound(AppError):
    status = 404
    code = "not_found"
    detail = "There is nothing here."


class Conflict(AppError):
    status = 409
    code = "conflict"
    detail = "This clashes with what is already there."


class Unprocessable(AppError):
    status = 422
    code = "validation_failed"
    detail = "Some fields are missing or not valid."

    def __init__(
        self, detail: str | None = None, *, errors: list[FieldError] | None = None
    ) -> None:
        super().__init__(detail)
        self.errors = errors or []


class TooManyRequests(AppError):
    status = 429
    code = "too_many_requests"
    detail = "Too many attempts. Try again later."

    def __init__(self, *, retry_after: int) -> None:
        """`retry_after`: seconds until another attempt can succeed."""
        super().__init__(headers={"Retry-After": str(retry_after)})


class ServiceUnavailable(AppError):
    status = 503
    code = "service_unavailable"
    detail = "The service is not available for a moment. Try again."

    def __init__(self, detail: str | None = None, *, retry_after: int = 1) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after)})


def raises(*errors: type[AppError]) -> Callable[[Function], Function]:
    """State which errors a route or dependency raises, for OpenAPI. Changes no behaviour."""

    def mark(function: Function) -> Function:
        setattr(function, "raises", errors)  # noqa: B010  (mypy knows no such attribute)
        return function

    return mark
