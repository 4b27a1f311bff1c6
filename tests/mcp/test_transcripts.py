"""What people ask the developer for, played through."""

import asyncio
from pathlib import Path

from tests.mcp.talking import CODE, server, talk, told
from tests.scaffolds.making import BLUEPRINT, made


def test_an_endpoint_is_reviewed_mended_and_clean(tmp_path: Path) -> None:
    """“I've created this endpoint but I'm not sure if it follows best practices.”"""
    file = tmp_path / "main.py"
    file.write_text(CODE)

    async def conversation() -> None:
        async with server(tmp_path) as client:
            asked = {"route": "GET /me", "kind": ["defect", "risk"]}
            found = told(await client.call_tool("review", asked))
            (finding,) = found["findings"]
            assert (finding["practice"], finding["line"]) == ("async_routes/no-blocking-call", 16)
            (endpoint,) = found["endpoints"]
            assert [each["name"] for each in endpoint["dependencies"]] == ["get_current_user"]
            why = told(await client.call_tool("explain", {"topic": finding["practice"]}))
            (practice,) = why["practices"]
            assert "await client.get" in practice["good"]
            mended = CODE.replace("import time\n", "import asyncio\n").replace(
                "    time.sleep(1)", "    await asyncio.sleep(1)"
            )
            file.write_text(mended)
            assert told(await client.call_tool("review", asked))["findings"] == []

    talk(conversation)


def test_authentication_dependencies_are_explained_with_the_users_own(tmp_path: Path) -> None:
    """“How should I structure my authentication dependencies?”"""
    (tmp_path / "main.py").write_text(CODE)

    async def conversation() -> None:
        async with server(tmp_path) as client:
            topic = "How should I structure my authentication dependencies?"
            answer = told(await client.call_tool("explain", {"topic": topic, "path": "."}))
            assert answer["best"] == "auth-dependencies"
            (pattern,) = [each for each in answer["patterns"] if each["name"] == answer["best"]]
            assert "async def get_current_user" in pattern["parts"][0]["example"]
            assert answer["places"] == [
                {
                    "path": "main.py",
                    "line": 10,
                    "text": "`get_current_user` decides who may call 1 route",
                }
            ]
            for name in pattern["practices"]:
                assert told(await client.call_tool("explain", {"topic": name}))["best"] == name

    talk(conversation)


def test_a_comments_system_is_added_to_a_blog_and_taken_back(tmp_path: Path) -> None:
    """“I need to add a comments system to my FastAPI blog application.”"""
    project = made(tmp_path / "blog", "posts")
    (project / ".venv").symlink_to(BLUEPRINT / ".venv")
    before = contents(project)
    asked = {
        "name": "comments",
        "fields": ["body:text{2000}"],
        "under": "posts",
        "owner": True,
        "threaded": True,
    }

    async def conversation() -> None:
        async with server(project) as client:
            overview = told(await client.call_tool("project_model", {}))
            assert overview["sections"]["routes"] > 0
            plan = told(await client.call_tool("add_domain", asked))
            assert contents(project) == before
            assert (plan["written"], plan["to_paste"], plan["to_run"]) == (False, [], [])
            actions = {each["path"]: each["action"] for each in plan["files"]}
            assert actions["src/comments/router.py"] == "create"
            assert actions["tests/comments/test_threads.py"] == "create"
            assert actions["src/main.py"] == "change"
            assert any(path.startswith("alembic/versions/") for path in actions)
            agreed = {**asked, "plan_id": plan["plan_id"]}
            done = told(await client.call_tool("add_domain", agreed))
            assert done["written"]
            assert done["next"] == ["make migrate", "make check"]
            assert told(await client.call_tool("review", {}))["findings"] == []
            again = told(await client.call_tool("add_domain", asked))
            assert {each["action"] for each in again["files"]} == {"identical"}
            assert again["plan_id"] is None
            undoing = told(await client.call_tool("undo", {}))
            assert undoing["command"] == done["command"]
            assert told(await client.call_tool("undo", {"plan_id": undoing["plan_id"]}))["written"]
            assert contents(project) == before

    asyncio.run(asyncio.wait_for(conversation(), 300))


def contents(project: Path) -> dict[str, bytes]:
    """Return every file of the project itself."""
    files = (each for each in project.rglob("*") if each.is_file())
    return {str(each): each.read_bytes() for each in files if ".venv" not in each.parts}
