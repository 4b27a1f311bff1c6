"""Routes of the pages that links in e-mails lead to."""

from tests.routing import Access, Key, Route

ROUTES: dict[Key, Route] = {
    ("GET", "/account/verify-email"): Route(Access.PUBLIC),
    ("GET", "/account/reset-password"): Route(Access.PUBLIC),
    ("GET", "/account/change-email"): Route(Access.PUBLIC),
}
