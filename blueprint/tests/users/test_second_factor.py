"""An authenticator app: set up, confirmed, removed."""

from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from pydantic import SecretStr
from sqlmodel import select

from src.auth import second_factor
from src.auth.config import auth_settings
from src.auth.models import Totp
from src.database import Database, Statement
from tests.accounts import Account
from tests.contract import assert_problem
from tests.factories import PASSWORD
from tests.fixtures import ChangeSettings
from tests.outbox import Outbox
from tests.second_factors import Clock, set_up

STORED = Statement(select(Totp.encrypted_secret))
CONFIRMATION = {"current_password": PASSWORD}


async def test_an_app_counts_once_a_first_code_was_right(author: Account, clock: Clock) -> None:
    await author.client.post("/users/me/second-factor/totp", json=CONFIRMATION)
    status = (await author.client.get("/users/me/second-factor")).json()
    assert status == {"is_on": False, "recovery_codes_left": 0}

    app = await set_up(author, clock)

    status = (await author.client.get("/users/me/second-factor")).json()
    assert status == {"is_on": True, "recovery_codes_left": 10}
    assert len(set(app.recovery_codes)) == 10


async def test_the_uri_is_what_apps_read(author: Account) -> None:
    setup = await author.client.post("/users/me/second-factor/totp", json=CONFIRMATION)

    uri = urlsplit(setup.json()["uri"])
    assert (uri.scheme, uri.netloc) == ("otpauth", "totp")
    assert uri.path.endswith(author.username)
    assert parse_qs(uri.query)["secret"] == [setup.json()["secret"]]


async def test_setting_it_up_takes_the_password(author: Account) -> None:
    response = await author.client.post(
        "/users/me/second-factor/totp", json={"current_password": "Wrong-Horse-7-Battery"}
    )

    assert_problem(response, 403, "wrong_password")


async def test_a_second_app_takes_the_place_of_none(author: Account, clock: Clock) -> None:
    await set_up(author, clock)

    response = await author.client.post("/users/me/second-factor/totp", json=CONFIRMATION)

    assert_problem(response, 409, "totp_already_on")


async def test_a_wrong_first_code_confirms_nothing(author: Account) -> None:
    await author.client.post("/users/me/second-factor/totp", json=CONFIRMATION)

    response = await author.client.post(
        "/users/me/second-factor/totp/confirm", json={"code": "abcdef"}
    )

    assert_problem(response, 403, "invalid_code")


async def test_it_is_removed_with_its_recovery_codes(
    author: Account, clock: Clock, outbox: Outbox
) -> None:
    app = await set_up(author, clock)
    await app.step_up()

    assert (await author.client.delete("/users/me/second-factor/totp")).status_code == 204

    status = (await author.client.get("/users/me/second-factor")).json()
    assert status == {"is_on": False, "recovery_codes_left": 0}
    subjects = {letter.subject for letter in await outbox.letters(author.user.email)}
    assert any("was added" in subject for subject in subjects)
    assert any("was removed" in subject for subject in subjects)


async def test_new_recovery_codes_replace_the_old_ones(author: Account, clock: Clock) -> None:
    app = await set_up(author, clock)
    await app.step_up()

    response = await author.client.post("/users/me/second-factor/recovery-codes")

    assert not set(response.json()["recovery_codes"]) & set(app.recovery_codes)
    old = {"code": app.recovery_codes[0]}
    assert_problem(await author.client.post("/auth/step-up", json=old), 403, "invalid_code")


async def test_the_secret_is_stored_encrypted(
    author: Account, clock: Clock, database: Database
) -> None:
    app = await set_up(author, clock)

    row = await database.fetch_one(STORED)

    assert row
    assert app.secret not in row["encrypted_secret"]


async def test_with_another_key_no_code_is_right_and_the_log_says_why(
    author: Account,
    clock: Clock,
    change: ChangeSettings,
    caplog: pytest.LogCaptureFixture,
    client: httpx2.AsyncClient,
) -> None:
    app = await set_up(author, clock)
    change(auth_settings, encryption_secret=SecretStr("another-key-altogether"))
    second_factor._fernet.cache_clear()

    response = await author.client.post("/auth/step-up", json={"code": app.code()})

    second_factor._fernet.cache_clear()
    assert_problem(response, 403, "invalid_code")
    assert "AUTH_ENCRYPTION_SECRET" in caplog.text
