"""`ETag` and 304 on single posts (RFC 9110, sections 8.8.3 and 13.1.2)."""

import httpx2
import pytest

from src.middleware import SECURITY_HEADERS
from tests.accounts import Account


async def test_a_client_with_this_version_gets_no_body(
    client: httpx2.AsyncClient, author: Account
) -> None:
    post = await author.writes()
    first = await client.get(f"/posts/{post.id}")
    tag = first.headers["etag"]

    again = await client.get(f"/posts/{post.id}", headers={"If-None-Match": tag})

    assert again.status_code == 304
    assert again.content == b""
    for header in ("etag", "cache-control", "vary"):
        assert again.headers[header] == first.headers[header]


@pytest.mark.parametrize("form", ["{}", "W/{}", '"x", {}', '"x",{} , "y"', "*"])
async def test_if_none_match_is_understood_in_all_its_forms(
    client: httpx2.AsyncClient, author: Account, form: str
) -> None:
    post = await author.writes()
    tag = (await client.get(f"/posts/{post.id}")).headers["etag"]

    headers = {"If-None-Match": form.format(tag)}

    assert (await client.get(f"/posts/{post.id}", headers=headers)).status_code == 304


@pytest.mark.parametrize("value", ['""', '"another"', "", "W/", ","])
async def test_another_version_is_sent_in_full(
    client: httpx2.AsyncClient, author: Account, value: str
) -> None:
    post = await author.writes()

    response = await client.get(f"/posts/{post.id}", headers={"If-None-Match": value})

    assert response.status_code == 200
    assert response.json()["id"] == post.id


async def test_a_like_is_a_new_version(author: Account, reader: Account) -> None:
    post = await author.writes()
    tag = (await reader.client.get(f"/posts/{post.id}")).headers["etag"]

    await reader.client.put(f"/posts/{post.id}/like")
    headers = {"If-None-Match": tag}
    response = await reader.client.get(f"/posts/{post.id}", headers=headers)

    assert response.status_code == 200
    assert response.json()["like_count"] == 1
    assert response.headers["etag"] != tag


async def test_a_response_must_be_validated_by_caches(
    client: httpx2.AsyncClient, author: Account
) -> None:
    post = await author.writes()

    response = await client.get(f"/posts/{post.id}")

    assert response.headers["cache-control"] == "no-cache"
    assert "authorization" in response.headers["vary"].lower()


async def test_both_answers_have_the_security_headers(
    client: httpx2.AsyncClient, author: Account
) -> None:
    post = await author.writes()
    first = await client.get(f"/posts/{post.id}")
    headers = {"If-None-Match": first.headers["etag"]}

    again = await client.get(f"/posts/{post.id}", headers=headers)

    for name, value in SECURITY_HEADERS.items():
        for response in (first, again):
            assert name == "cache-control" or response.headers.get_list(name) == [value]


async def test_a_tag_of_a_draft_tells_nobody_that_it_exists(
    client: httpx2.AsyncClient, author: Account
) -> None:
    draft = await author.writes(status="draft")
    tag = (await author.client.get(f"/posts/{draft.id}")).headers["etag"]

    for value in (tag, "*"):
        response = await client.get(f"/posts/{draft.id}", headers={"If-None-Match": value})
        assert response.status_code == 404
