"""Routes of accounts that are open to whoever has no session yet, and of sessions."""

from tests.accounts import Account, log_in
from tests.factories import PASSWORD, registration
from tests.routing import Access, Ids, Key, Route

NEW_PASSWORD = "Another-Horse-8-Battery"
CODE = {"code": "123456"}
LINK = {"token": "made-up"}

ROUTES: dict[Key, Route] = {
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
    ("DELETE", "/auth/sessions/{session_id}"): Route(
        Access.USER,
        status=204,
        foreign=(404, "session_not_found"),
        missing="session_not_found",
    ),
    ("POST", "/auth/step-up"): Route(Access.USER, body=CODE, status=403),
}


async def make(owner: Account, _: Ids) -> Ids:
    """Another session."""
    return {"session_id": (await log_in(owner.app, owner.user)).claims.session_id}
