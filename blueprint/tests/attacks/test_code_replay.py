"""Codes of an authenticator app and recovery codes, given again."""

import asyncio
from collections.abc import Callable

import httpx2
import pytest

from tests.accounts import Account
from tests.attacks.authenticator import Authenticator, set_up_authenticator
from tests.attacks.doors import complete_login
from tests.attacks.loot import another_challenge
from tests.contract import assert_problem
from tests.factories import PASSWORD


@pytest.fixture
async def authenticator(author: Account) -> Authenticator:
    return await set_up_authenticator(author)


async def step_up(account: Account, code: str) -> httpx2.Response:
    return await account.client.post("/auth/step-up", json={"code": code})


@pytest.mark.parametrize("is_recovery_code", [False, True])
async def test_of_many_logins_with_one_code_one_succeeds(
    author: Account,
    client: httpx2.AsyncClient,
    authenticator: Authenticator,
    is_recovery_code: bool,
) -> None:
    code = authenticator.recovery_codes[0] if is_recovery_code else authenticator.code()
    challenges = [await another_challenge(author) for _ in range(5)]

    responses = await asyncio.gather(
        *(complete_login(client, challenge, code) for challenge in challenges * 2)
    )

    assert [response.status_code for response in responses].count(200) == 1
    assert len((await author.client.get("/auth/sessions")).json()) == 2


@pytest.mark.parametrize("is_recovery_code", [False, True])
@pytest.mark.parametrize("is_login_first", [False, True])
async def test_a_code_is_good_for_a_login_or_for_a_step_up_but_not_for_both(
    author: Account,
    client: httpx2.AsyncClient,
    authenticator: Authenticator,
    is_recovery_code: bool,
    is_login_first: bool,
) -> None:
    code = authenticator.recovery_codes[0] if is_recovery_code else authenticator.code()
    challenge = await another_challenge(author)

    if is_login_first:
        assert (await complete_login(client, challenge, code)).status_code == 200
        second = await step_up(author, code)
    else:
        assert (await step_up(author, code)).status_code == 204
        second = await complete_login(client, challenge, code)

    assert_problem(second, 403, "invalid_code")


async def test_of_a_login_and_step_ups_with_one_code_at_a_time_one_succeeds(
    author: Account, client: httpx2.AsyncClient, authenticator: Authenticator
) -> None:
    challenge, code = await another_challenge(author), authenticator.code()

    responses = await asyncio.gather(
        *(step_up(author, code) for _ in range(10)),
        *(complete_login(client, challenge, code) for _ in range(10)),
    )

    assert len([response for response in responses if response.status_code < 300]) == 1


WRITTEN_OTHERWISE: list[Callable[[str], str]] = [
    str.upper,
    lambda code: code.replace("-", ""),
    lambda code: code.replace("-", " "),
    lambda code: f" {code} ",
    lambda code: "-".join(code.replace("-", "")),
]


@pytest.mark.parametrize("rewrite", WRITTEN_OTHERWISE)
async def test_a_used_recovery_code_is_not_good_when_it_is_written_otherwise(
    author: Account, authenticator: Authenticator, rewrite: Callable[[str], str]
) -> None:
    code = authenticator.recovery_codes[0]
    assert (await step_up(author, code)).status_code == 204

    assert_problem(await step_up(author, rewrite(code)), 403, "invalid_code")


@pytest.mark.parametrize("rewrite", ["{0[0]} {0[1]}{0[2]}{0[3]}{0[4]}{0[5]}", " {0} ", "{0} "])
async def test_a_used_code_of_the_app_is_not_good_when_it_is_written_otherwise(
    author: Account, authenticator: Authenticator, rewrite: str
) -> None:
    code = authenticator.code()
    assert (await step_up(author, code)).status_code == 204

    assert_problem(await step_up(author, rewrite.format(code)), 403, "invalid_code")


async def test_a_code_from_before_the_one_that_was_used_is_not_good_any_more(
    author: Account, authenticator: Authenticator
) -> None:
    earlier = authenticator.code()
    assert (await step_up(author, authenticator.code(1))).status_code == 204

    assert_problem(await step_up(author, earlier), 403, "invalid_code")


async def test_the_code_that_turned_the_app_on_is_not_good_for_a_login(
    author: Account, client: httpx2.AsyncClient
) -> None:
    password = {"current_password": PASSWORD}
    begun = (await author.client.post("/users/me/second-factor/totp", json=password)).json()
    code = Authenticator(begun["secret"], []).code()
    await author.client.post("/users/me/second-factor/totp/confirm", json={"code": code})

    response = await complete_login(client, await another_challenge(author), code)

    assert_problem(response, 403, "invalid_code")


async def test_recovery_codes_that_were_replaced_are_no_longer_good(
    author: Account, authenticator: Authenticator
) -> None:
    await step_up(author, authenticator.code())
    replaced = await author.client.post("/users/me/second-factor/recovery-codes")
    assert replaced.status_code == 200

    assert_problem(await step_up(author, authenticator.recovery_codes[0]), 403, "invalid_code")
