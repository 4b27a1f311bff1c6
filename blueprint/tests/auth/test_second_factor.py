"""Logging in with an authenticator app, and confirming once more before what is hard to undo."""

import time

import httpx2
import pytest
from redis.asyncio import Redis

from src.auth.config import auth_settings
from tests.accounts import Account
from tests.contract import assert_problem, refused_fields
from tests.factories import PASSWORD
from tests.fixtures import ChangeSettings
from tests.outbox import Outbox
from tests.second_factors import App, Clock, begin_login, set_up

SENSITIVE = [
    ("DELETE", "/users/me", None, 204),
    ("POST", "/users/me/deactivate", None, 204),
    (
        "POST",
        "/users/me/password",
        {"current_password": PASSWORD, "password": "Another-Horse-8-Battery"},
        204,
    ),
    ("POST", "/users/me/email", {"current_password": PASSWORD, "email": "new@example.com"}, 202),
    ("DELETE", "/users/me/second-factor/totp", None, 204),
    ("POST", "/users/me/second-factor/recovery-codes", None, 200),
    ("POST", "/users/me/access-tokens", {"name": "Backup", "scopes": ["account:read"]}, 201),
]


@pytest.fixture
async def app_of_author(author: Account, clock: Clock) -> App:
    return await set_up(author, clock)


async def complete(client: httpx2.AsyncClient, challenge: str, code: str) -> httpx2.Response:
    body = {"challenge": challenge, "code": code}
    return await client.post("/auth/token/second-factor", json=body)


async def test_the_password_alone_gives_no_tokens(
    client: httpx2.AsyncClient, author: Account, app_of_author: App
) -> None:
    form = {"username": author.username, "password": PASSWORD}

    response = await client.post("/auth/token", data=form)

    assert response.status_code == 202
    assert set(response.json()) == {"challenge", "expires_in"}


async def test_a_code_of_the_app_completes_the_login(
    client: httpx2.AsyncClient, author: Account, app_of_author: App
) -> None:
    challenge = await begin_login(author, client)

    response = await complete(client, challenge, app_of_author.code())

    assert response.status_code == 200
    me = await author.app.client(response.json()["access_token"]).get("/users/me")
    assert me.json()["id"] == author.id


async def test_a_code_may_be_written_in_two_halves(
    client: httpx2.AsyncClient, author: Account, app_of_author: App
) -> None:
    code = app_of_author.code()
    challenge = await begin_login(author, client)

    response = await complete(client, challenge, f"{code[:3]} {code[3:]}")

    assert response.status_code == 200


@pytest.mark.parametrize("spelling", [str, str.upper, lambda code: code.replace("-", "")])
async def test_a_recovery_code_stands_in_for_the_app_once(
    client: httpx2.AsyncClient, author: Account, app_of_author: App, outbox: Outbox, spelling: type
) -> None:
    code = spelling(app_of_author.recovery_codes[3])

    assert (await complete(client, await begin_login(author, client), code)).status_code == 200

    again = await complete(client, await begin_login(author, client), code)
    assert_problem(again, 403, "invalid_code")
    subjects = [letter.subject for letter in await outbox.letters(author.user.email)]
    assert any("recovery code was used" in subject for subject in subjects)
    status = (await author.client.get("/users/me/second-factor")).json()
    assert status == {"is_on": True, "recovery_codes_left": 9}


async def test_a_wrong_code_leaves_the_challenge_good(
    client: httpx2.AsyncClient, author: Account, app_of_author: App
) -> None:
    challenge = await begin_login(author, client)
    right = app_of_author.code()
    wrong = f"{(int(right) + 1) % 1_000_000:06}"

    assert_problem(await complete(client, challenge, wrong), 403, "invalid_code")

    assert (await complete(client, challenge, right)).status_code == 200


async def test_a_new_password_ends_a_login_that_is_half_done(
    client: httpx2.AsyncClient, author: Account, app_of_author: App, outbox: Outbox
) -> None:
    challenge = await begin_login(author, client)
    await client.post("/auth/forgot-password", json={"email": author.user.email})
    token = await outbox.token(author.user.email, "reset-password")
    reset = {"token": token, "password": "Another-Horse-8-Battery"}
    assert (await client.post("/auth/reset-password", json=reset)).status_code == 204

    response = await complete(client, challenge, app_of_author.code())

    assert_problem(response, 401, "invalid_challenge")


@pytest.mark.parametrize(
    ("method", "path", "body", "status"), SENSITIVE, ids=[" ".join(it[:2]) for it in SENSITIVE]
)
async def test_what_is_hard_to_undo_takes_a_fresh_code(
    author: Account,
    app_of_author: App,
    method: str,
    path: str,
    body: dict[str, str] | None,
    status: int,
) -> None:
    refused = await author.client.request(method, path, json=body)
    assert_problem(refused, 403, "second_factor_needed")

    await app_of_author.step_up()

    assert (await author.client.request(method, path, json=body)).status_code == status


async def test_a_login_with_a_code_is_fresh(
    client: httpx2.AsyncClient, author: Account, app_of_author: App
) -> None:
    challenge = await begin_login(author, client)
    tokens = (await complete(client, challenge, app_of_author.code())).json()

    response = await author.app.client(tokens["access_token"]).delete("/users/me")

    assert response.status_code == 204


async def test_a_fresh_code_is_fresh_for_a_while(
    author: Account, app_of_author: App, change: ChangeSettings
) -> None:
    await app_of_author.step_up()
    change(auth_settings, step_up_window=0)

    assert_problem(await author.client.delete("/users/me"), 403, "second_factor_needed")


async def test_without_an_app_nothing_more_is_asked_for(author: Account) -> None:
    assert_problem(
        await author.client.post("/auth/step-up", json={"code": "123456"}), 403, "password_needed"
    )
    assert (await author.client.delete("/users/me")).status_code == 204


@pytest.mark.parametrize(("method", "path", "body", "status"), SENSITIVE[:2] + SENSITIVE[-1:])
async def test_without_an_app_an_old_login_takes_the_password_once_more(
    author: Account,
    redis: Redis,
    method: str,
    path: str,
    body: dict[str, str] | None,
    status: int,
) -> None:
    key = f"session:{{{author.id}}}:{author.claims.session_id}"
    await redis.hset(key, "password_at", str(int(time.time()) - 601))
    refused = await author.client.request(method, path, json=body)
    assert_problem(refused, 403, "password_needed")
    wrong = await author.client.post("/auth/step-up", json={"password": "Wrong-1"})
    assert_problem(wrong, 403, "wrong_password")

    stepped_up = await author.client.post("/auth/step-up", json={"password": PASSWORD})

    assert stepped_up.status_code == 204
    assert (await author.client.request(method, path, json=body)).status_code == status


@pytest.mark.parametrize("proof", [{}, {"code": "123456", "password": PASSWORD}])
async def test_one_proof_is_given_at_a_time(author: Account, proof: dict[str, str]) -> None:
    assert refused_fields(await author.client.post("/auth/step-up", json=proof)) == {"/body"}
