"""auth-dependencies: who asks is found out by a chain of dependencies."""

from collections import Counter
from collections.abc import Iterator

from fastwright.application.application import Application
from fastwright.application.authentication import Authentication
from fastwright.pattern import Part, Pattern
from fastwright.source.places import Step


def places(application: Application) -> Iterator[Step]:
    """Yield the dependencies that close routes to strangers, the most used first."""
    authentication = Authentication(application)
    used = Counter(
        (dependency.call, dependency.scope)
        for route in application.routes
        for dependency in authentication.closing(route)
    )
    for (call, scope), count in used.most_common():
        named = scope.module.source(call.arguments[0]) if call.arguments else "it"
        routes = "1 route" if count == 1 else f"{count} routes"
        yield scope.module.place(call).step(f"`{named}` decides who may call {routes}")


PATTERN = Pattern(
    question="How should I structure my authentication dependencies?",
    answer=(
        "As a chain of small dependencies, each of which asks one question and builds on the one "
        "before: is there a valid token, whose is it, is the account active, may it do this. Give "
        "each step that routes use an `Annotated` alias, and let a route name the strictest step "
        "it needs: its signature then says who may call it. FastAPI runs a dependency once per "
        "request however many others ask for it, so that chains cost nothing extra."
    ),
    parts=(
        Part(
            "The chain: every step raises its own error and hands the user on. Only the first "
            "knows about tokens.",
            "src/auth/dependencies.py",
            ("get_current_user", "get_current_active_user", "CurrentUser"),
        ),
        Part(
            "What is stricter depends on what is less strict, never the other way round.",
            "src/auth/dependencies.py",
            ("get_verified_user", "VerifiedUser"),
        ),
        Part(
            "Permissions on a thing are dependencies too: this one joins the user and the row of "
            "the path, and no route can forget the comparison.",
            "src/posts/dependencies.py",
            ("valid_owned_post", "ChangeOwnPost"),
        ),
        Part(
            "Routes only name what they need.",
            "src/posts/router.py",
            ("update_post", "delete_post"),
        ),
    ),
    otherwise=(
        "Where all routes of a router have the same guard, put it into "
        "`APIRouter(dependencies=[…])`: nobody can forget it there. Middleware is for what holds "
        "for every request alike; it knows no route and does not show in OpenAPI."
    ),
    keywords=(
        "auth authentication authorization login current user jwt token bearer oauth2 security "
        "guard permission role protect secure route depends scope"
    ),
    practices=("security/authenticated-writes", "security/verified-jwt"),
    places=places,
)
