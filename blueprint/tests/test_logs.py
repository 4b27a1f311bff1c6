"""Log lines: JSON for machines, with the request and the user they belong to."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import httpx2
import pytest
from fastapi import BackgroundTasks

from src.auth import dependencies as auth_dependencies
from src.logs import JsonFormatter, TextFormatter, configure_logging
from src.main import create_app
from tests.accounts import Account
from tests.clients import RunningApp


class Written(io.StringIO):
    def lines(self, logger: str) -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in self.getvalue().splitlines()]
        return [line for line in lines if line["logger"] == logger]


@pytest.fixture
def written() -> Iterator[Written]:
    """What production writes during the test."""
    stream = Written()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


async def test_every_request_has_one_access_line(
    client: httpx2.AsyncClient, written: Written
) -> None:
    response = await client.get("/account/verify-email?name=secret")

    (line,) = written.lines("access")
    assert line["method"] == "GET"
    assert line["path"] == "/account/verify-email", "what a query holds is nobody's business"
    assert line["status"] == 200
    assert line["client"] == "192.0.2.1"
    assert line["milliseconds"] > 0
    assert line["level"] == "info"
    assert line["request_id"] == response.headers["x-request-id"]
    assert "user_id" not in line
    assert datetime.fromisoformat(line["timestamp"]).utcoffset() is not None


async def test_lines_name_the_user_of_their_request_alone(
    client: httpx2.AsyncClient, author: Account, reader: Account, written: Written
) -> None:
    for someone in (author.client, client, reader.client):
        await someone.get("/users/me")

    users = [line.get("user_id") for line in written.lines("access")]
    assert users == [author.id, None, reader.id]


async def test_lines_of_a_background_task_name_its_request(
    author: Account, written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("src.main.configure_logging", lambda **_: None)
    app = create_app()

    @app.get("/later")
    async def later(_: auth_dependencies.CurrentUser, tasks: BackgroundTasks) -> None:
        tasks.add_task(logging.getLogger("src.later").info, "Done")

    client = RunningApp(app, author.app.state).client(author.access_token)
    response = await client.get("/later")

    (line,) = written.lines("src.later")
    assert line["event"] == "Done"
    assert line["request_id"] == response.headers["x-request-id"]
    assert line["user_id"] == author.id


async def test_a_failed_request_is_logged_too(client: httpx2.AsyncClient, written: Written) -> None:
    await client.get("/missing")
    await client.get("/users/me")

    assert [line["status"] for line in written.lines("access")] == [404, 401]


async def test_no_secret_is_logged(client: httpx2.AsyncClient, written: Written) -> None:
    form = {"username": "ada", "password": "Analytical-Engine-7"}
    await client.post("/auth/token", data=form)
    await client.post("/auth/refresh", json={"refresh_token": "very-secret-token"})
    await client.get("/users/me", headers={"Authorization": "Bearer very-secret-token"})

    assert "Analytical-Engine-7" not in written.getvalue()
    assert "very-secret-token" not in written.getvalue()


def record(message: str, **extra: object) -> logging.LogRecord:
    try:
        int("broken\nin two")
    except ValueError:
        return logging.getLogger("x").makeRecord(
            "x", logging.ERROR, __file__, 1, message, ("ä",), sys.exc_info(), extra=extra
        )
    raise AssertionError


def test_a_json_line_is_one_line_with_all_there_is() -> None:
    line = JsonFormatter().format(record("hello %s\n", number=7, odd=object()))

    assert "\n" not in line
    parsed = json.loads(line)
    assert parsed["event"] == "hello ä\n"
    assert parsed["level"] == "error"
    assert parsed["number"] == 7
    assert "ValueError: invalid" in parsed["exception"]


def test_a_text_line_is_for_people() -> None:
    text = TextFormatter().format(record("hello %s"))

    first, *rest = text.splitlines()
    assert first.endswith("hello ä")
    assert rest[0].startswith("Traceback")


def test_people_get_text_and_machines_get_json(monkeypatch: pytest.MonkeyPatch) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    for as_json, formatter in ((False, TextFormatter), (True, JsonFormatter)):
        configure_logging(as_json=as_json)
        (handler,) = root.handlers
        assert type(handler.formatter) is formatter
