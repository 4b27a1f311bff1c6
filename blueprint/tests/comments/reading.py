"""Reading comments as a client does, and what it has to see."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2

Item = dict[str, Any]


async def read(client: httpx2.AsyncClient, path: str, **params: Any) -> Item:
    response = await client.get(path, params=params)
    assert response.status_code == 200, response.text
    page: Item = response.json()
    return page


async def pages(client: httpx2.AsyncClient, path: str, **params: Any) -> AsyncIterator[list[Item]]:
    """The items of each page."""
    while True:
        page = await read(client, path, **params)
        yield page["items"]
        if page["next_cursor"] is None:
            return
        params["cursor"] = page["next_cursor"]


async def walk(client: httpx2.AsyncClient, path: str, **params: Any) -> list[Item]:
    """The items of all pages."""
    return [item async for page in pages(client, path, **params) for item in page]


async def walk_everything(client: httpx2.AsyncClient, path: str, **params: Any) -> list[Item]:
    """Every comment under a post, also those that are left out at first."""
    found: list[Item] = []
    waiting = [(path, params)]
    while waiting:
        path, asked = waiting.pop()
        async for page in pages(client, path, **asked):
            known = {item["id"] for item in found}
            found += [item for item in page if not is_beginning(item, path)]
            assert not known & {item["id"] for item in page if not is_beginning(item, path)}
            waiting += [follow(item) for item in page if is_cut(item, path)]
    return found


def is_beginning(item: Item, path: str) -> bool:
    """Whether it is what a thread was asked for, and known already."""
    return path == f"/comments/{item['id']}/thread"


def is_cut(item: Item, path: str) -> bool:
    """Whether there is more to it than the pages of `path` will show."""
    return item["more_replies"] > 0 and not is_beginning(item, path)


def follow(item: Item) -> tuple[str, dict[str, Any]]:
    """Where the other replies to a comment are."""
    cursor = {"cursor": item["more_cursor"]} if item["more_cursor"] else {}
    return f"/comments/{item['id']}/thread", cursor
