"""Which of a router's routes a new one is like: it is for the same people, and finds the same."""

from fastwright.errors import ImpossibleRouteError
from fastwright.scaffolds.endpoints.routers import Route, Router, parameters_in, segments
from fastwright.scaffolds.endpoints.wording import Endpoint

_FIRST = {"GET": ("GET",)}
_OTHERWISE = ("PATCH", "PUT", "DELETE", "POST")


def sibling_of(endpoint: Endpoint, router: Router) -> Route:
    """Return the route whose dependencies the endpoint gets.

    For what changes things that is the one that changes them, so that it asks for the same owner.
    Raises `ImpossibleRouteError` where no route has the parameters of the path.
    """
    wanted = set(parameters_in(endpoint.path))
    methods = _FIRST.get(endpoint.method, _OTHERWISE)
    candidates = [
        route
        for route in router.routes
        if set(parameters_in(route.path)) == wanted
        and (not endpoint.is_about_one or endpoint.entity in route.parameters)
    ]
    ranked = sorted(
        (route for route in candidates if route.method in methods),
        key=lambda route: (methods.index(route.method), len(segments(route.path))),
    )
    if ranked:
        return ranked[0]
    known = sorted({name for route in router.routes for name in parameters_in(route.path)})
    has = " and ".join(f"{{{name}}}" for name in sorted(wanted)) or "no parameter"
    raise ImpossibleRouteError(
        f"No route of {endpoint.domain} with {has} shows who may do this, and how it is found. "
        f"Its paths have: {', '.join(f'{{{name}}}' for name in known) or 'no parameters'}.",
        suggestion=None,
    )


def place_of(endpoint: Endpoint, router: Router) -> tuple[Route, bool]:
    """Return the route beside which the endpoint goes, and whether it has to come before it.

    Routes are tried in order: one with a parameter would take a request for the new word.
    """
    for route in router.routes:
        if route.method == endpoint.method and _takes(route.path, endpoint.path):
            return route, True
    return router.routes[-1], False


def _takes(pattern: str, path: str) -> bool:
    """Tell whether a path with a parameter matches another one that has a word there."""
    one, other = segments(pattern), segments(path)
    return len(one) == len(other) and all(
        mine == theirs or mine.startswith("{") for mine, theirs in zip(one, other, strict=True)
    )
