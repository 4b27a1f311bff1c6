"""Generated requests for the whole OpenAPI document: nothing breaks, nothing departs from it."""

import asyncio
from typing import Any, cast

import httpx2
import pytest
import requests
import schemathesis
from hypothesis import settings
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from src.auth.models import User
from src.main import app
from tests.accounts import Account, log_in
from tests.clients import BASE_URL, RunningApp

Case = schemathesis.Case[Any]

EXAMPLES = settings().max_examples // 5  # for each operation, besides the ones at its limits

schema = schemathesis.openapi.from_dict(app.openapi())


@pytest.fixture(scope="session")
async def loop() -> asyncio.AbstractEventLoop:
    """The loop that the application runs in. Schemathesis itself would look for it elsewhere."""
    return asyncio.get_running_loop()


async def send(client: httpx2.AsyncClient, case: Case) -> httpx2.Response:
    """The very bytes that Schemathesis would have sent by itself, but for a client's own token."""
    request = requests.Request(**case.as_transport_kwargs(base_url=BASE_URL)).prepare()
    if "Authorization" in client.headers:
        request.headers.pop("Authorization", None)
    return await client.request(
        str(request.method),
        str(request.url),
        headers=cast("dict[str, str]", {**client.headers, **request.headers}),
        content=cast("str | bytes | None", request.body),
    )


async def send_as(user: User, app: RunningApp, case: Case) -> httpx2.Response:
    account = await log_in(app, user)  # a session for each: the case may log out
    return await send(account.client, case)


@schema.parametrize()
@settings(max_examples=EXAMPLES)
def test_a_stranger(case: Case, app: RunningApp, loop: asyncio.AbstractEventLoop) -> None:
    response = loop.run_until_complete(send(app.client(), case))

    case.validate_response(response, excluded_checks=[positive_data_acceptance])


@schema.parametrize()
@settings(max_examples=EXAMPLES)
def test_somebody_who_is_logged_in(
    case: Case, author: Account, loop: asyncio.AbstractEventLoop
) -> None:
    response = loop.run_until_complete(send_as(author.user, author.app, case))

    # The token that the case made up for itself was replaced by a real one.
    case.validate_response(response, excluded_checks=[positive_data_acceptance, ignored_auth])
