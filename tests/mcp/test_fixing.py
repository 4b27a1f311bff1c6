"""What is mended over MCP is shown first, proven, and written once."""

from pathlib import Path

from tests.commands.test_contract import commit
from tests.commands.test_fix import CODE, MENDED
from tests.mcp.talking import refused, server, talk, told

GIVEN = {"path": ".", "only": ["responses"]}


def test_a_change_is_shown_proven_and_written_once(tmp_path: Path) -> None:
    file = tmp_path / "main.py"
    file.write_text(CODE)

    async def conversation() -> None:
        async with server(tmp_path) as client:
            shown = told(await client.call_tool("fix", GIVEN))
            assert shown["fixed"] == {"responses/raise-http-exception": 1}
            assert "+        raise HTTPException(404)" in shown["files"][0]["diff"]
            assert (shown["written"], shown["proof"]["holds"]) == (False, True)
            assert file.read_text() == CODE
            carried_out = {**GIVEN, "plan_id": shown["plan_id"]}
            assert told(await client.call_tool("fix", carried_out))["written"]
            assert file.read_text() == MENDED
            assert "[changed]" in refused(await client.call_tool("fix", carried_out))
            again = told(await client.call_tool("fix", GIVEN))
            assert (again["fixed"], again["plan_id"]) == ({}, None)

    talk(conversation)


def test_what_has_changed_between_plan_and_writing_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "main.py"
    file.write_text(CODE)

    async def conversation() -> None:
        async with server(tmp_path) as client:
            shown = told(await client.call_tool("fix", GIVEN))
            file.write_text(f"# mine\n{CODE}")
            carried_out = {**GIVEN, "plan_id": shown["plan_id"]}
            assert "[changed]" in refused(await client.call_tool("fix", carried_out))
            assert file.read_text() == f"# mine\n{CODE}"
            unsafe = {**GIVEN, "unsafe": True, "plan_id": shown["plan_id"]}
            assert "[changed]" in refused(await client.call_tool("fix", unsafe))

    talk(conversation)


def test_what_is_not_committed_is_refused_and_links_are_not_written(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    outside = tmp_path / "outside.py"
    outside.write_text(CODE)
    (project / "main.py").write_text("from fastapi import FastAPI\n\napp = FastAPI()\n")
    (project / "link.py").symlink_to(outside)

    async def conversation() -> None:
        async with server(project) as client:
            assert told(await client.call_tool("fix", GIVEN))["files"] == []
            commit(project)
            (project / "main.py").write_text(CODE)
            assert "[dirty_tree]" in refused(await client.call_tool("fix", GIVEN))
            allowed = told(await client.call_tool("fix", {**GIVEN, "allow_dirty": True}))
            assert [each["path"] for each in allowed["files"]] == ["main.py"]

    talk(conversation)
    assert outside.read_text() == CODE
