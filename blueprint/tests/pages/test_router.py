"""The pages that links in e-mails lead to."""

import re

import httpx2
import pytest
from fastapi import FastAPI

from src.auth.constants import PASSWORD_MIN_LENGTH
from src.config import settings
from src.middleware import add_middleware
from src.pages.router import router
from src.problems import add_problem_handlers
from src.templating import TEMPLATES
from tests.clients import BASE_URL

ENDPOINTS = {
    "verify-email": "/auth/verify-email",
    "reset-password": "/auth/reset-password",
    "change-email": "/auth/change-email/confirm",
}
EACH = pytest.mark.parametrize("page", ENDPOINTS)
SCRIPT = (TEMPLATES / "pages" / "assets" / "account.js").read_text()


@pytest.fixture
def browser() -> httpx2.AsyncClient:
    app = FastAPI()
    add_problem_handlers(app)
    add_middleware(app, settings)
    app.include_router(router)
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url=BASE_URL)


@EACH
async def test_a_page_runs_one_script_of_ours_and_needs_no_other_host(
    browser: httpx2.AsyncClient, page: str
) -> None:
    response = await browser.get(f"/account/{page}")

    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["content-security-policy"] == (
        "default-src 'none'; base-uri 'none'; connect-src 'self'; form-action 'none'; "
        "frame-ancestors 'none'; script-src 'self'; style-src 'self'"
    )
    assert not re.search(
        r"\bon\w+=|\bstyle=|<style|<script(?! type=\"module\" src=)", response.text
    )
    assets = re.findall(r'(?:src|href)="([^"]+)"', response.text)
    assert len(assets) == 3
    for path in assets:
        assert path.startswith("/account/assets/")
        asset = await browser.get(path)
        assert asset.status_code == 200, path
        assert asset.headers["cache-control"] == "no-cache"
        kind = "text/css" if path.endswith(".css") else "text/javascript"
        assert asset.headers["content-type"].startswith(kind)


@EACH
async def test_a_page_is_kept_by_nobody_and_named_to_nobody(
    browser: httpx2.AsyncClient, page: str
) -> None:
    response = await browser.get(f"/account/{page}")

    assert response.headers["cache-control"] == "no-store"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert '<meta name="robots" content="noindex">' in response.text


@EACH
async def test_a_page_hands_its_token_to_the_api_only_by_a_click(
    browser: httpx2.AsyncClient, page: str
) -> None:
    text = (await browser.get(f"/account/{page}")).text

    (form,) = re.findall(r"<form[^>]*>", text)
    assert f'data-endpoint="{ENDPOINTS[page]}"' in form
    assert "data-done=" in form
    assert 'type="submit"' in text
    assert " hidden" in form, "until the script has found a token"
    assert "action=" not in form


@EACH
async def test_a_page_speaks_to_everybody(browser: httpx2.AsyncClient, page: str) -> None:
    text = (await browser.get(f"/account/{page}")).text

    assert '<html lang="en">' in text
    assert 'name="viewport"' in text
    assert '<meta name="color-scheme" content="light dark">' in text
    assert 'aria-live="polite"' in text
    assert "<noscript>" in text
    assert re.search(rf"<title>.+ · {settings.app_name}</title>", text)
    for field in re.findall(r'<input id="(\w+)"', text):
        assert (
            f'<label for="{field}">' in text or f'<label class="choice"><input id="{field}"' in text
        )


async def test_the_password_page_states_the_rule(browser: httpx2.AsyncClient) -> None:
    text = (await browser.get("/account/reset-password")).text

    assert f"At least {PASSWORD_MIN_LENGTH} characters" in text
    assert text.count('autocomplete="new-password"') == 2
    assert "maxlength" not in text, "it would cut a pasted password short without a word"


def test_the_script_writes_nothing_as_html_and_keeps_nothing() -> None:
    assert not re.search(r"innerHTML|outerHTML|document\.write|eval\(|Storage|cookie", SCRIPT)
    assert "history.replaceState" in SCRIPT


async def test_the_change_page_knows_both_outcomes(browser: httpx2.AsyncClient) -> None:
    text = (await browser.get("/account/change-email")).text

    assert "data-waiting=" in text
    assert '"waiting_for_other_address"' in SCRIPT
