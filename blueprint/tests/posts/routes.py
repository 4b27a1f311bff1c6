"""Routes of posts and likes."""

from typing import Any

from src.auth.constants import Scope
from tests.accounts import Account
from tests.routing import Access, Ids, Key, Route

NEW_POST = {"title": "Title", "body": "Body"}
MISSING = "post_not_found"
WRITABLE = {
    *("title", "body", "status"),
    "cover_id",  # [media]
}
OWN: dict[str, Any] = {"foreign": (403, "not_post_owner"), "missing": MISSING}

ROUTES: dict[Key, Route] = {
    ("GET", "/users/me/posts/{post_id}"): Route(Access.OWNER, scope=Scope.POSTS_READ, **OWN),
    ("GET", "/posts"): Route(Access.PUBLIC),
    ("POST", "/posts"): Route(
        Access.USER, body=NEW_POST, writable=WRITABLE, status=201, scope=Scope.POSTS_WRITE
    ),
    ("GET", "/posts/{post_id}"): Route(Access.OPTIONAL, scope=Scope.POSTS_READ, missing=MISSING),
    ("PATCH", "/posts/{post_id}"): Route(
        Access.OWNER,
        body={"title": "Changed"},
        writable=WRITABLE,
        scope=Scope.POSTS_WRITE,
        **OWN,
    ),
    ("DELETE", "/posts/{post_id}"): Route(Access.OWNER, status=204, scope=Scope.POSTS_WRITE, **OWN),
    ("PUT", "/posts/{post_id}/like"): Route(
        Access.USER, status=204, scope=Scope.LIKES_WRITE, missing=MISSING
    ),
    ("DELETE", "/posts/{post_id}/like"): Route(
        Access.USER, status=204, scope=Scope.LIKES_WRITE, missing=MISSING
    ),
}


async def make(owner: Account, _: Ids) -> Ids:
    """A published post."""
    return {"post_id": (await owner.writes()).id}
