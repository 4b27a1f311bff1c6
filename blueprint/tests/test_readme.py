"""The account flows of the README are what a person would see."""

import json
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest

from src.config import settings
from tests.accounts import Account
from tests.clients import RunningApp
from tests.fixtures import ChangeSettings
from tests.outbox import Outbox
from tests.readme import Command, commands, curl, is_like
from tests.second_factors import App, Clock

FIELDS = {
    "TOKEN": "access_token",
    "REFRESH": "refresh_token",
    "CHALLENGE": "challenge",
    "PAT": "token",
}


class Reader:
    """Somebody who types what the README says, and copies from the answers what it needs."""

    def __init__(self, client: httpx2.AsyncClient, author: Account, clock: Clock) -> None:
        self.client = client
        self.app = App(author, clock, secret="")
        self.variables: dict[str, str] = {}
        self.answers: list[dict[str, Any]] = []

    def assign(self, name: str) -> None:
        if name == "CODE":
            self.variables[name] = self.app.code()
        elif name == "LINK_TOKEN":
            link: str = self._last("links")[0]
            self.variables[name] = urlsplit(link).fragment.removeprefix("token=")
        else:
            self.variables[name] = self._last(FIELDS[name])

    async def run(self, command: Command) -> None:
        response = await curl(self.client, command.line, self.variables)
        (shown,) = command.answer
        if shown.isdecimal():
            assert (response.status_code, response.content) == (int(shown), b""), response.text
            return
        real = response.json()
        assert is_like(_without_id(json.loads(shown)), _without_id(real)), (
            f"{command.line}\n{response.text}"
        )
        self.answers.append(real[0] if isinstance(real, list) else real)
        self.app.secret = self.answers[-1].get("secret", self.app.secret)

    def _last(self, field: str) -> Any:
        return next(answer[field] for answer in reversed(self.answers) if field in answer)


def _without_id(answer: Any) -> Any:
    """The database's numbers go on from one test to the next."""
    return {**answer, "id": None} if isinstance(answer, dict) else answer


async def test_the_account_flows_are_as_the_readme_shows_them(
    app: RunningApp, outbox: Outbox, author: Account, clock: Clock, change: ChangeSettings
) -> None:
    change(settings, public_url="http://127.0.0.1:8000")
    reader = Reader(app.client(address="127.0.0.1"), author, clock)
    for command in commands("Accounts, step by step"):
        if command.line.startswith("curl "):
            await outbox.run_jobs()
            await reader.run(command)
        else:
            for assignment in command.line.split("; "):
                reader.assign(assignment.partition("=")[0])
    assert len(reader.answers) > 10
    assert set(reader.variables) == {*FIELDS, "CODE", "LINK_TOKEN"}


@pytest.mark.parametrize(
    "other", [{"a": "yz", "b": [1]}, {"a": "xyz"}, {"a": "xyz", "b": [2]}, {"a": 1, "b": [1]}]
)
def test_an_answer_that_differs_is_noticed(other: dict[str, object]) -> None:
    shown = {"a": "x…", "b": [1]}

    assert is_like(shown, {"a": "xyz", "b": [1]})
    assert not is_like(shown, other)


async def test_curl_is_read_as_curl_would(client: httpx2.AsyncClient) -> None:
    form = "curl localhost:8000/auth/token -d username=ada -d 'password=$PASSWORD'"

    response = await curl(client, form, {"PASSWORD": "Wrong-1"})

    assert response.status_code == 401
