"""Nothing outside of what was granted is touched, and nothing half done is left behind."""

import asyncio
import functools
from pathlib import Path

import anyio
import pytest

from tests.mcp.talking import CODE, refused, server, talk, told


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "main.py").write_text(CODE)
    secret = tmp_path / "secret.py"
    secret.write_text("import time\n\n\nasync def leak() -> None:\n    time.sleep(1)\n")
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'outside'\n")
    return folder


def names(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir()}


PATHS_OUTSIDE = [
    "..",
    "../secret.py",
    "/etc",
    "/",
    "main.py/../../..",
    "link",
    "link/secret.py",
    "\0",
    "",
]


def test_paths_outside_are_refused(project: Path) -> None:
    (project / "link").symlink_to(project.parent)

    async def conversation() -> None:
        async with server(project) as client:
            for path in PATHS_OUTSIDE:
                for tool, given in (
                    ("review", {"path": path}),
                    ("project_model", {"path": path}),
                    ("explain", {"path": path, "topic": "pagination"}),
                    ("contract", {"path": path}),
                    ("fix", {"path": path}),
                    ("new", {"parent": path, "name": "shop"}),
                ):
                    error = refused(await client.call_tool(tool, given))
                    assert error.startswith(f"Error executing tool {tool}: ["), (tool, path)
            assert not told(await client.call_tool("review", {}))["summary"]["unreadable"]

    talk(conversation)
    assert names(project) == {"link", "main.py"}


def test_links_to_files_outside_are_not_read(project: Path) -> None:
    (project / "borrowed.py").symlink_to(project.parent / "secret.py")
    (project / "pyproject.toml").symlink_to(project.parent / "pyproject.toml")

    async def conversation() -> None:
        async with server(project) as client:
            found = told(await client.call_tool("review", {}))
            reasons = {each["path"]: each["reason"] for each in found["summary"]["unreadable"]}
            assert reasons == {
                "borrowed.py": "is a link that leads elsewhere",
                "pyproject.toml": "it is a link that leads elsewhere",
            }

    talk(conversation)


def test_the_project_around_is_not_read_beyond_what_is_granted(project: Path) -> None:
    async def conversation() -> None:
        async with server(project.parent, granted=[project]) as client:
            found = told(await client.call_tool("review", {}))
            assert (found["root"], found["summary"]["files"]) == (str(project), 1)
            assert "[outside]" in refused(await client.call_tool("review", {"path": ".."}))

    talk(conversation)


def test_a_baseline_elsewhere_is_not_read(project: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.fastwright]\nbaseline = "../baseline.json"\n')

    async def conversation() -> None:
        async with server(project) as client:
            assert "[baseline]" in refused(await client.call_tool("review", {}))

    talk(conversation)


ODD_AND_HUGE: list[tuple[str, dict[str, object]]] = [
    ("review", {"path": "x" * 1_000_000}),
    ("review", {"route": "GET /" + "x" * 1_000_000}),
    ("review", {"only": ["x" * 100] * 5000}),
    ("review", {"cursor": "x" * 100_000}),
    ("review", {"cursor": "bm8="}),
    ("review", {"max_tokens": 10**9}),
    ("review", {"route": " "}),
    ("review", {"paths": ["main.py"]}),
    ("review", {"only": ["no-such-practice"]}),
    ("review", {"diff": "--output=/tmp/x"}),
    ("explain", {"topic": "x" * 1_000_000}),
    ("project_model", {"section": "secrets"}),
    ("new", {"name": "../shop"}),
    ("new", {"name": "x" * 1_000_000}),
    ("new", {"name": "shop", "plan_id": "0" * 16}),
]


def test_odd_and_huge_arguments_are_refused_shortly(project: Path) -> None:
    async def conversation() -> None:
        async with server(project) as client:
            for tool, given in ODD_AND_HUGE:
                error = refused(await client.call_tool(tool, given))
                assert len(error) < 2000, (tool, list(given))
            assert told(await client.call_tool("review", {}))["total"]

    talk(conversation)
    assert names(project) == {"main.py"}


def test_an_argument_that_a_tool_does_not_have_is_named(project: Path) -> None:
    async def conversation() -> None:
        async with server(project) as client:
            for tool in (await client.list_tools()).tools:
                assert tool.input_schema["additionalProperties"] is False
            error = refused(await client.call_tool("explain", {"question": "pagination"}))
            assert "question\n  Extra inputs are not permitted" in error

    talk(conversation)


def test_answers_stay_short_whatever_the_code_is_like(project: Path) -> None:
    name = "a" * 20_000
    few = "".join(
        f"def d{n}(x=Depends(d{n - 1}), y=Depends(d{n - 1})): ...\n" for n in range(1, 12)
    )
    fields = "".join(f"    field_number_{number}: int = {number}\n" for number in range(1000))
    (project / "odd.py").write_text(
        f"import time\nfrom fastapi import Depends, FastAPI\nfrom pydantic_settings import"
        f" BaseSettings\napp = FastAPI()\n@app.get('/{name}')\nasync def {name}():\n"
        f"    time.sleep(1)\nclass Settings(BaseSettings):\n{fields}"
        f"def d0(): ...\n{few}@app.get('/deep')\nasync def deep(x=Depends(d11)):\n"
        f"    time.sleep(1)\n"
    )

    async def conversation() -> None:
        async with server(project) as client:
            for tool, given in (
                ("review", {}),
                ("review", {"route": "GET /deep"}),
                ("review", {"route": f"GET /{name}"[:2000]}),
                ("project_model", {"section": "routes"}),
                ("project_model", {"section": "settings"}),
                ("explain", {"topic": "settings", "path": "."}),
            ):
                answer = await client.call_tool(tool, given)
                assert len(getattr(answer.content[0], "text", "")) / 4 <= 4000
            (endpoint,) = told(await client.call_tool("review", {"route": "GET /deep"}))[
                "endpoints"
            ]
            assert endpoint["cut"]
            assert endpoint["dependencies"][0]["name"] == "d11"

    talk(conversation)


