"""Routes that tell how the application is."""

from tests.routing import Access, Key, Route

ROUTES: dict[Key, Route] = {
    ("GET", "/health/live"): Route(Access.PUBLIC),
    ("GET", "/health/ready"): Route(Access.PUBLIC),
}
