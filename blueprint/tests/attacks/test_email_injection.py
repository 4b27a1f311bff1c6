"""Addresses and names with which an attacker wants to write headers of an e-mail, or its text."""

import httpx2
import pytest

from src.config import settings
from tests.accounts import Account
from tests.attacks.doors import log_in, reset_password, verify_email
from tests.auth.routes import NEW_PASSWORD
from tests.contract import refused_fields
from tests.factories import registration
from tests.outbox import Outbox

EVIL = "evil.example"
HEADERS_OF_AN_EMAIL = [
    *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"),
    *("MIME-Version", "Content-Type"),
]
BREAKS = ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\x00"]


@pytest.mark.parametrize("line_break", BREAKS, ids=ascii)
@pytest.mark.parametrize("field", ["email", "username"])
async def test_a_line_break_in_an_address_or_a_user_name_is_refused(
    client: httpx2.AsyncClient, outbox: Outbox, field: str, line_break: str
) -> None:
    honest = registration()

    for injected in (f"Bcc: victim@{EVIL}", f"\tvictim@{EVIL}", "."):
        body = {**honest, field: f"{honest[field]}{line_break}{injected}"}
        response = await client.post("/auth/register", json=body)
        assert refused_fields(response) == {f"/body/{field}"}

    assert await outbox.letters() == []


@pytest.mark.parametrize("line_break", BREAKS, ids=ascii)
@pytest.mark.parametrize("path", ["verify-email/resend", "forgot-password"])
async def test_a_line_break_in_an_address_to_send_to_is_refused(
    author: Account, client: httpx2.AsyncClient, outbox: Outbox, path: str, line_break: str
) -> None:
    email = f"{author.user.email}{line_break}Bcc: victim@{EVIL}"

    response = await client.post(f"/auth/{path}", json={"email": email})

    assert refused_fields(response) == {"/body/email"}
    assert await outbox.letters() == []


@pytest.mark.parametrize(
    "email",
    [
        "a%0d%0aBcc%3Avictim@evil.com",
        "a=0D=0A@evil.com",
        "=?utf-8?q?a=0D=0ABcc=3A_victim?=@evil.com",
        "=?utf-8?q?=0D=0ABcc=3Avictim=40other.org=0D=0AX=3A?=@evil.com",
        "=?utf-8?q?a=0D=0A=0D=0Ahttps=3A//other.org?=@evil.com",
        "=?utf-8?q?victim=40other.org=2C?=@evil.com",
        "=?utf-8?b?YQ0KQmNjOiB2aWN0aW0=?=@evil.com",
        "a%0d%0a%0d%0ahttps%3A//evil.com@evil.com",
    ],
)
async def test_an_encoded_line_break_in_an_address_breaks_no_line(
    client: httpx2.AsyncClient, outbox: Outbox, email: str
) -> None:
    response = await client.post("/auth/register", json=registration(email=email))

    letters = await outbox.letters()

    assert response.status_code in (201, 422)
    for letter in letters:
        assert [name for name, _ in letter.headers] == HEADERS_OF_AN_EMAIL
        assert letter.to == email
        assert "Welcome!" in letter.text
        assert all(link.startswith(settings.public_url) for link in letter.links)


@pytest.mark.parametrize(
    "email", ["a@b.com, c@d.com", "a@b.com;c@d.com", "a@b.com c@d.com", "<a@b.com>,<c@d.com>"]
)
async def test_several_addresses_are_none(
    client: httpx2.AsyncClient, outbox: Outbox, email: str
) -> None:
    response = await client.post("/auth/register", json=registration(email=email))

    assert refused_fields(response) == {"/body/email"}
    assert await outbox.letters() == []


@pytest.mark.parametrize("email", ["ÄDA@example.com", "ada@ÄRA.example", "МАРИЯ@example.com"])
async def test_an_address_outside_of_ascii_is_one_address_in_any_case(
    client: httpx2.AsyncClient, outbox: Outbox, email: str
) -> None:
    await client.post("/auth/register", json=registration(email=email))
    (letter,) = await outbox.letters()
    link = letter.links[0].partition("token=")[2]
    assert (await verify_email(client, link)).status_code == 204

    for spelling in (email, email.lower()):
        assert (await log_in(client, spelling)).status_code == 200
        await client.post("/auth/register", json=registration(email=spelling))
    await client.post("/auth/forgot-password", json={"email": email.lower()})

    subjects = [letter.subject for letter in await outbox.letters()]
    assert len([it for it in subjects if "You already have an account" in it]) == 2
    newest = (await outbox.letters())[0].links[0].partition("token=")[2]
    assert (await reset_password(client, newest, NEW_PASSWORD)).status_code == 204


@pytest.mark.parametrize("lookalike", ["m\u0131ke", "mi\u017fe", "m\u0456ke", "mi\uff4be"])
async def test_an_address_that_only_looks_like_another_is_not_taken_for_it(
    author: Account, client: httpx2.AsyncClient, outbox: Outbox, lookalike: str
) -> None:
    """https://eng.getwisdom.io/hacking-github-with-unicode-dotless-i/"""
    await client.post("/auth/register", json=registration(email="mike@example.com"))
    link = await outbox.token("mike@example.com", "verify-email")
    assert (await verify_email(client, link)).status_code == 204

    response = await client.post(
        "/auth/forgot-password", json={"email": f"{lookalike}@example.com"}
    )

    assert response.status_code in (202, 422)
    assert len(await outbox.letters()) == 1, "the link to verify, and none to reset"
