"""What a client does to have an image: declare, upload, complete, look, and read."""

import ssl
from typing import Any
from urllib.parse import urlsplit

import httpx2

from src.config import settings
from tests.accounts import Account
from tests.media.images import png
from tests.outbox import Outbox

Answer = dict[str, Any]
# Nothing here is encrypted. By itself each client would load all certificates: 30 ms.
PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


async def declare(
    account: Account, content: bytes, media_type: str = "image/png", **fields: Any
) -> Answer:
    body = {"media_type": media_type, "size": len(content), **fields}
    response = await account.client.post("/media", json=body)
    assert response.status_code == 201, response.text
    answer: Answer = response.json()
    return answer


async def follow(
    account: Account, method: str, url: str, content: Any = None, **headers: str
) -> httpx2.Response:
    """Use a link, without a token: of the application's own, or of S3."""
    if url.startswith(f"{settings.public_url}/"):
        client = account.app.client()
        return await client.request(
            method, urlsplit(url).path, content=content, headers=headers or None
        )
    async with httpx2.AsyncClient(verify=PLAIN) as outside:
        return await outside.request(method, url, content=content, headers=headers or None)


async def upload(account: Account, media: Answer, content: bytes) -> None:
    response = await follow(account, "PUT", media["upload"]["url"], content)
    assert response.is_success, response.text


async def complete(account: Account, media: Answer) -> httpx2.Response:
    return await account.client.post(f"/media/{media['id']}/complete")


async def look(account: Account, media: Answer) -> Answer:
    response = await account.client.get(f"/media/{media['id']}")
    assert response.status_code == 200, response.text
    answer: Answer = response.json()
    return answer


async def completed(
    account: Account, content: bytes | None = None, media_type: str = "image/png"
) -> Answer:
    """An image that waits for its job."""
    content = content or png()
    media = await declare(account, content, media_type)
    await upload(account, media, content)
    response = await complete(account, media)
    assert response.status_code == 202, response.text
    return media


async def prepared(
    account: Account,
    outbox: Outbox,
    content: bytes | None = None,
    media_type: str = "image/png",
) -> Answer:
    """An image whose job has been done."""
    media = await completed(account, content, media_type)
    await outbox.run_jobs()
    return await look(account, media)
