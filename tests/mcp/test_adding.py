"""What is added over MCP is shown first, and written only as it was shown."""

from pathlib import Path

import pytest

from tests.mcp.talking import refused, server, talk, told
from tests.scaffolds.making import made


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return made(tmp_path / "shop")


def test_a_client_is_planned_written_and_taken_back(project: Path) -> None:
    async def conversation() -> None:
        async with server(project) as client:
            plan = told(await client.call_tool("add_client", {"name": "weather"}))
            assert not (project / "src/weather").exists()
            assert plan["command"] == "add client weather"
            assert plan["cut"]
            agreed = {"name": "weather", "plan_id": plan["plan_id"]}
            done = told(await client.call_tool("add_client", agreed))
            assert (done["written"], done["plan_id"]) == (True, None)
            assert "[changed]" in refused(await client.call_tool("add_client", agreed))
            undoing = told(await client.call_tool("undo", {}))
            assert (project / "src/weather").exists()
            told(await client.call_tool("undo", {"plan_id": undoing["plan_id"]}))
            assert not (project / "src/weather").exists()
            assert "[nothing_to_undo]" in refused(await client.call_tool("undo", {}))

    talk(conversation)


def test_a_plan_is_good_for_its_own_call_and_files_alone(project: Path) -> None:
    async def conversation() -> None:
        async with server(project) as client:
            plan = told(await client.call_tool("add_client", {"name": "weather"}))
            other = {"name": "payments", "plan_id": plan["plan_id"]}
            assert "[changed]" in refused(await client.call_tool("add_client", other))
            plan = told(await client.call_tool("add_client", {"name": "weather"}))
            main = project / "src/main.py"
            main.write_text(f"{main.read_text()}\nmine = 1\n")
            agreed = {"name": "weather", "plan_id": plan["plan_id"]}
            assert "[changed]" in refused(await client.call_tool("add_client", agreed))
            assert not (project / "src/weather").exists()

    talk(conversation)


def test_a_file_in_the_way_gets_no_plan(project: Path) -> None:
    (project / "src/weather").mkdir()
    (project / "src/weather/client.py").write_text("mine = 1\n")

    async def conversation() -> None:
        async with server(project) as client:
            plan = told(await client.call_tool("add_client", {"name": "weather"}))
            assert plan["plan_id"] is None
            actions = {each["path"]: each["action"] for each in plan["files"]}
            assert actions["src/weather/client.py"] == "conflict"

    talk(conversation)


def test_nothing_is_added_outside_of_what_is_granted(project: Path, tmp_path: Path) -> None:
    async def conversation() -> None:
        async with server(project) as client:
            outside = {"name": "weather", "path": str(tmp_path)}
            assert "[outside]" in refused(await client.call_tool("add_client", outside))
            wrong = {"name": "notes", "fields": ["title:strng"]}
            said = refused(await client.call_tool("add_domain", wrong))
            assert "[unreadable_field]" in said
            assert "title:str" in said

    talk(conversation)
