"""Prompts: how the tools are used together for what people ask most."""

from typing import Annotated

from pydantic import Field


def review_my_change(
    revision: Annotated[str, Field(description="Compare with this; by default, HEAD")] = "HEAD",
) -> str:
    """Review what has changed in this project since a revision."""
    return (
        f"Call `review` with diff={revision!r}. Take defects first, then risks, then practices. "
        "For each finding open the line and follow its chain; where you are not sure what it asks "
        "for, call `explain` with its practice. Mend what is wrong, call `review` again with the "
        "same diff until nothing new is left, and run the project's tests. Say what you left as it "
        "is and why, and what the summary counts as unresolved."
    )


def add_a_feature(
    feature: Annotated[str, Field(description="What users shall be able to do")],
) -> str:
    """Add a feature to this project, the way the project does things."""
    return (
        f"The feature: {feature}\n\n"
        "Call `project_model` for the overview, then its sections `routes`, `tables` and "
        "`schemas` for what is near. Decide which domain it belongs to; a new subject gets a "
        "package of its own: `add_domain` writes all of it in the project's style, `add_endpoint` "
        "a single route. Call `explain` on `project-structure`, and on each pattern that you "
        "need (`auth-dependencies`, `ownership-checks`, `transactions`, `pagination`, "
        "`background-jobs`), with path set, to see how this codebase does it already. Write the "
        "schema, the model with its revision, service, dependencies, router and tests. At the end "
        "call `review` with diff='HEAD', mend what it finds, and run the tests."
    )


def why_is_this_endpoint_slow(
    route: Annotated[str, Field(description='Method and path: "GET /posts"')],
) -> str:
    """Look for reasons why one endpoint is slow."""
    return (
        f"Call `review` with route={route!r} and only=['async_routes', 'database']. What blocks "
        "the event loop slows all requests and comes first; then queries in loops, lists without a "
        "limit, and computing. Look at the endpoint's dependencies and at what stayed unknown: "
        "read that code yourself. Call `explain` on `async-or-sync` or `pagination` where they "
        "apply. Then measure before and after what you change."
    )
