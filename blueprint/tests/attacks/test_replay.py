"""Links and half logins, given again: one after the other, and many at a time."""

import asyncio
from collections import Counter

import httpx2
import pytest

from src.database import Database
from tests.accounts import Account
from tests.attacks.authenticator import Authenticator, set_up_authenticator
from tests.attacks.doors import DOORS, complete_login, log_in
from tests.attacks.loot import LINKS, LOOT, another_challenge
from tests.attacks.traces import stored_rows
from tests.auth.routes import NEW_PASSWORD
from tests.contract import assert_problem
from tests.outbox import Outbox

AT_ONCE = 20


@pytest.fixture
async def authenticator(author: Account) -> Authenticator:
    return await set_up_authenticator(author)


def statuses(responses: list[httpx2.Response]) -> Counter[int]:
    return Counter(response.status_code for response in responses)


async def count_sessions(account: Account) -> int:
    return len((await account.client.get("/auth/sessions")).json())


@pytest.mark.parametrize("kind", LINKS)
async def test_a_link_is_good_once(
    author: Account, client: httpx2.AsyncClient, outbox: Outbox, database: Database, kind: str
) -> None:
    steal, door = LOOT[kind]
    token = await steal(author, outbox)
    assert (await DOORS[door].enter(client, token)).status_code < 300
    before = await stored_rows(database)

    for _ in range(2):
        assert_problem(await DOORS[door].enter(client, token), 400, "invalid_link")

    assert await stored_rows(database) == before


@pytest.mark.parametrize("kind", LINKS)
async def test_of_many_who_open_a_link_at_a_time_one_succeeds(
    author: Account, client: httpx2.AsyncClient, outbox: Outbox, kind: str
) -> None:
    steal, door = LOOT[kind]
    token = await steal(author, outbox)

    responses = await asyncio.gather(*(DOORS[door].enter(client, token) for _ in range(AT_ONCE)))

    refused = [response for response in responses if response.status_code >= 300]
    assert len(refused) == AT_ONCE - 1
    for response in refused:
        assert_problem(response, 400, "invalid_link")


async def test_of_many_passwords_for_one_link_one_is_set(
    author: Account, client: httpx2.AsyncClient, outbox: Outbox
) -> None:
    token = await LOOT["reset link"][0](author, outbox)
    passwords = [f"{NEW_PASSWORD}-{number}" for number in range(5)]
    bodies = [{"token": token, "password": password} for password in passwords]

    await asyncio.gather(*(client.post("/auth/reset-password", json=body) for body in bodies))

    logins = [await log_in(client, author.username, password) for password in passwords]
    assert statuses(logins) == {200: 1, 401: 4}
    assert len(await outbox.letters(author.user.email)) == 2, "the link, and one notice"


async def test_a_half_login_is_completed_once(
    author: Account, client: httpx2.AsyncClient, authenticator: Authenticator
) -> None:
    challenge = await another_challenge(author)
    assert (await complete_login(client, challenge, authenticator.code())).status_code == 200

    again = await complete_login(client, challenge, authenticator.code(1))
    by_recovery_code = await complete_login(client, challenge, authenticator.recovery_codes[0])

    assert_problem(again, 401, "invalid_challenge")
    assert_problem(by_recovery_code, 401, "invalid_challenge")
    assert await count_sessions(author) == 2


async def test_a_refused_replay_costs_the_owner_no_recovery_code(
    author: Account, client: httpx2.AsyncClient, authenticator: Authenticator
) -> None:
    challenge = await another_challenge(author)
    await complete_login(client, challenge, authenticator.code())
    await complete_login(client, challenge, authenticator.recovery_codes[0])

    status = (await author.client.get("/users/me/second-factor")).json()

    assert status == {"is_on": True, "recovery_codes_left": 10}


async def test_of_many_who_complete_one_login_with_one_code_one_succeeds(
    author: Account, client: httpx2.AsyncClient, authenticator: Authenticator
) -> None:
    challenge, code = await another_challenge(author), authenticator.code()

    responses = await asyncio.gather(
        *(complete_login(client, challenge, code) for _ in range(AT_ONCE))
    )

    assert statuses(responses) == {200: 1, 403: AT_ONCE - 1}
    assert await count_sessions(author) == 2


async def test_of_many_who_complete_one_login_with_different_codes_one_succeeds(
    author: Account, client: httpx2.AsyncClient, authenticator: Authenticator
) -> None:
    challenge = await another_challenge(author)
    codes = [authenticator.code(), authenticator.code(1), *authenticator.recovery_codes]

    responses = await asyncio.gather(*(complete_login(client, challenge, code) for code in codes))

    succeeded = [response for response in responses if response.status_code == 200]
    assert len(succeeded) == 1
    assert statuses(responses).keys() <= {200, 401, 403}
    assert await count_sessions(author) == 2