def test_a_plan_is_carried_out_once_and_only_as_it_was_shown(project: Path) -> None:
    async def conversation() -> None:
        async with server(project) as client:
            shown = told(await client.call_tool("new", {"name": "shop"}))
            assert not (project / "shop").exists()
            other = {"name": "other", "plan_id": shown["plan_id"]}
            assert "[changed]" in refused(await client.call_tool("new", other))
            shown = told(await client.call_tool("new", {"name": "shop"}))
            (project / "shop").mkdir()
            (project / "shop" / "mine.txt").write_text("mine")
            given = {"name": "shop", "plan_id": shown["plan_id"]}
            assert "[target_taken]" in refused(await client.call_tool("new", given))
            assert names(project / "shop") == {"mine.txt"}
            (project / "shop" / "mine.txt").unlink()
            made = told(await client.call_tool("new", given))
            assert made["made"]
            assert (project / "shop" / "src" / "main.py").is_file()
            assert "[target_taken]" in refused(await client.call_tool("new", given))

    talk(conversation)


def test_what_is_cancelled_leaves_nothing_behind(project: Path) -> None:
    async def conversation() -> None:
        async with server(project) as client:
            shown = told(await client.call_tool("new", {"name": "shop"}))
            given = {"name": "shop", "plan_id": shown["plan_id"]}
            for _ in range(3):
                with anyio.move_on_after(0.01):
                    await client.call_tool("review", {})
            with anyio.move_on_after(0.1):
                await client.call_tool("new", given)
            assert told(await client.call_tool("review", {"path": "main.py"}))["total"]
            for _ in range(100):
                left = names(project) - {"main.py", "shop"}
                if not left:
                    break
                await asyncio.sleep(0.1)
            assert not left
            if (project / "shop").exists():  # it was quicker
                assert (project / "shop" / "src" / "main.py").is_file()

    talk(conversation)


def test_more_calls_than_are_worked_on_at_once_wait_for_one_another(project: Path) -> None:
    async def conversation() -> None:
        async with server(project) as client:

            async def call(*, seconds: float) -> None:
                with anyio.move_on_after(seconds):
                    await client.call_tool("review", {"only": ["database"]})

            async with anyio.create_task_group() as calls:
                for number in range(30):
                    calls.start_soon(functools.partial(call, seconds=0.01 * number))
            answers = await asyncio.gather(*(client.call_tool("review", {}) for _ in range(12)))
            assert len({told(answer)["total"] for answer in answers}) == 1

    talk(conversation)


def test_two_clients_do_not_share_plans_or_stop_one_another(project: Path) -> None:
    async def conversation() -> None:
        async with server(project) as one, server(project) as two:
            shown = told(await one.call_tool("new", {"name": "shop"}))
            given = {"name": "shop", "plan_id": shown["plan_id"]}
            assert "[changed]" in refused(await two.call_tool("new", given))
            answers = await asyncio.gather(
                *(client.call_tool("review", {}) for client in (one, two) for _ in range(3))
            )
            assert len({told(answer)["total"] for answer in answers}) == 1

    talk(conversation)


def test_pages_join_and_a_change_between_them_is_told(project: Path) -> None:
    for number in range(30):
        (project / f"module_{number}.py").write_text(CODE)

    async def conversation() -> None:
        async with server(project) as client:
            given: dict[str, object] = {"kind": ["defect"], "max_tokens": 1500}
            seen: list[tuple[str, int]] = []
            answer = await client.call_tool("review", given)
            first = told(answer)
            while True:
                assert len(getattr(answer.content[0], "text", "")) / 4 < 1500
                page = told(answer)
                seen += [(each["path"], each["line"]) for each in page["findings"]]
                if page["next_cursor"] is None:
                    break
                answer = await client.call_tool("review", {**given, "cursor": page["next_cursor"]})
            assert len(seen) == len(set(seen)) == first["total"] == 31
            (project / "main.py").write_text(CODE + "\n")
            later = {**given, "cursor": first["next_cursor"]}
            assert "[changed]" in refused(await client.call_tool("review", later))

    talk(conversation)


def test_what_has_not_changed_is_remembered_and_a_change_is_seen_at_once(project: Path) -> None:
    async def conversation() -> None:
        async with server(project) as client:
            first = told(await client.call_tool("review", {"kind": ["defect"]}))
            assert told(await client.call_tool("review", {"kind": ["defect"]})) == first
            (project / "main.py").write_text(CODE.replace("time.sleep(1)", "pass"))
            assert told(await client.call_tool("review", {"kind": ["defect"]}))["total"] == 0
            (project / "main.py").write_text(CODE)
            assert told(await client.call_tool("review", {"kind": ["defect"]})) == first

    talk(conversation)
