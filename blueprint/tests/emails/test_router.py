"""The mailbox in a browser, and for programs."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI

from src.config import settings
from src.emails.delivery import deliver_email
from src.emails.router import router
from src.middleware import add_middleware
from src.problems import add_problem_handlers
from tests.clients import BASE_URL
from tests.contract import assert_problem
from tests.emails.letters import EMAILS, KEY, LINK

PAGES = ["", f"/{KEY}", "?to=ada", "?to=nobody"]
ATTEMPTS = [
    "..",
    "%2e%2e",
    "..%2f..%2flocal-secret",
    "%2fetc%2fpasswd",
    "../local-secret",
    f"{KEY}.eml",
    KEY[:-1],
    KEY.upper(),
    f"{KEY}%00",
    f"{KEY}%0a",
    f"../mailbox/{KEY}/..",
    "f" * 32,
]


@pytest.fixture
def browser(folder: Path) -> httpx2.AsyncClient:
    app = FastAPI()
    add_problem_handlers(app)
    add_middleware(app, settings)
    app.include_router(router)
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url=BASE_URL)


@pytest.fixture
async def mailbox(browser: httpx2.AsyncClient) -> httpx2.AsyncClient:
    """A browser before a mailbox that has one message."""
    await deliver_email(
        to="ada@example.com", template="verify_email", context=EMAILS["verify_email"], key=KEY
    )
    return browser


async def test_an_empty_mailbox_says_how_to_get_a_message(browser: httpx2.AsyncClient) -> None:
    response = await browser.get("/dev/mailbox")

    assert response.status_code == 200
    assert "No messages yet" in response.text
    assert "POST /auth/register" in response.text


async def test_a_mailbox_shows_its_messages(mailbox: httpx2.AsyncClient) -> None:
    page = (await mailbox.get("/dev/mailbox")).text

    assert f"Confirm your e-mail address for {settings.app_name}" in page
    assert "ada@example.com" in page
    assert f'href="/dev/mailbox/{KEY}"' in page


async def test_a_search_keeps_to_a_recipient(mailbox: httpx2.AsyncClient) -> None:
    found = (await mailbox.get("/dev/mailbox", params={"to": "ADA@"})).text
    missed = (await mailbox.get("/dev/mailbox", params={"to": "<b>nobody"})).text

    assert f'href="/dev/mailbox/{KEY}?to=ADA%40"' in found
    assert KEY not in missed
    assert "&lt;b&gt;nobody" in missed
    assert "<b>nobody" not in missed


async def test_a_message_is_shown_with_its_text_and_headers(mailbox: httpx2.AsyncClient) -> None:
    page = (await mailbox.get(f"/dev/mailbox/{KEY}")).text

    assert "<pre>Hello ada,\n\nWelcome!" in page
    assert f"Message-ID: &lt;{KEY}@example.com&gt;\n" in page
    assert "Inkwell &lt;no-reply@example.com&gt;" in page
    (frame,) = re.findall(r"<iframe[^>]*>", page)
    assert f'src="/dev/mailbox/{KEY}/html"' in frame
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in frame


async def test_the_html_of_a_message_can_run_and_load_nothing(mailbox: httpx2.AsyncClient) -> None:
    response = await mailbox.get(f"/dev/mailbox/{KEY}/html")

    policy = response.headers["content-security-policy"].split("; ")
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "sandbox allow-popups allow-popups-to-escape-sandbox" in policy
    assert not [rule for rule in policy if rule.startswith(("script-src", "connect-src"))]
    assert '<head><base target="_blank">' in response.text
    assert LINK in response.text


async def test_the_html_of_a_message_without_a_head_opens_links_in_a_new_tab(
    mailbox: httpx2.AsyncClient, folder: Path
) -> None:
    path = folder / f"{KEY}.eml"
    path.write_text("Content-Type: text/html\n\n<p>Short</p>")

    assert (await mailbox.get(f"/dev/mailbox/{KEY}/html")).text == (
        '<base target="_blank"><p>Short</p>'
    )


@pytest.mark.parametrize("page", PAGES)
async def test_a_page_runs_nothing_and_needs_no_other_host(
    mailbox: httpx2.AsyncClient, page: str
) -> None:
    response = await mailbox.get(f"/dev/mailbox{page}")

    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    policy = response.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "frame-ancestors 'none'" in policy
    assert not re.search(r"unsafe|http|\*|script-src", policy)
    assert "<script" not in response.text
    assert " style=" not in response.text
    for link in re.findall(r'<link[^>]* href="([^"]+)"', response.text):
        asset = await mailbox.get(link)
        assert asset.status_code == 200, link
        assert asset.headers["content-type"].startswith("text/css")
        assert asset.headers["cache-control"] == "no-cache"


async def test_programs_find_messages_with_their_links(mailbox: httpx2.AsyncClient) -> None:
    response = await mailbox.get("/dev/mailbox/messages", params={"to": "Ada@Example.com"})

    (message,) = response.json()
    assert message.keys() == {"key", "message_id", "to", "subject", "sent_at", "links", "text"}
    assert message["key"] == KEY
    assert message["message_id"] == f"<{KEY}@example.com>"
    assert message["to"] == "ada@example.com"
    assert message["subject"].endswith(settings.app_name)
    assert message["links"] == [LINK]
    assert LINK in message["text"]
    sent_at = datetime.fromisoformat(message["sent_at"])
    assert abs(sent_at - datetime.now(UTC)) < timedelta(minutes=1)


async def test_programs_search_for_whole_addresses(mailbox: httpx2.AsyncClient) -> None:
    for to in ("da@example.com", "ada", "ada@example.org"):
        assert (await mailbox.get("/dev/mailbox/messages", params={"to": to})).json() == []
    assert len((await mailbox.get("/dev/mailbox/messages")).json()) == 1


@pytest.mark.parametrize("kind", ["", "/html"])
@pytest.mark.parametrize("key", ATTEMPTS)
async def test_a_key_leads_nowhere_but_to_a_message(
    mailbox: httpx2.AsyncClient, folder: Path, key: str, kind: str
) -> None:
    (folder.parent / "local-secret").write_text("the secret")
    (folder.parent / "local-secret.eml").write_text("the secret")

    response = await mailbox.get(f"/dev/mailbox/{key}{kind}")

    if response.status_code == 200:  # the client itself has gone up to the list
        assert response.request.url.path in {"/dev/mailbox", "/dev/mailbox/"}
    else:
        assert response.status_code == 404
        assert response.headers["content-type"] == "application/problem+json"
    assert "the secret" not in response.text


async def test_a_message_that_is_not_there_is_a_problem(browser: httpx2.AsyncClient) -> None:
    assert_problem(await browser.get(f"/dev/mailbox/{KEY}"), 404, "message_not_found")
    assert_problem(await browser.get("/dev/mailbox/short"), 404, "message_not_found")


@pytest.mark.parametrize(
    "path", ["..%2f..%2f..%2fsrc/config.py", "../mailbox.html", "%2e%2e/base.html"]
)
async def test_assets_lead_nowhere_else(browser: httpx2.AsyncClient, path: str) -> None:
    assert (await browser.get(f"/dev/mailbox/assets/{path}")).status_code == 404
