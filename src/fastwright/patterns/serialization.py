"""serialization: the response model decides what leaves, and is built once."""

from collections.abc import Iterator

from fastwright.application import sightings
from fastwright.application.application import Application
from fastwright.pattern import Part, Pattern
from fastwright.source.places import Step


def places(application: Application) -> Iterator[Step]:
    """Yield where values are encoded by hand, then the schemas."""
    yield from sightings.calls(
        application, ["fastapi.encoders.jsonable_encoder"], "encodes by hand with `{}`"
    )
    yield from sightings.models(application.schemas, "`{}` is a schema")


PATTERN = Pattern(
    question="How do I shape responses and keep private fields out of them?",
    answer=(
        "Declare what leaves: a return type, or `response_model` where the function returns "
        "something else. Have separate schemas for creating, changing and answering, each with "
        "the fields that belong there; secrets are in none that answers. Return the object or row "
        "and let FastAPI convert it: building the response model by hand does the work twice."
    ),
    parts=(
        Part(
            "One schema a use: `PostUpdate` takes the same fields, and all may be left out.",
            "src/posts/schemas.py",
            ("PostCreate", "PostUpdate"),
        ),
        Part(
            "What is answered, the same for all that list posts.",
            "src/posts/schemas.py",
            ("PostSummary", "PostResponse"),
        ),
        Part("What all schemas share.", "src/schemas.py", ("CustomModel",)),
    ),
    otherwise=(
        "On a hot path a ready-made response saves a validation; then build the bytes from the "
        "schema yourself, declare the `response_model` for the documentation, and measure."
    ),
    keywords=(
        "response model serialization serialize schema schemas separate create update dto json "
        "encoder jsonable_encoder pydantic model_dump exclude private hide password leak return "
        "type orm_mode from_attributes"
    ),
    practices=(
        "responses/declared-response",
        "responses/no-double-serialization",
        "schemas/no-secret-in-response",
    ),
    places=places,
)
