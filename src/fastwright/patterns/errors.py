"""errors: one tree of exceptions, one form of answer."""

from collections.abc import Iterator

from fastwright.application import sightings
from fastwright.application.application import Application
from fastwright.application.entries import Role
from fastwright.pattern import Part, Pattern
from fastwright.source.places import Step


def places(application: Application) -> Iterator[Step]:
    """Yield the exception handlers."""
    yield from sightings.entries(
        application, Role.EXCEPTION_HANDLER, "`{}` makes answers of exceptions"
    )


PATTERN = Pattern(
    question="How do I handle errors?",
    answer=(
        "Keep one tree of exception classes that carry their status and a stable code; domains "
        "subclass and raise them, and know nothing else of HTTP. One handler makes the same kind "
        "of answer of all of them: problem details, RFC 9457. Say in OpenAPI which errors a route "
        "can answer with. What nobody foresaw is logged with its traceback and answered without."
    ),
    parts=(
        Part(
            "The root of the tree: `status`, `code` and `detail` stand on the class.",
            "src/exceptions.py",
            ("AppError", "NotFound"),
        ),
        Part(
            "A domain's errors are data: a `code` and a sentence.",
            "src/posts/exceptions.py",
            ("PostNotFound", "NotPostOwner"),
        ),
        Part(
            "Errors that a dependency raises are written on it, and go to OpenAPI.",
            "src/exceptions.py",
            ("raises",),
        ),
    ),
    otherwise=(
        "Raising `HTTPException` in a route is fine in a small service. Never return one, and "
        "never raise one in a validator or a service that something else than HTTP may call."
    ),
    keywords=(
        "error errors exception exceptions handler httpexception 404 422 500 problem json rfc "
        "9457 7807 handling validation raise catch custom classes consistent format"
    ),
    practices=("responses/raise-http-exception", "schemas/validator-raises-value-error"),
    places=places,
)
