"""Secrets where they do not belong: in the log, the queue, the database, Redis."""

import json
import logging
import re
from collections.abc import AsyncIterator

import httpx2
import pytest
from redis.asyncio import Redis
from sqlalchemy import text

from src.auth.config import auth_settings
from src.database import Database
from tests.attacks.lifecycle import Life
from tests.attacks.traces import stored_rows
from tests.clients import RunningApp
from tests.contract import assert_problem
from tests.factories import PASSWORD, registration
from tests.outbox import Outbox


@pytest.fixture
async def life(app: RunningApp, outbox: Outbox, caplog: pytest.LogCaptureFixture) -> Life:
    """A whole life, with every log line that there can be."""
    caplog.set_level(logging.DEBUG)
    life = Life(app, outbox)
    await life.live()
    assert len(life.secrets) > 30
    return life


def leaked(secrets: set[str], into: str) -> set[str]:
    """The secrets that stand in a text. Six digits of something longer are no code."""
    assert into
    return {
        secret
        for secret in secrets
        if re.search(rf"(?<![0-9A-Za-z]){re.escape(secret)}(?![0-9A-Za-z])", into)
    }


def log_of(caplog: pytest.LogCaptureFixture) -> str:
    """Every line, with all that was added to it."""
    records = [*caplog.get_records("setup"), *caplog.get_records("call")]
    return "\n".join(f"{record.getMessage()} {vars(record)}" for record in records)


def test_a_leak_would_be_seen() -> None:
    assert leaked({"123456", "a.b-c"}, "code=123456, token='a.b-c'") == {"123456", "a.b-c"}
    assert leaked({"123456"}, "0123456") == set()


async def test_no_secret_is_logged(life: Life, caplog: pytest.LogCaptureFixture) -> None:
    log = log_of(caplog)

    assert "POST /auth/register 201" in log
    assert leaked(life.secrets, log) == set()


async def test_no_secret_lies_in_the_queue(life: Life) -> None:
    assert "auth.reset_password" in life.queued
    assert leaked(life.secrets, life.queued) == set()


async def test_no_secret_is_stored_in_the_database(life: Life, database: Database) -> None:
    assert leaked(life.secrets, json.dumps(await stored_rows(database), default=str)) == set()


async def test_no_secret_is_stored_in_redis(life: Life, redis: Redis) -> None:
    keys = [str(key) async for key in redis.scan_iter("*")]
    hashes = [await redis.hgetall(key) for key in keys if await redis.type(key) == "hash"]

    assert hashes
    assert leaked(life.secrets, f"{keys}{hashes}") == set()


async def test_what_is_stored_of_the_second_factor_is_not_readable_without_our_secret(
    life: Life, database: Database
) -> None:
    (totp,) = (await stored_rows(database))["user_totp"]

    assert totp["encrypted_secret"].startswith("gAAAA"), "Fernet"
    assert auth_settings.encryption_secret.get_secret_value() not in totp["encrypted_secret"]
    assert life.new["username"] not in totp["encrypted_secret"]


@pytest.fixture
async def broken_table(database: Database) -> AsyncIterator[None]:
    """No account can be written: something about the table is wrong."""
    function = "AS 'BEGIN RAISE EXCEPTION ''no''; END'"
    async with database.engine.begin() as connection:
        await connection.execute(
            text(f"CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql {function}")
        )
        await connection.execute(
            text(
                "CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON user_account "
                "FOR EACH ROW EXECUTE FUNCTION refuse()"
            )
        )
    yield
    async with database.engine.begin() as connection:
        await connection.execute(text("DROP FUNCTION refuse CASCADE"))


@pytest.mark.usefixtures("broken_table")
async def test_an_unexpected_error_logs_no_password_hash_and_no_personal_data(
    client: httpx2.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    body = registration()

    response = await client.post("/auth/register", json=body)

    assert_problem(response, 500, "internal_error")
    assert "Unexpected error in POST /auth/register" in caplog.text
    for personal in ("$argon2id$", PASSWORD, body["email"], body["birth_date"]):
        assert personal not in caplog.text, personal
