"""auth-dependencies: who asks is found out by a chain of dependencies."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from fastwright.application.application import Application
from fastwright.application.authentication import Authentication
from fastwright.application.dependencies import Dependency
from fastwright.application.routes import Route
from fastwright.codebase.values import FunctionValue
from fastwright.pattern import Part, Pattern
from fastwright.source.places import Place, Step
from fastwright.source.syntax import Assign, Name, TypeAlias


@dataclass(slots=True)
class _Guard:
    """What closes routes, with the aliases that name it and the lists it stands in."""

    name: str
    routes: set[Route] = field(default_factory=set)
    aliases: dict[Place, str] = field(default_factory=dict)
    lists: Counter[Place] = field(default_factory=Counter)

    def steps(self, place: Place) -> Iterator[Step]:
        yield place.step(f"`{self.name}` decides who may call {_routes(len(self.routes))}")
        for named, alias in self.aliases.items():
            yield named.step(f"`{alias}` stands for `{self.name}`")
        for listed, count in self.lists.items():
            yield listed.step(f"lists `{self.name}` for {_routes(count)} at once")


def places(application: Application) -> Iterator[Step]:
    """Yield what closes routes to strangers, the most used first, and how routes get to it."""
    authentication = Authentication(application)
    guards: dict[Place, _Guard] = {}
    for route in application.routes:
        for dependency in dict.fromkeys(authentication.closing(route)):
            place, name = _definition(dependency)
            _add(guards.setdefault(place, _Guard(name)), dependency, route)
    for place, guard in sorted(guards.items(), key=lambda item: -len(item[1].routes)):
        yield from guard.steps(place)


def _add(guard: _Guard, dependency: Dependency, route: Route) -> None:
    guard.routes.add(route)
    place = dependency.scope.module.place(dependency.call)
    alias = _alias(dependency)
    if alias is not None:
        guard.aliases[place] = alias
    elif dependency.parameter is None and not _is_in(route, dependency):
        guard.lists[place] += 1


def _definition(dependency: Dependency) -> tuple[Place, str]:
    """Return where what is depended on stands, and its name; the place of use for objects."""
    match dependency.provided:
        case FunctionValue(function) if function.outer is None or function.outer.is_module:
            return function.module.place(function.node), function.qualified_name
    call, module = dependency.call, dependency.scope.module
    return module.place(call), module.source(call.arguments[0]) if call.arguments else "it"


def _alias(dependency: Dependency) -> str | None:
    """Return the name of the `Annotated[…]` that a dependency is written in."""
    for node in dependency.scope.module.body:
        if node.start <= dependency.call.start < node.end:
            match node:
                case Assign((Name(name),)) | TypeAlias(name):
                    return name if dependency.parameter is not None else None
    return None


def _is_in(route: Route, dependency: Dependency) -> bool:
    """Tell whether a dependency is listed by the route itself."""
    same = route.scope.module is dependency.scope.module
    return same and route.call.start <= dependency.call.start < route.call.end


def _routes(count: int) -> str:
    return "1 route" if count == 1 else f"{count} routes"


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
            "Routes only name what they need: here `ChangeOwnPost`.",
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
        "guard permission role protect secure route depends scope admin key header"
    ),
    practices=("security/authenticated-writes", "security/verified-jwt"),
    places=places,
)
