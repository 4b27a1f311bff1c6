"""The processes that images are prepared in: what ends them, and what that does to others."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from src.database import Database
from src.jobs import Work
from src.media import processes
from src.media.constants import CRASHES_MAX, EDGES, MediaType
from src.media.jobs import prepare
from src.media.processes import Crashed, prepare_image
from src.models import utc_now
from tests.accounts import Account
from tests.aws.storages import Stored, keys_of
from tests.media.images import png
from tests.media.uploading import completed, look

Program = Callable[[str], None]
KILLED = "os.kill(os.getpid(), signal.SIGKILL)"


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """Put another program in the place of the one that prepares images."""

    def replace(code: str) -> None:
        path = tmp_path / "program.py"
        path.write_text(f"import os, signal, sys, time\nsys.stdin.buffer.read()\n{code}\n")
        monkeypatch.setattr(processes, "PROGRAM", path)

    return replace


def children() -> list[psutil.Process]:
    mine = psutil.Process().children()
    return [it for it in mine if any("program.py" in part for part in it.cmdline())]


async def has_child() -> psutil.Process:
    async with asyncio.timeout(30):
        while not (found := children()):  # noqa: ASYNC110  (another process)
            await asyncio.sleep(0.02)
    return found[0]


@pytest.mark.parametrize("code", ["os.kill(os.getpid(), signal.SIGSEGV)", "sys.exit(1)", "1 / 0"])
async def test_a_crash_is_told_from_a_bad_image(program: Program, code: str) -> None:
    program(code)

    with pytest.raises(Crashed):
        await prepare_image(png(), MediaType.PNG)


def answer(sizes: Any, lengths: Any) -> str:
    line = json.dumps({"sizes": sizes, "lengths": lengths})
    return f"print({line!r})"


SIZES = {name: [1, 1] for name in EDGES}
LENGTHS = dict.fromkeys(EDGES, 0)
NONSENSE = {
    "nothing": "pass",
    "no JSON": "print('{')",
    "a list": "print('[]')",
    "a reason of its own": """print('{"rejection": "tired"}'); sys.exit(3)""",
    "another name": answer({"../small": [1, 1]}, {"../small": 0}),
    "a length below zero": answer(SIZES, LENGTHS | {"small": -1}),
    "a size that is a text": answer(SIZES | {"small": ["wide", "high"]}, LENGTHS),
    "no end": "while True: sys.stdout.write('x' * 65536)",
}


@pytest.mark.parametrize("code", NONSENSE.values(), ids=list(NONSENSE))
async def test_an_answer_that_makes_no_sense_counts_as_a_crash(program: Program, code: str) -> None:
    program(code)

    with pytest.raises(Crashed):
        await prepare_image(png(), MediaType.PNG)

    assert children() == []


async def test_a_crash_harms_no_other_image(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = processes.PROGRAM
    monkeypatch.setattr(processes, "_slots", asyncio.Semaphore(2))
    program("os.kill(os.getpid(), signal.SIGSEGV)")
    crashing = asyncio.create_task(prepare_image(png(), MediaType.PNG))
    await asyncio.sleep(0)
    monkeypatch.setattr(processes, "PROGRAM", real)

    first, second = await asyncio.gather(
        crashing, prepare_image(png(), MediaType.PNG), return_exceptions=True
    )

    assert isinstance(first, Crashed)
    assert set(second) == {"small", "medium", "large"}  # type: ignore[arg-type]


async def test_no_more_than_a_few_run_at_a_time(program: Program) -> None:
    program("time.sleep(0.3)\nsys.exit(1)")
    running = [asyncio.create_task(prepare_image(b"", MediaType.PNG)) for _ in range(3)]

    await has_child()
    at_once = len(children())
    await asyncio.gather(*running, return_exceptions=True)

    assert at_once == 1
    assert children() == []


async def test_a_child_ends_with_the_job_that_waits_for_it(program: Program) -> None:
    program("time.sleep(3600)")
    waiting = asyncio.create_task(prepare_image(png(), MediaType.PNG))
    child = await has_child()

    waiting.cancel()
    with suppress(asyncio.CancelledError):
        await waiting

    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE
    assert children() == []


async def test_a_child_knows_no_secret_of_ours(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTH_JWT_SECRET", "a secret")
    program("sys.exit(0 if 'AUTH_JWT_SECRET' in os.environ else 7)")

    with pytest.raises(Crashed, match="exit code 7"):
        await prepare_image(png(), MediaType.PNG)


async def attempt(database: Database, media: dict[str, Any], number: int) -> None:
    """One attempt of the image's job; a worker makes the next one a moment later."""
    await prepare.handler(Work(1, utc_now(), number, database), media_id=media["id"])


async def test_an_image_whose_process_dies_once_is_prepared_all_the_same(
    author: Account, database: Database, storage: Stored, program: Program
) -> None:
    real = processes.PROGRAM
    media = await completed(author)
    program(KILLED)
    with pytest.raises(Crashed):
        await attempt(database, media, 1)
    assert (await look(author, media))["status"] == "processing"

    processes.PROGRAM = real
    await attempt(database, media, 2)

    assert (await look(author, media))["status"] == "ready"


async def test_an_image_that_kills_every_process_is_rejected_in_the_end(
    author: Account, database: Database, storage: Stored, program: Program
) -> None:
    media = await completed(author)
    program(KILLED)
    for number in range(1, CRASHES_MAX):
        with pytest.raises(Crashed):
            await attempt(database, media, number)

    await attempt(database, media, CRASHES_MAX)

    after = await look(author, media)
    assert (after["status"], after["rejection"]) == ("rejected", "unreadable")
    assert await keys_of(storage) == set()
