"""Routes of notifications."""

from src.auth.constants import Scope
from tests.accounts import Account
from tests.notifications.factories import tell
from tests.routing import Access, Ids, Key, Route

MISSING = "notification_not_found"
CHANGE = {"channels": {"announced": "in_app"}}

ROUTES: dict[Key, Route] = {
    ("GET", "/notifications"): Route(Access.USER, scope=Scope.NOTIFICATIONS_READ),
    ("GET", "/notifications/unread-count"): Route(Access.USER, scope=Scope.NOTIFICATIONS_READ),
    ("GET", "/notifications/stream"): Route(Access.USER, scope=Scope.NOTIFICATIONS_READ),
    ("PUT", "/notifications/{group}/read"): Route(
        Access.OWNER,
        status=204,
        scope=Scope.NOTIFICATIONS_WRITE,
        foreign=(404, MISSING),
        missing=MISSING,
    ),
    ("POST", "/notifications/read-all"): Route(
        Access.USER, status=204, scope=Scope.NOTIFICATIONS_WRITE
    ),
    ("GET", "/notifications/preferences"): Route(Access.USER, scope=Scope.NOTIFICATIONS_READ),
    ("PATCH", "/notifications/preferences"): Route(
        Access.USER, body=CHANGE, scope=Scope.NOTIFICATIONS_WRITE
    ),
}


async def make(owner: Account, _: Ids) -> Ids:
    """One notification."""
    await tell(owner, subject_id=1)
    return {"group": "announced.1"}
