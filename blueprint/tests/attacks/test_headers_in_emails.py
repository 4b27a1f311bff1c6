"""Links in e-mails that an attacker wants to lead somewhere else."""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from urllib.parse import urlsplit

import httpx2
import pytest
import uvicorn

from src.config import settings
from src.emails.mailbox import Letter
from tests.accounts import Account
from tests.attacks.loot import email_change_links
from tests.auth.routes import NEW_PASSWORD
from tests.clients import RunningApp
from tests.environment import HOST
from tests.factories import PASSWORD, registration
from tests.outbox import Outbox

EVIL = "evil.example"
HEADERS: list[Mapping[str, str]] = [
    {"Host": EVIL},
    {"Host": f"{HOST}@{EVIL}"},
    {"Host": f"{HOST}:80@{EVIL}"},
    {"Host": f"{EVIL}#{HOST}"},
    {"X-Forwarded-Host": EVIL},
    {"X-Forwarded-Proto": "http", "X-Forwarded-Host": EVIL, "X-Forwarded-Port": "666"},
    {"Forwarded": f"host={EVIL};proto=http"},
    {"X-Host": EVIL, "X-Forwarded-Server": EVIL, "X-HTTP-Host-Override": EVIL},
    {"X-Original-URL": f"https://{EVIL}/", "X-Rewrite-URL": f"https://{EVIL}/"},
    {"X-Forwarded-Prefix": f"//{EVIL}"},
    {"Origin": f"https://{EVIL}"},
    {"Referer": f"https://{EVIL}/account"},
]
REFUSED = 400  # a host that is not ours


def assert_leads_home(letters: list[Letter]) -> None:
    for letter in letters:
        assert EVIL not in f"{letter.headers}{letter.text}{letter.html}"
        for link in letter.links:
            assert link.startswith(f"{settings.public_url}/account/"), link
            assert urlsplit(link).netloc == urlsplit(settings.public_url).netloc


@pytest.mark.parametrize("headers", HEADERS, ids=str)
async def test_links_lead_to_our_own_pages_whatever_a_request_says_of_its_host(
    author: Account, app: RunningApp, outbox: Outbox, headers: Mapping[str, str]
) -> None:
    attacker = app.client(headers=headers)
    newcomer = registration()
    attempts = [
        await attacker.post("/auth/register", json=newcomer),
        await attacker.post("/auth/verify-email/resend", json={"email": newcomer["email"]}),
        await attacker.post("/auth/forgot-password", json={"email": author.user.email}),
    ]

    letters = await outbox.letters()

    assert_leads_home(letters)
    taken = [response for response in attempts if response.status_code != REFUSED]
    assert len(letters) == len(taken) == (0 if "Host" in headers else 3)


@pytest.fixture
async def port(app: RunningApp) -> AsyncIterator[int]:
    """The application under its real server."""
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        yield listener.getsockname()[1]
        server.should_exit = True
        await serving


@pytest.mark.parametrize(
    "lines",
    [
        [f"POST https://{EVIL}/auth/forgot-password HTTP/1.1", f"Host: {HOST}"],
        [f"POST //{EVIL}/auth/forgot-password HTTP/1.1", f"Host: {HOST}"],
        ["POST /auth/forgot-password HTTP/1.1", f"Host: {HOST}", f"Host: {EVIL}"],
        ["POST /auth/forgot-password HTTP/1.1", f"Host: {EVIL}", f"Host: {HOST}"],
        ["POST /auth/forgot-password HTTP/1.1", f"Host: {HOST}", f" {EVIL}"],
        ["POST /auth/forgot-password HTTP/1.0"],
    ],
    ids=str,
)
async def test_links_lead_to_our_own_pages_whatever_the_request_line_says(
    author: Account, outbox: Outbox, port: int, lines: list[str]
) -> None:
    body = b'{"email": "%s"}' % author.user.email.encode()
    head = [*lines, "Content-Type: application/json", f"Content-Length: {len(body)}"]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write("\r\n".join([*head, "Connection: close", "", ""]).encode() + body)

    answer = await reader.read()

    writer.close()
    assert int(answer.split(b" ")[1]) < 500
    assert_leads_home(await outbox.letters())


FIRST_NAMES = [
    "<a href='https://evil.example'>Click</a>",
    "https://evil.example/prize",
    "{{ settings }} {% raw %} evil.example",
    "Ada\r\nBcc: victim@evil.example",
    "\u202eevil.example",
]


@pytest.mark.parametrize("first_name", FIRST_NAMES, ids=ascii)
async def test_a_first_name_never_stands_in_an_email(
    client: httpx2.AsyncClient, outbox: Outbox, author: Account, first_name: str
) -> None:
    newcomer = registration(first_name=first_name)
    await client.post("/auth/register", json=newcomer)
    renamed = await author.client.patch("/users/me", json={"first_name": first_name})
    assert renamed.status_code == 200
    await client.post("/auth/forgot-password", json={"email": author.user.email})
    await email_change_links(author, outbox)
    change = {"current_password": PASSWORD, "password": NEW_PASSWORD}
    await author.client.post("/users/me/password", json=change)

    letters = await outbox.letters()

    assert len(letters) == 5
    assert_leads_home(letters)
    for letter in letters:
        assert first_name not in f"{letter.subject}{letter.text}{letter.html}"


async def test_a_notice_names_the_address_of_the_connection_and_no_made_up_one(
    author: Account, outbox: Outbox
) -> None:
    forged = {
        "X-Forwarded-For": f"https://{EVIL}",
        "X-Real-IP": EVIL,
        "Forwarded": f"for={EVIL}",
        "User-Agent": f"https://{EVIL}",
    }
    attacker = author.app.client(author.access_token, headers=forged)
    body = {"current_password": PASSWORD, "password": NEW_PASSWORD}

    assert (await attacker.post("/users/me/password", json=body)).status_code == 204

    letter = await outbox.letter(author.user.email)
    assert "From: 192.0.2.1" in letter.text
    assert_leads_home([letter])
