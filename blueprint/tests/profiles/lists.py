"""Lists, read page by page."""

from typing import Any

import httpx2


async def walk(client: httpx2.AsyncClient, path: str, **params: Any) -> list[dict[str, Any]]:
    """The items of all pages."""
    items: list[dict[str, Any]] = []
    while True:
        response = await client.get(path, params=params)
        assert response.status_code == 200, response.text
        page = response.json()
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        params["cursor"] = page["next_cursor"]


async def ids_of(client: httpx2.AsyncClient, path: str, **params: Any) -> list[int]:
    return [item["id"] for item in await walk(client, path, **params)]
