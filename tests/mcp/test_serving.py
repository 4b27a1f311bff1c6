"""A client finds and calls all that the server has, over standard streams and over HTTP."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
from mcp import Client, MCPError

from fastwright import catalogue
from tests.mcp.talking import CODE, COMMAND, http_server, refused, server, talk, told

READING = {"review", "explain", "project_model"}
TOOLS = READING | {
    "contract",
    "fix",
    "new",
    "add_domain",
    "add_field",
    "add_endpoint",
    "add_client",
    "undo",
}
HELLO = (
    '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18",'
    '"capabilities":{},"clientInfo":{"name":"test","version":"1"}}}\n'
)
PROMPTS = {"review-my-change", "add-a-feature", "why-is-this-endpoint-slow"}


def calling(tool: str, **arguments: str) -> str:
    """Return a line that calls a tool."""
    call = {"name": tool, "arguments": arguments}
    return json.dumps({"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": call}) + "\n"


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
        assert tool.annotations.read_only_hint == (tool.name in READING)
    review = told(await client.call_tool("review", {}))
    assert review["by_practice"]["async_routes/no-blocking-call"] == 1
    explained = told(await client.call_tool("explain", {"topic": "pagination"}))
    assert explained["best"] == "pagination"
    model = told(await client.call_tool("project_model", {"section": "routes"}))
    assert [route["path"] for route in model["items"]] == ["/me"]
    contract = told(await client.call_tool("contract", {}))
    assert (contract["imported"], contract["routes"][-1]["path"]) == ("main:app", "/me")
    fixes = told(await client.call_tool("fix", {"only": ["dependencies"]}))
    assert (fixes["written"], fixes["proof"] is None) == (False, not fixes["files"])
    plan = told(await client.call_tool("new", {"name": "shop"}))
    assert (plan["made"], plan["files"] > 200) == (False, True)
    small = told(await client.call_tool("new", {"name": "shop", "domains": []}))
    assert small["domains"]["included"] == ["auth", "users"]
    assert small["files"] < plan["files"]
    assert "[unknown_domain]" in refused(
        await client.call_tool("new", {"name": "shop", "domains": ["post"]})
    )
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
    told_of = {
        str(each.uri): each.description for each in (await client.list_resources()).resources
    }
    assert "security/verified-jwt" in str(told_of["fastwright://practice/security/verified-jwt"])
    page = await client.read_resource("fastwright://practice/security/verified-jwt")
    assert str(getattr(page.contents[0], "text", "")).startswith("# security/verified-jwt")
    model = await client.read_resource("fastwright://model")
    assert json.loads(getattr(model.contents[0], "text", ""))["sections"]["routes"] == 1
    routes = await client.read_resource("fastwright://model?section=routes")
    assert json.loads(getattr(routes.contents[0], "text", ""))["items"][0]["path"] == "/me"
    with pytest.raises(MCPError, match="no such section"):
        await client.read_resource("fastwright://model?section=secrets")


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


@pytest.mark.parametrize("transport", [[], ["--http"]])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_while_a_client_is_there(
    project: Path, transport: list[str], number: signal.Signals
) -> None:
    with subprocess.Popen(
        [*COMMAND, "--root", str(project), *transport],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        if transport:
            assert "listens at" in process.stderr.readline()
        else:
            process.stdin.write(HELLO)
            process.stdin.flush()
            assert '"serverInfo"' in process.stdout.readline()
        process.send_signal(number)
        assert process.wait(30) == 128 + number
        assert process.stdout.read() == ""
        assert process.stderr.read() == "\nStopped; nothing is left behind.\n"


def test_a_signal_in_the_middle_of_a_plan_leaves_all_or_nothing(project: Path) -> None:
    for delay in (0.0, 0.05, 0.1):
        with subprocess.Popen(
            [*COMMAND, "--root", str(project)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdin
            assert process.stdout

            def ask(message: str, process: subprocess.Popen[str] = process) -> None:
                assert process.stdin
                process.stdin.write(message)
                process.stdin.flush()

            ask(HELLO)
            process.stdout.readline()
            ask('{"jsonrpc":"2.0","method":"notifications/initialized"}\n')
            ask(calling("new", name="shop"))
            shown = json.loads(process.stdout.readline())["result"]["structuredContent"]
            ask(calling("new", name="shop", plan_id=shown["plan_id"]))
            time.sleep(delay)
            process.send_signal(signal.SIGINT)
            assert process.wait(30) == 130
        left = sorted(each.name for each in project.iterdir())
        assert left in (["main.py"], ["main.py", "shop"])
        if "shop" in left:
            made = [each for each in (project / "shop").rglob("*") if each.is_file()]
            assert len([each for each in made if ".git" not in each.parts]) >= shown["files"]
            shutil.rmtree(project / "shop")


def test_a_signal_ends_what_is_worked_on_over_http_quietly(tmp_path: Path) -> None:
    started = tmp_path / "started"
    (tmp_path / "main.py").write_text(
        f"import os, pathlib, time\nfrom fastapi import FastAPI\napp = FastAPI()\n"
        f"pathlib.Path({str(started)!r}).write_text(str(os.getpid()))\ntime.sleep(60)\n"
    )

    async def conversation() -> None:
        process = await asyncio.to_thread(
            subprocess.Popen,
            [*COMMAND, "--http", "--root", str(tmp_path)],
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stderr is not None
        address = (await asyncio.to_thread(process.stderr.readline)).split()[-1]
        async with Client(address) as client:
            call = asyncio.create_task(client.call_tool("contract", {}))
            for _ in range(600):
                if started.exists() and started.read_text():
                    break
                await asyncio.sleep(0.05)
            process.send_signal(signal.SIGINT)
            _, said = await asyncio.to_thread(process.communicate)
            with pytest.raises(MCPError):
                await call
        assert (process.returncode, said) == (130, "\nStopped; nothing is left behind.\n")
        with pytest.raises(ProcessLookupError):
            os.kill(int(started.read_text()), 0)

    talk(conversation)


def test_without_standard_input_it_says_so() -> None:
    closing = ["sh", "-c", 'exec "$@" <&-', "sh", *COMMAND]
    ended = subprocess.run(closing, check=False, capture_output=True, text=True, timeout=30)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "there is no client" in ended.stderr


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
