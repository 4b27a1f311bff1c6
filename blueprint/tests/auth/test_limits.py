"""Guessing, and having mail sent, is limited by account and by address on every route."""

import httpx2
import pytest
from limits import parse

from src.auth import tokens
from src.auth.config import auth_settings
from tests.accounts import Account
from tests.auth import routes as auth
from tests.contract import assert_problem
from tests.fixtures import ChangeSettings
from tests.routes import ROUTES
from tests.routing import Access, Key
from tests.users import routes as users

LIMITS = {
    ("POST", "/auth/register"): ("register_address_limit", "mail_limit"),
    ("POST", "/auth/token"): ("login_limit", "login_address_limit"),
    ("POST", "/auth/token/second-factor"): ("code_limit", "login_address_limit"),
    ("POST", "/auth/verify-email"): ("link_address_limit",),
    ("POST", "/auth/verify-email/resend"): ("mail_limit", "mail_address_limit"),
    ("POST", "/auth/forgot-password"): ("mail_limit", "mail_address_limit"),
    ("POST", "/auth/reset-password"): ("link_address_limit",),
    ("POST", "/auth/change-email/confirm"): ("link_address_limit",),
    ("POST", "/auth/step-up"): ("code_limit", "login_address_limit"),
    ("POST", "/users/me/password"): ("code_limit", "login_address_limit"),
    ("POST", "/users/me/email"): ("code_limit", "login_address_limit"),
    ("POST", "/users/me/second-factor/totp"): ("code_limit", "login_address_limit"),
    ("POST", "/users/me/second-factor/totp/confirm"): ("code_limit", "login_address_limit"),
}
CASES = [(key, limit) for key, limits in LIMITS.items() for limit in limits]


async def ask(client: httpx2.AsyncClient, key: Key, author: Account) -> httpx2.Response:
    method, path = key
    body = ROUTES[key].body
    if path.endswith("/second-factor"):
        body = {"challenge": tokens.create_challenge(author.id, "mark"), "code": "123456"}
    return await client.request(method, path, json=body, data=ROUTES[key].form)


@pytest.mark.parametrize(
    ("key", "limit"), CASES, ids=[f"{' '.join(key)} {limit}" for key, limit in CASES]
)
async def test_attempts_are_limited(
    author: Account, change: ChangeSettings, key: Key, limit: str
) -> None:
    change(auth_settings, **{limit: parse("2/hour")})
    token = author.access_token if ROUTES[key].access is Access.USER else None
    client = author.app.client(token, address="198.51.100.7")
    elsewhere = author.app.client(token, address="203.0.113.9")
    for _ in range(2):
        assert (await ask(client, key, author)).status_code != 429

    response = await ask(client, key, author)

    assert_problem(response, 429, "too_many_requests")
    assert 1 <= int(response.headers["retry-after"]) <= 3600
    is_by_address = "address" in limit
    assert (await ask(elsewhere, key, author)).status_code == 429 or is_by_address
    if is_by_address:
        assert (await ask(elsewhere, key, author)).status_code != 429


def test_every_route_of_accounts_that_takes_a_secret_is_limited() -> None:
    secrets = {"password", "current_password", "code", "challenge", "token", "email"}
    of_accounts = {**auth.ROUTES, **users.ROUTES}
    guessable = {key for key, route in of_accounts.items() if secrets & set(route.body or {})}

    assert guessable <= set(LIMITS)
