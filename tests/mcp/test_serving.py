"""A client finds and calls all that the server has, over standard streams and over HTTP."""

import asyncio
import json
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
from mcp import Client

from fastwright import catalogue
from tests.mcp.talking import CODE, COMMAND, http_server, server, talk, told

TOOLS = {"review", "explain", "project_model", "contract", "new"}
PROMPTS = {"review-my-change", "add-a-feature", "why-is-this-endpoint-slow"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "main.py").write_text(CODE)
    return tmp_path


async def call_everything(client: Client) -> None:
    listed = (await client.list_tools()).tools
    assert {tool.name for tool in listed} == TOOLS
    for tool in listed:
        assert tool.description
        assert tool.output_schema
        assert tool.annotations
        assert tool.annotations.read_only_hint == (tool.name not in {"contract", "new"})
    review = told(await client.call_tool("review", {}))
    assert review["by_practice"]["async_routes/no-blocking-call"] == 1
    explained = told(await client.call_tool("explain", {"topic": "pagination"}))
    assert explained["best"] == "pagination"
    model = told(await client.call_tool("project_model", {"section": "routes"}))
    assert [route["path"] for route in model["items"]] == ["/me"]
    contract = told(await client.call_tool("contract", {}))
    assert (contract["imported"], contract["routes"][-1]["path"]) == ("main:app", "/me")
    plan = told(await client.call_tool("new", {"name": "shop"}))
    assert (plan["made"], plan["files"] > 200) == (False, True)
    names = {prompt.name for prompt in (await client.list_prompts()).prompts}
    assert names == PROMPTS
    for name, given in (
        ("review-my-change", {"revision": "main"}),
        ("add-a-feature", {"feature": "comments"}),
        ("why-is-this-endpoint-slow", {"route": "GET /me"}),
    ):
        (message,) = (await client.get_prompt(name, given)).messages
        assert next(iter(given.values())) in str(message.content)
    resources = {str(each.uri) for each in (await client.list_resources()).resources}
    assert {f"fastwright://practice/{name}" for name in catalogue.names()} <= resources
    assert {f"fastwright://pattern/{name}" for name in catalogue.patterns()} <= resources
    page = await client.read_resource("fastwright://practice/security/verified-jwt")
    assert str(getattr(page.contents[0], "text", "")).startswith("# security/verified-jwt")
    model = await client.read_resource("fastwright://model/overview")
    assert json.loads(getattr(model.contents[0], "text", ""))["sections"]["routes"] == 1


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_everything_is_served_over_standard_streams(project: Path, mode: str) -> None:
    async def conversation() -> None:
        async with server(project, mode=mode) as client:
            await call_everything(client)

    talk(conversation)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_client_grants_what_may_be_read(project: Path, tmp_path: Path, mode: str) -> None:
    other = tmp_path / "other"
    other.mkdir()

    async def conversation() -> None:
        async with server(other, granted=[project], mode=mode) as client:
            await call_everything(client)

    talk(conversation)


def test_everything_is_served_over_http_to_several_at_once(project: Path) -> None:
    async def conversation() -> None:
        async with http_server(project) as address, Client(address) as one, Client(address) as two:
            await asyncio.gather(call_everything(one), call_everything(two))

    talk(conversation)


def test_a_page_of_another_site_gets_nothing(project: Path) -> None:
    async def conversation() -> None:
        async with http_server(project) as address, httpx2.AsyncClient() as client:
            port = urlsplit(address).port
            message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
            accepted = {"accept": "application/json, text/event-stream"}
            for strange in ({"host": f"evil.example:{port}"}, {"origin": "https://evil.example"}):
                answer = await client.post(address, json=message, headers=accepted | strange)
                assert answer.status_code in {403, 421}

    talk(conversation)


def test_it_ends_when_its_input_ends(project: Path) -> None:
    ended = subprocess.run(
        [*COMMAND, "--root", str(project)],
        check=False,
        input="",
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert (ended.returncode, ended.stdout) == (0, "")


def test_a_port_that_is_taken_is_told(project: Path) -> None:
    async def conversation() -> None:
        async with http_server(project) as address:
            port = str(urlsplit(address).port)
            ended = await asyncio.to_thread(
                subprocess.run,
                [*COMMAND, "--http", "--port", port],
                capture_output=True,
                text=True,
                timeout=30,
            )
            assert ended.returncode == 2
            assert f"Port {port} cannot be used" in ended.stderr

    talk(conversation)


def test_progress_is_told_and_never_goes_back(project: Path) -> None:
    seen: list[float] = []

    async def note(progress: float, total: float | None, message: str | None) -> None:
        assert total == 1.0
        assert message
        seen.append(progress)

    async def conversation() -> None:
        async with server(project) as client:
            await client.call_tool("review", {}, progress_callback=note)

    talk(conversation)
    assert seen
    assert seen == sorted(set(seen))
