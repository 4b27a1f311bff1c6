"""ownership-checks: a row of somebody else is refused before the route runs."""

from collections.abc import Iterator

from fastwright.application.application import Application
from fastwright.application.entries import Role
from fastwright.codebase.definitions import Function
from fastwright.codebase.values import FunctionValue
from fastwright.pattern import Part, Pattern
from fastwright.source.places import Step


def places(application: Application) -> Iterator[Step]:
    """Yield the dependencies that take a part of the path and depend on others."""
    named = {name for route in application.routes for name in route.path_parameters}
    for entry in application.entries:
        function = entry.function
        if entry.role is Role.DEPENDENCY and _joins(function, named, application):
            place = function.module.place(function.node)
            yield place.step(f"`{function.qualified_name}` looks a part of the path up")


def _joins(function: Function, named: set[str], application: Application) -> bool:
    """Tell whether a dependency is about a thing of the path, itself or through its own."""
    if any(each.name in named for each in function.parameters):
        return True
    provided = (each.provided for each in application.dependencies.of_function(function))
    return any(
        isinstance(value, FunctionValue)
        and any(each.name in named for each in value.function.parameters)
        for value in provided
    )


PATTERN = Pattern(
    question="How do I check that a row exists and belongs to the user who asks?",
    answer=(
        "With two dependencies: one turns the id in the path into the row or a 404, the other "
        "depends on it and on the current user, and compares. Routes take the row, never the bare "
        "id, so that neither check can be left out. Answer 404 instead of 403 where even the "
        "existence of the row is a secret."
    ),
    parts=(
        Part(
            "Look up or 404, once for all routes with this part in their path.",
            "src/posts/dependencies.py",
            ("valid_post_id", "ValidPost"),
        ),
        Part(
            "The owner check stands on top of it: it takes a `ValidPost` and the `CurrentUser`.",
            "src/posts/dependencies.py",
            ("valid_owned_post", "ChangeOwnPost"),
        ),
        Part(
            "The route takes a post that is known to be fine.",
            "src/posts/router.py",
            ("update_post",),
        ),
    ),
    otherwise=(
        "For lists there is no row to compare: put the owner into the query's `WHERE`. Under "
        "heavy concurrency compare inside the `UPDATE … WHERE owner = …` as well."
    ),
    keywords=(
        "owner ownership belongs 404 not found lookup valid post id path parameter permission idor "
        "object level authorization other users data fetch or 404 row exists"
    ),
    practices=("dependencies/lookup-as-dependency", "dependencies/consistent-path-names"),
    places=places,
)
