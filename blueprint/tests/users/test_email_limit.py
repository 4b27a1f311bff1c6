"""An address that somebody wants to move to may be anybody's: what it is sent is limited."""

import httpx2
import pytest
from limits import parse

from src.auth.config import auth_settings
from tests.accounts import Account
from tests.contract import assert_problem
from tests.factories import PASSWORD
from tests.fixtures import ChangeSettings
from tests.outbox import Outbox

WANTED = "wanted@example.com"


@pytest.fixture(autouse=True)
def two_an_hour(change: ChangeSettings) -> None:
    change(auth_settings, mail_limit=parse("2/hour"))


async def move(account: Account, email: str = WANTED) -> httpx2.Response:
    body = {"email": email, "current_password": PASSWORD}
    return await account.client.post("/users/me/email", json=body)


async def test_an_address_is_asked_a_few_times_only_whoever_wants_to_move_there(
    author: Account, reader: Account, outbox: Outbox
) -> None:
    assert (await move(author)).status_code == 202
    assert (await move(reader)).status_code == 202

    for account in (author, reader):
        response = await move(account, WANTED.title())

        assert_problem(response, 429, "too_many_requests")
        assert 1 <= int(response.headers["retry-after"]) <= 3600
    assert len(await outbox.letters(WANTED)) == 2


async def test_another_address_is_counted_apart(author: Account) -> None:
    for _ in range(2):
        await move(author)
    assert_problem(await move(author), 429, "too_many_requests")

    assert (await move(author, "other@example.com")).status_code == 202
