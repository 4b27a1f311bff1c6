"""Every route of the application: whom it is for, and a request that it answers.

Each domain lists its own in its `routes.py`, and has a line here.
"""

from typing import Any

import httpx2

from tests.accounts import Account
from tests.auth import routes as auth
from tests.comments import routes as comments  # [comments]
from tests.emails import routes as emails
from tests.health import routes as health
from tests.media import routes as media  # [media]
from tests.notifications import routes as notifications  # [notifications]
from tests.pages import routes as pages
from tests.posts import routes as posts  # [posts]
from tests.profiles import routes as profiles  # [profiles]
from tests.routing import Access, Body, Ids, Key, Made, Make, Route
from tests.users import routes as users

DOCS = {
    ("GET", "/openapi.json"): Route(Access.PUBLIC),
    ("HEAD", "/openapi.json"): Route(Access.PUBLIC),
    ("GET", "/docs"): Route(Access.PUBLIC),
    ("GET", "/docs/oauth2-redirect"): Route(Access.PUBLIC),
    ("GET", "/redoc"): Route(Access.PUBLIC),
}
ROUTES: dict[Key, Route] = {
    **health.ROUTES,
    **auth.ROUTES,
    **users.ROUTES,
    **notifications.ROUTES,  # [notifications]
    **posts.ROUTES,  # [posts]
    **comments.ROUTES,  # [comments]
    **profiles.ROUTES,  # [profiles]
    **media.ROUTES,  # [media]
    **pages.ROUTES,
    **emails.ROUTES,
    **DOCS,
}
MAKERS: tuple[Make, ...] = (
    auth.make,
    users.make,
    notifications.make,  # [notifications]
    posts.make,  # [posts]
    comments.make,  # [comments]
    profiles.make,  # [profiles]
    media.make,  # [media]
)
# They need neither the database nor Redis.
PAGES = ("/docs", "/redoc", "/openapi", "/account", "/dev")
NOTHING: Ids = {  # and every number is 1
    "session_id": "made-up",
    "key": "0" * 32,
    "username": "nobody",  # [profiles]
}


def routes(*accesses: Access) -> list[Key]:
    return [key for key, route in ROUTES.items() if not accesses or route.access in accesses]


async def make_things(owner: Account, key: Key | None = None) -> Ids:
    """One thing of each kind that `key` (or any route) can be about, all of `owner`."""
    made: Ids = {}
    if key is None or "{" in key[1] or _made_for(key):
        for make in MAKERS:
            made = {**made, **await make(owner, made)}
    return made


async def make_before(owner: Account, make: Make) -> Ids:
    """What has been made when it is this one's turn, all of `owner`."""
    made: Ids = {}
    for other in MAKERS[: MAKERS.index(make)]:
        made = {**made, **await other(owner, made)}
    return made


async def call(client: httpx2.AsyncClient, key: Key, ids: Ids = NOTHING) -> httpx2.Response:
    method, path = key
    route = ROUTES[key]
    body = body_of(key, ids)
    return await client.request(method, url_of(path, ids), json=body, data=route.form)


def body_of(key: Key, ids: Ids = NOTHING) -> Body | None:
    """The body that a route answers to, with the ids of what has been made."""
    body = ROUTES[key].body
    return body and {name: _filled(value, ids) for name, value in body.items()}


def url_of(path: str, ids: Ids = NOTHING) -> str:
    """The path with its parameters; what `ids` does not know leads to nothing."""
    return path.format_map(_OrOne({**NOTHING, **ids}))


def _made_for(key: Key) -> bool:
    return any(isinstance(value, Made) for value in (ROUTES[key].body or {}).values())


def _filled(value: Any, ids: Ids) -> Any:
    return ids.get(value.name, 1) if isinstance(value, Made) else value


class _OrOne(dict[str, object]):
    def __missing__(self, _: str) -> int:
        return 1
