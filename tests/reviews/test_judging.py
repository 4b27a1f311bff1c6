"""Two processes say together what one says, and whatever happens to the other one is made good."""

import errno
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from json import loads
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from fastwright.application.application import Application
from fastwright.practice import Finding, Practice
from fastwright.practices.dependencies import annotated_dependency
from fastwright.reviews import renewal, sharing
from fastwright.source import processes
from tests.reviews.test_renewal import FILES, fresh, review, write

ROUTERS = """\
from fastapi import APIRouter


class Registry:
    def get(self, path):
        return lambda function: function


router = APIRouter()
"""
SLOW = """\
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.routers import router


@router.get("/slow")
async def slow():
    session = Session()
    return session.scalar(select(1))
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(processes, "processors", lambda: 2)
    root = tmp_path / "project"
    write(root, FILES)
    return root


def in_two(root: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, int]:
    """Return a review by two processes, and how many practices this one has judged."""
    with monkeypatch.context() as patch:
        patch.setattr(sharing, "_WORTH_PROCESSES", 0)
        return review(root)


def test_two_processes_say_what_one_says(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said, judged = in_two(root, monkeypatch)
    assert said == fresh(root, monkeypatch)
    assert 1 < judged < 10
    assert review(root) == (said, 0)


def test_what_both_looked_at_is_judged_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_two(root, monkeypatch)
    _edit(root, lambda: review(root)[0], lambda: fresh(root, monkeypatch))


def _edit(root: Path, renewed: Callable[[], str], anew: Callable[[], str]) -> None:
    for path, old, new in (
        ("shop/clock.py", "time.sleep(seconds)", "print(seconds)"),
        ("shop/clock.py", "datetime.datetime.utcnow()", "datetime.datetime.now(datetime.UTC)"),
        ("shop/routes.py", "get_items(session: AsyncSession = ", "get_items(session = "),
        ("shop/routes.py", '@router.get("/")', '@router.get("/{number}")'),
        ("shop/routes.py", "items: Items = Depends(get_items)):", "items = Depends(get_items)):"),
    ):
        text = (root / path).read_text()
        assert old in text
        (root / path).write_text(text.replace(old, new, 1))
        assert renewed() == anew()


def test_two_processes_judge_again_what_an_edit_touches(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_two(root, monkeypatch)
    monkeypatch.setattr(renewal, "_WORTH_SHARING", 1)
    _edit(root, lambda: in_two(root, monkeypatch)[0], lambda: fresh(root, monkeypatch))


def test_what_the_other_process_goes_over_no_more_is_forgotten(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The route itself is as it was, and so is all that was looked at to judge it."""
    write(root, {"shop/routers.py": ROUTERS, "shop/slow.py": SLOW})
    said, _ = in_two(root, monkeypatch)
    assert "database/async-session" in said
    monkeypatch.setattr(renewal, "_others", _only_sessions)
    (root / "shop/routers.py").write_text(ROUTERS.replace("APIRouter()", "Registry()"))
    said, _ = in_two(root, monkeypatch)
    assert "database/async-session" not in said
    assert said == fresh(root, monkeypatch)


def _only_sessions(practices: Mapping[str, Practice]) -> Mapping[str, Practice]:
    return {name: each for name, each in practices.items() if name == "database/async-session"}


def test_one_process_does_it_where_the_other_comes_to_no_end(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(processes.Worker, "receive", _lost)
        said, judged = in_two(root, monkeypatch)
    assert said == fresh(root, monkeypatch)
    assert judged > 30


def _lost(_worker: processes.Worker) -> bytes:
    raise processes.LostError


def test_a_process_that_breaks_down_has_no_result() -> None:
    whole = processes.Worker(lambda: [b"all", b"of it"])
    assert list(processes.received([whole])) == [b"all", b"of it"]
    with pytest.raises(processes.LostError):
        list(processes.received([processes.Worker(lambda: [bytes(1 // 0)])]))


def test_a_process_ends_when_nobody_waits_for_its_result() -> None:
    before = set(multiprocessing.active_children())
    worker = processes.Worker(_wait)
    (process,) = set(multiprocessing.active_children()) - before
    assert process.is_alive()
    del worker
    process.join(30)
    assert process.exitcode == -signal.SIGKILL


def _wait() -> list[bytes]:
    time.sleep(60)
    return []


def test_a_process_that_ends_amid_its_result_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_send", _send_half)
    with pytest.raises(processes.LostError):
        processes.Worker(list).receive()


def _send_half(_find: Callable[[], list[bytes]], finding: Connection) -> None:
    os.write(finding.fileno(), (1000).to_bytes(4, "big") + b"half of it")
    os._exit(1)


def test_one_process_does_it_where_the_system_starts_no_other(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, "fork", _refuse)
        said, judged = in_two(root, monkeypatch)
    assert said == fresh(root, monkeypatch)
    assert judged > 30


def _refuse() -> int:
    raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")


def test_a_practice_that_fails_in_the_other_process_is_told(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_application: Application) -> Iterator[Finding]:
        raise LookupError("no such thing")
        yield

    practice = replace(annotated_dependency.PRACTICE, check=broken)
    monkeypatch.setattr(annotated_dependency, "PRACTICE", practice)
    said, _ = in_two(root, monkeypatch)
    (failure,) = loads(said)["summary"]["failures"]
    assert failure["practice"] == "dependencies/annotated-dependency"
    assert "no such thing" in failure["reason"]
