"""Bodies that are not read: too large, or in a codec of the caller's choice."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from src.config import settings
from tests.accounts import Account
from tests.contract import assert_problem


async def chunks(total: int, size: int = 50_000) -> AsyncIterator[bytes]:
    for _ in range(total // size):
        yield b"x" * size


@pytest.mark.parametrize(
    ("method", "path"),
    [("PATCH", "/users/me"), ("POST", "/auth/register"), ("POST", "/auth/token")],
)
@pytest.mark.parametrize("is_declared", [True, False], ids=["declared", "chunked"])
async def test_too_large_a_body_is_a_problem(
    author: Account, method: str, path: str, is_declared: bool
) -> None:
    size = settings.max_body_size + 100_000
    content = b"x" * size if is_declared else chunks(size)

    is_form = path == "/auth/token"
    content_type = "application/x-www-form-urlencoded" if is_form else "application/json"
    response = await author.client.request(
        method, path, content=content, headers={"Content-Type": content_type}
    )

    assert_problem(response, 413, "content_too_large")


@pytest.mark.parametrize("codec", ["punycode", "unicode_escape"])
async def test_a_form_cannot_choose_a_codec(client: httpx2.AsyncClient, codec: str) -> None:
    content_type = f"multipart/form-data; boundary=b; charset={codec}"
    body = b'--b\r\nContent-Disposition: form-data; name="username"\r\n\r\nada\\ud800\r\n--b--\r\n'

    response = await client.post(
        "/auth/token", content=body, headers={"Content-Type": content_type}
    )

    assert_problem(response, 415, "unsupported_media_type")
