"""Every route of the application: whom it is for, and a request that it answers."""

from enum import Enum, auto
from typing import Any, NamedTuple

import httpx2

from tests.factories import PASSWORD, registration


class Access(Enum):
    PUBLIC = auto()  # reads no token
    OPTIONAL = auto()  # shows more to somebody, but believes no bad token
    USER = auto()  # for somebody with an active account
    OWNER = auto()  # for the one whom the thing belongs to


class Route(NamedTuple):
    access: Access
    body: dict[str, Any] | None = None
    form: dict[str, str] | None = None
    status: int = 200


ROUTES = {
    ("GET", "/health/live"): Route(Access.PUBLIC),
    ("GET", "/health/ready"): Route(Access.PUBLIC),
    ("POST", "/auth/register"): Route(Access.PUBLIC, body=registration(), status=201),
    ("POST", "/auth/token"): Route(
        Access.PUBLIC, form={"username": "writer", "password": PASSWORD}
    ),
    ("POST", "/auth/refresh"): Route(Access.PUBLIC, body={"refresh_token": "x"}, status=401),
    ("POST", "/auth/logout"): Route(Access.USER, status=204),
    ("GET", "/users/me"): Route(Access.USER),
    ("PATCH", "/users/me"): Route(Access.USER, body={"first_name": "Grace"}),
    ("DELETE", "/users/me"): Route(Access.USER, status=204),
    ("GET", "/users/me/posts/{post_id}"): Route(Access.OWNER),
    ("GET", "/posts"): Route(Access.PUBLIC),
    ("POST", "/posts"): Route(Access.USER, body={"title": "Title", "body": "Body"}, status=201),
    ("GET", "/posts/{post_id}"): Route(Access.OPTIONAL),
    ("PATCH", "/posts/{post_id}"): Route(Access.OWNER, body={"title": "Changed"}),
    ("DELETE", "/posts/{post_id}"): Route(Access.OWNER, status=204),
    ("PUT", "/posts/{post_id}/like"): Route(Access.USER, status=204),
    ("DELETE", "/posts/{post_id}/like"): Route(Access.USER, status=204),
    ("GET", "/openapi.json"): Route(Access.PUBLIC),
    ("HEAD", "/openapi.json"): Route(Access.PUBLIC),
    ("GET", "/docs"): Route(Access.PUBLIC),
    ("GET", "/docs/oauth2-redirect"): Route(Access.PUBLIC),
    ("GET", "/redoc"): Route(Access.PUBLIC),
}

Key = tuple[str, str]


def routes(*accesses: Access) -> list[Key]:
    return [key for key, route in ROUTES.items() if not accesses or route.access in accesses]


async def call(client: httpx2.AsyncClient, key: Key, post_id: int = 1) -> httpx2.Response:
    method, path = key
    route = ROUTES[key]
    url = path.format(post_id=post_id)
    return await client.request(method, url, json=route.body, data=route.form)
