"""Requests that are under way while their account is deleted, or set up from two places."""

import asyncio

import pytest

from tests.accounts import Account
from tests.contract import assert_problem
from tests.fixtures import CreateAccount
from tests.routes import call, make_things, routes
from tests.routing import Access, Key
from tests.servers import Urls, connected, somebody_waits

SET_UP = ("POST", "/users/me/second-factor/totp")
PATIENCE = 0.5  # seconds in which a request comes as far as it can


@pytest.mark.parametrize("key", routes(Access.USER, Access.OWNER), ids=" ".join)
async def test_an_account_that_is_deleted_meanwhile_is_answered_with_no_server_error(
    author: Account, urls: Urls, key: Key
) -> None:
    things = await make_things(author, key)
    async with connected(urls) as elsewhere:
        async with elsewhere.transaction():
            await elsewhere.execute("DELETE FROM user_account WHERE id = $1", author.id)
            request = asyncio.create_task(call(author.client, key, things))
            await asyncio.wait({request}, timeout=PATIENCE)
        response = await request

    assert response.status_code < 500, response.text


async def test_an_authenticator_that_is_set_up_twice_at_once_is_no_server_error(
    author: Account, urls: Urls
) -> None:
    async with connected(urls) as blocker:
        async with blocker.transaction():  # both have seen that there is none, before one is made
            await blocker.execute("LOCK TABLE user_totp IN SHARE MODE")
            both = asyncio.gather(*(call(author.client, SET_UP) for _ in range(2)))
            await somebody_waits(blocker)
            await asyncio.sleep(PATIENCE)
        responses = await both

    assert {response.status_code for response in responses} <= {200, 409}


async def test_a_deleted_account_is_refused_by_every_route(create: CreateAccount) -> None:
    for key in routes(Access.USER):
        deleted = await create()
        things = await make_things(await create(), key)
        assert (await deleted.client.delete("/users/me")).status_code == 204

        assert_problem(await call(deleted.client, key, things), 401, "session_ended")
