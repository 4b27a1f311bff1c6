"""What PostgreSQL refuses to store or delete, as errors that clients are told about."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError

from src.exceptions import AppError, Conflict, FieldError, Unprocessable


class InUse(Conflict):
    code = "in_use"
    detail = "Something else needs this, so it cannot be deleted."


class UnknownReference(Unprocessable):
    code = "unknown_reference"
    detail = "What this refers to is not there."

    def __init__(self, field: str) -> None:
        fault = FieldError(pointer=f"/body/{field}", detail=self.detail, code=self.code)
        super().__init__(errors=[fault])


@contextmanager
def meaning(errors: Mapping[str, Callable[[], AppError]]) -> Iterator[None]:
    """Raise what it means that a change would break a constraint, by the constraint's name."""
    try:
        yield
    except IntegrityError as error:
        name = constraint_of(error)
        if name not in errors:
            raise
        meant = errors[name]()
        raise meant from error


@contextmanager
def unless_in_use() -> Iterator[None]:
    """Delete what nothing else refers to.

    Raises:
        InUse: something does, and has to stay.
    """
    try:
        yield
    except IntegrityError as error:
        raise InUse from error


def constraint_of(error: IntegrityError) -> str:
    """The name of the constraint, or unique index, that a change would have broken."""
    cause = error.orig.__cause__ if error.orig else None
    return str(getattr(cause, "constraint_name", None))
