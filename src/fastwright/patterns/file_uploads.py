"""file-uploads: files go to the storage by a signed link, and are checked before they are used."""

from collections.abc import Iterator

from fastwright.application import sightings
from fastwright.application.application import Application
from fastwright.application.routes import Route
from fastwright.codebase.values import Instance
from fastwright.pattern import Part, Pattern
from fastwright.source.places import Step

_FILES = {"fastapi.UploadFile", "starlette.datastructures.UploadFile"}
_CALLS = (
    *("starlette.requests.Request.form", "starlette.requests.Request.stream"),
    *("boto3.client.generate_presigned_post", "boto3.client.generate_presigned_url"),
    "minio.Minio.presigned_put_object",
)


def places(application: Application) -> Iterator[Step]:
    """Yield the routes that take files, and where bodies are read or links for them are signed."""
    for route in application.routes:
        names = ", ".join(f"`{name}`" for name in _files(route, application))
        if names:
            yield route.place.step(f"`{route.function.name}` takes a file as {names}")
    yield from sightings.calls(application, _CALLS, "calls `{}`")


def _files(route: Route, application: Application) -> Iterator[str]:
    """Yield the names of a route's parameters that are files, or lists of some."""
    function, resolver = route.function, application.codebase.resolver
    for parameter in function.parameters:
        if parameter.annotation is None:
            continue
        described = resolver.annotated(parameter.annotation, function.outer or function)
        items = described.arguments if isinstance(described, Instance) else ()
        if any(isinstance(each, Instance) and each.of in _FILES for each in (described, *items)):
            yield parameter.name


PATTERN = Pattern(
    question="How do I let users upload files?",
    answer=(
        "Let the application decide and the storage receive: a first request declares size and "
        "type, against a quota, and answers with a signed link; the client sends the file there; "
        "a second request says that it is done. Only then look at the file: its size, and its "
        "first bytes for its type, as names and `Content-Type` are whatever the client writes. "
        "Check a copy, so that nobody exchanges what has been checked. What decodes files runs in "
        "a job, with bounds for time and memory."
    ),
    parts=(
        Part(
            "First the declaration of a file; the answer says where to upload it.",
            "src/media/router.py",
            ("create_media",),
        ),
        Part(
            "The link takes exactly one size and ends soon.",
            "src/media/links.py",
            ("upload_link",),
        ),
        Part(
            "Then the copy that is checked: `is_right`, or it is deleted again.",
            "src/media/service.py",
            ("_checked_copy", "_is_as_declared"),
        ),
        Part(
            "Where there is no such storage, the route reads the `stream`, never more than it was "
            "told.",
            "src/media/files.py",
            ("upload_file", "_exactly"),
        ),
    ),
    otherwise=(
        "`UploadFile` is fine for a form with a small file: bound the size of bodies in front of "
        "it, read it in pieces, and never use its `filename` as a path. It has been received in "
        "whole before your route begins."
    ),
    keywords=(
        "upload uploads uploading file files image images media avatar picture attachment "
        "multipart form uploadfile s3 bucket presigned signed url storage minio size"
    ),
    practices=("async_routes/no-blocking-call", "async_routes/no-cpu-bound-work"),
    places=places,
)
