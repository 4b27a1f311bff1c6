"""What people ask the developer for, played through."""

from pathlib import Path

from tests.mcp.talking import CODE, server, talk, told


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
