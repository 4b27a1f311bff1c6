"""Every route of the application: whom it is for, and a request that it answers."""

from enum import Enum, auto
from typing import Any, NamedTuple

import httpx2

from src.auth.constants import Scope
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
    scope: Scope | None = None  # with which a personal access token is let in


NEW_POST = {"title": "Title", "body": "Body"}
CONFIRMATION = {"current_password": PASSWORD}
NEW_PASSWORD = "Another-Horse-8-Battery"
NEW_TOKEN = {"name": "Backup", "scopes": ["posts:read"]}
CODE = {"code": "123456"}
LINK = {"token": "made-up"}

ROUTES = {
    ("GET", "/health/live"): Route(Access.PUBLIC),
    ("GET", "/health/ready"): Route(Access.PUBLIC),
    ("POST", "/auth/register"): Route(Access.PUBLIC, body=registration(), status=201),
    ("POST", "/auth/verify-email"): Route(Access.PUBLIC, body=LINK, status=400),
    ("POST", "/auth/verify-email/resend"): Route(
        Access.PUBLIC, body={"email": "ada@example.com"}, status=202
    ),
    ("POST", "/auth/forgot-password"): Route(
        Access.PUBLIC, body={"email": "ada@example.com"}, status=202
    ),
    ("POST", "/auth/reset-password"): Route(
        Access.PUBLIC, body={**LINK, "password": NEW_PASSWORD}, status=400
    ),
    ("POST", "/auth/change-email/confirm"): Route(Access.PUBLIC, body=LINK, status=400),
    ("POST", "/auth/token"): Route(
        Access.PUBLIC, form={"username": "writer", "password": PASSWORD}
    ),
    ("POST", "/auth/token/second-factor"): Route(
        Access.PUBLIC, body={"challenge": "made-up", **CODE}, status=401
    ),
    ("POST", "/auth/refresh"): Route(Access.PUBLIC, body={"refresh_token": "x"}, status=401),
    ("POST", "/auth/logout"): Route(Access.USER, status=204),
    ("POST", "/auth/logout-everywhere"): Route(Access.USER, status=204),
    ("GET", "/auth/sessions"): Route(Access.USER),
    ("DELETE", "/auth/sessions/{session_id}"): Route(Access.USER, status=404),
    ("POST", "/auth/step-up"): Route(Access.USER, body=CODE, status=403),
    ("GET", "/users/me"): Route(Access.USER, scope=Scope.ACCOUNT_READ),
    ("PATCH", "/users/me"): Route(Access.USER, body={"first_name": "Grace"}),
    ("DELETE", "/users/me"): Route(Access.USER, status=204),
    ("POST", "/users/me/deactivate"): Route(Access.USER, status=204),
    ("POST", "/users/me/password"): Route(
        Access.USER, body={**CONFIRMATION, "password": NEW_PASSWORD}, status=204
    ),
    ("POST", "/users/me/email"): Route(
        Access.USER, body={**CONFIRMATION, "email": "new@example.com"}, status=202
    ),
    ("GET", "/users/me/second-factor"): Route(Access.USER),
    ("POST", "/users/me/second-factor/totp"): Route(Access.USER, body=CONFIRMATION),
    ("POST", "/users/me/second-factor/totp/confirm"): Route(Access.USER, body=CODE, status=409),
    ("DELETE", "/users/me/second-factor/totp"): Route(Access.USER, status=204),
    ("POST", "/users/me/second-factor/recovery-codes"): Route(Access.USER, status=409),
    ("GET", "/users/me/access-tokens"): Route(Access.USER),
    ("POST", "/users/me/access-tokens"): Route(Access.USER, body=NEW_TOKEN, status=201),
    ("DELETE", "/users/me/access-tokens/{token_id}"): Route(Access.USER, status=404),
    ("GET", "/users/me/posts/{post_id}"): Route(Access.OWNER, scope=Scope.POSTS_READ),
    ("GET", "/posts"): Route(Access.PUBLIC),
    ("POST", "/posts"): Route(Access.USER, body=NEW_POST, status=201, scope=Scope.POSTS_WRITE),
    ("GET", "/posts/{post_id}"): Route(Access.OPTIONAL, scope=Scope.POSTS_READ),
    ("PATCH", "/posts/{post_id}"): Route(
        Access.OWNER, body={"title": "Changed"}, scope=Scope.POSTS_WRITE
    ),
    ("DELETE", "/posts/{post_id}"): Route(Access.OWNER, status=204, scope=Scope.POSTS_WRITE),
    ("PUT", "/posts/{post_id}/like"): Route(Access.USER, status=204, scope=Scope.LIKES_WRITE),
    ("DELETE", "/posts/{post_id}/like"): Route(Access.USER, status=204, scope=Scope.LIKES_WRITE),
    ("GET", "/account/verify-email"): Route(Access.PUBLIC),
    ("GET", "/account/reset-password"): Route(Access.PUBLIC),
    ("GET", "/account/change-email"): Route(Access.PUBLIC),
    ("GET", "/dev/mailbox"): Route(Access.PUBLIC),
    ("GET", "/dev/mailbox/messages"): Route(Access.PUBLIC),
    ("GET", "/dev/mailbox/{key}"): Route(Access.PUBLIC, status=404),
    ("GET", "/dev/mailbox/{key}/html"): Route(Access.PUBLIC, status=404),
    ("GET", "/openapi.json"): Route(Access.PUBLIC),
    ("HEAD", "/openapi.json"): Route(Access.PUBLIC),
    ("GET", "/docs"): Route(Access.PUBLIC),
    ("GET", "/docs/oauth2-redirect"): Route(Access.PUBLIC),
    ("GET", "/redoc"): Route(Access.PUBLIC),
}
# They need neither the database nor Redis.
PAGES = ("/docs", "/redoc", "/openapi", "/account", "/dev")

Key = tuple[str, str]


def routes(*accesses: Access) -> list[Key]:
    return [key for key, route in ROUTES.items() if not accesses or route.access in accesses]


async def call(client: httpx2.AsyncClient, key: Key, post_id: int = 1) -> httpx2.Response:
    method, path = key
    route = ROUTES[key]
    return await client.request(method, url_of(path, post_id), json=route.body, data=route.form)


def url_of(path: str, post_id: int = 1) -> str:
    """A route's path for one post, and for other things that are not there."""
    return path.format(post_id=post_id, session_id="made-up", token_id=1, key="0" * 32)
