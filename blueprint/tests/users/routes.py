"""Routes of one's own account."""

from datetime import timedelta

from src.auth.constants import Scope
from src.auth.models import AccessToken
from src.models import utc_now
from tests.accounts import Account
from tests.auth.routes import CODE, NEW_PASSWORD
from tests.factories import PASSWORD, insert
from tests.routing import Access, Ids, Key, Route

CONFIRMATION = {"current_password": PASSWORD}
NEW_TOKEN = {"name": "Backup", "scopes": ["account:read"]}

ROUTES: dict[Key, Route] = {
    ("GET", "/users/me"): Route(Access.USER, scope=Scope.ACCOUNT_READ),
    ("PATCH", "/users/me"): Route(
        Access.USER, body={"first_name": "Grace"}, writable={"username", "birth_date"}
    ),
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
    ("DELETE", "/users/me/access-tokens/{token_id}"): Route(
        Access.USER,
        status=204,
        foreign=(404, "access_token_not_found"),
        missing="access_token_not_found",
    ),
}


async def make(owner: Account, _: Ids) -> Ids:
    """A personal access token."""
    token = AccessToken(
        user_id=owner.id,
        name="Backup",
        digest=f"of {owner.id}",
        scopes=[],
        expires_at=utc_now() + timedelta(days=1),
    )
    await insert(owner.app.state["database"], token)
    return {"token_id": token.id}
