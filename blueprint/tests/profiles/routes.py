"""Routes of profiles, follows and the feed."""

from src.auth.constants import Scope
from tests.accounts import Account
from tests.profiles.factories import create_creator
from tests.routing import Access, Ids, Key, Route

MISSING = "profile_not_found"
CHANGES = {"display_name": "Ada", "bio": "Analyst", "is_creator": True}

ROUTES: dict[Key, Route] = {
    ("GET", "/feed"): Route(Access.USER, scope=Scope.FEED_READ),
    ("GET", "/profiles/{profile_id}"): Route(Access.PUBLIC, missing=MISSING),
    ("GET", "/profiles/{profile_id}/followers"): Route(Access.PUBLIC, missing=MISSING),
    ("GET", "/profiles/{profile_id}/following"): Route(Access.PUBLIC, missing=MISSING),
    ("PUT", "/profiles/{profile_id}/follow"): Route(
        Access.USER, status=204, scope=Scope.FOLLOWS_WRITE, missing=MISSING
    ),
    ("DELETE", "/profiles/{profile_id}/follow"): Route(
        Access.USER, status=204, scope=Scope.FOLLOWS_WRITE, missing=MISSING
    ),
    ("GET", "/creators"): Route(Access.PUBLIC),
    ("GET", "/creators/{profile_id}"): Route(Access.PUBLIC, missing=MISSING),
    ("GET", "/users/me/profile"): Route(Access.USER, scope=Scope.ACCOUNT_READ),
    ("PATCH", "/users/me/profile"): Route(
        Access.USER,
        body=CHANGES,
        writable={"avatar_id"},  # [media]
        scope=Scope.PROFILES_WRITE,
    ),
    ("GET", "/users/{username}/profile"): Route(Access.PUBLIC, missing=MISSING),
}


async def make(owner: Account, _: Ids) -> Ids:
    """A creator, as nobody can follow themselves."""
    creator = await create_creator(owner.app)
    return {"profile_id": creator.id, "username": creator.username}
