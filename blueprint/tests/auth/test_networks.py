"""Limits by address go by what one host has to itself: an IPv4 address, an IPv6 network (/64)."""

import httpx2
import pytest
from limits import parse

from src.auth.config import auth_settings
from tests.accounts import Account
from tests.attacks.doors import log_in
from tests.auth.test_limits import CASES, ask
from tests.contract import assert_problem
from tests.fixtures import ChangeSettings
from tests.routes import ROUTES
from tests.routing import Access, Key

BY_ADDRESS = [(key, limit) for key, limit in CASES if "address" in limit]
NETWORK = ("2001:db8:0:1::1", "2001:db8:0:1:ffff:ffff:ffff:ffff")
APART = [
    ("2001:db8:0:1::1", "2001:db8:0:2::1"),
    ("198.51.100.7", "198.51.100.8"),
    ("::ffff:198.51.100.7", "::ffff:198.51.100.8"),  # how a socket for both kinds shows IPv4
]


def at(author: Account, key: Key, address: str) -> httpx2.AsyncClient:
    token = author.access_token if ROUTES[key].access is Access.USER else None
    return author.app.client(token, address=address)


@pytest.fixture(params=BY_ADDRESS, ids=lambda case: f"{' '.join(case[0])} {case[1]}")
def key(request: pytest.FixtureRequest, change: ChangeSettings) -> Key:
    """A route that is limited by address, here to one request."""
    key: Key
    key, limit = request.param
    change(auth_settings, **{limit: parse("1/hour")})
    return key


async def test_addresses_of_one_network_share_their_attempts(author: Account, key: Key) -> None:
    first, second = (at(author, key, address) for address in NETWORK)
    assert (await ask(first, key, author)).status_code != 429

    assert_problem(await ask(second, key, author), 429, "too_many_requests")


@pytest.mark.parametrize("addresses", APART, ids=" ".join)
async def test_others_have_attempts_of_their_own(
    author: Account, change: ChangeSettings, addresses: tuple[str, str]
) -> None:
    change(auth_settings, login_address_limit=parse("1/hour"))
    first, second = (author.app.client(address=address) for address in addresses)
    assert (await log_in(first, author.username)).status_code == 200
    assert_problem(await log_in(first, author.username), 429, "too_many_requests")

    assert (await log_in(second, author.username)).status_code == 200


async def test_a_session_shows_the_whole_address(author: Account) -> None:
    client = author.app.client(address=NETWORK[1])
    token = (await log_in(client, author.username)).json()["access_token"]
    client.headers["Authorization"] = f"Bearer {token}"

    listed = (await client.get("/auth/sessions")).json()

    (current,) = [session for session in listed if session["is_current"]]
    assert current["address"] == NETWORK[1]
