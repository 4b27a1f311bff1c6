"""Routes of the local mailbox."""

from tests.routing import Access, Key, Route

ROUTES: dict[Key, Route] = {
    ("GET", "/dev/mailbox"): Route(Access.PUBLIC),
    ("GET", "/dev/mailbox/messages"): Route(Access.PUBLIC),
    ("GET", "/dev/mailbox/{key}"): Route(Access.PUBLIC, status=404),
    ("GET", "/dev/mailbox/{key}/html"): Route(Access.PUBLIC, status=404),
}
