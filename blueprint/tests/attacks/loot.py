"""Every kind of token that could be stolen, each as its owner comes by it."""

from collections.abc import Awaitable, Callable

from src.auth.constants import Scope
from tests.accounts import Account
from tests.attacks.authenticator import set_up_authenticator
from tests.attacks.doors import log_in
from tests.factories import PASSWORD, registration
from tests.outbox import Outbox


async def access_token(owner: Account, _: Outbox) -> str:
    return owner.access_token


async def refresh_token(owner: Account, _: Outbox) -> str:
    return owner.refresh_token


async def personal_access_token(owner: Account, _: Outbox) -> str:
    new = {"name": "Everything", "scopes": list(Scope)}
    token: str = (await owner.client.post("/users/me/access-tokens", json=new)).json()["token"]
    return token


async def challenge(owner: Account, _: Outbox) -> str:
    await set_up_authenticator(owner)
    return await another_challenge(owner)


async def another_challenge(owner: Account) -> str:
    """Half a login of somebody who has an authenticator."""
    response = await log_in(owner.app.client(), owner.username)
    assert response.status_code == 202, response.text
    half: str = response.json()["challenge"]
    return half


async def verify_link(owner: Account, outbox: Outbox) -> str:
    newcomer = registration()
    await owner.app.client().post("/auth/register", json=newcomer)
    return await outbox.token(newcomer["email"], "verify-email")


async def reset_link(owner: Account, outbox: Outbox) -> str:
    await owner.app.client().post("/auth/forgot-password", json={"email": owner.user.email})
    return await outbox.token(owner.user.email, "reset-password")


async def approve_link(owner: Account, outbox: Outbox) -> str:
    return (await email_change_links(owner, outbox))[0]


async def confirm_link(owner: Account, outbox: Outbox) -> str:
    return (await email_change_links(owner, outbox))[1]


async def email_change_links(
    owner: Account, outbox: Outbox, new_email: str = "moved@example.com"
) -> tuple[str, str]:
    """What the old and the new address are sent."""
    body = {"email": new_email, "current_password": PASSWORD}
    response = await owner.client.post("/users/me/email", json=body)
    assert response.status_code == 202, response.text
    old = await outbox.token(owner.user.email, "change-email")
    return old, await outbox.token(new_email, "change-email")


Steal = Callable[[Account, Outbox], Awaitable[str]]

# Each kind of token, and the door that it is made for.
LOOT: dict[str, tuple[Steal, str]] = {
    "access token": (access_token, "bearer"),
    "personal access token": (personal_access_token, "bearer"),
    "refresh token": (refresh_token, "refresh"),
    "challenge": (challenge, "second-factor"),
    "verify link": (verify_link, "verify-email"),
    "reset link": (reset_link, "reset-password"),
    "approve link": (approve_link, "change-email"),
    "confirm link": (confirm_link, "change-email"),
}
LINKS = [kind for kind in LOOT if kind.endswith("link")]
