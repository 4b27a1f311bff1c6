"""Who uses the services shares them, and the last one to go takes them along."""

from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from src.embedded import EmbeddedServices, acquire

from .running import User, eventually, holds, processes_of, query, supervisor_of, urls, write


def test_processes_share_the_servers(shared: EmbeddedServices, shared_dir: Path) -> None:
    write(urls(shared), "ours")
    with User(shared_dir) as user:
        answer = user.answer()
        assert answer == urls(shared)
        assert holds(answer, "ours")


async def test_sqlalchemy_takes_the_database_url(shared: EmbeddedServices) -> None:
    engine = create_async_engine(shared.database_url)
    async with engine.connect() as connection:
        found = await connection.execute(text("SELECT current_database(), current_user"))
        assert tuple(found.one()) == ("app", "postgres")
    await engine.dispose()


def test_text_does_not_depend_on_the_machines_locale(shared: EmbeddedServices) -> None:
    assert query(shared.database_url, "SELECT upper('straße é')") == "STRAßE É"
    assert query(shared.database_url, "SHOW server_encoding") == "UTF8"
    assert query(shared.database_url, "SHOW timezone") == "UTC"


@pytest.mark.usefixtures("shared")
def test_nothing_listens_on_the_network(shared_dir: Path) -> None:
    assert len(processes_of(shared_dir)) == 3
    for process in processes_of(shared_dir):
        assert not process.net_connections(kind="inet")


def test_eight_starts_at_once_make_one_supervisor(data_dir: Path) -> None:
    with ExitStack() as stack:
        users = [stack.enter_context(User(data_dir, disposable=True)) for _ in range(8)]
        answers = [user.answer() for user in users]
        assert "database_url" in answers[0]
        assert all(answer == answers[0] for answer in answers)
        assert (data_dir / "supervisor.log").read_text().count("Valkey is ready") == 1
        assert [p for p in processes_of(data_dir) if "-m" in p.cmdline()] == [
            supervisor_of(data_dir)
        ]
        users[0].kill()
        assert query(answers[1]["database_url"], "SELECT 1") == 1


def test_a_disposable_folder_goes_with_its_last_user_even_a_killed_one(data_dir: Path) -> None:
    with User(data_dir, disposable=True) as user:
        answer = user.answer()
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            assert query(answer["database_url"], f"SHOW {setting}") == "off"
        assert query(answer["database_url"], "SHOW max_connections") == "300"
        user.kill()
    eventually(lambda: not list(data_dir.parent.iterdir()))
    eventually(lambda: not processes_of(data_dir))


def test_the_servers_outlive_a_reload_and_stop_when_nobody_comes_back(data_dir: Path) -> None:
    first = acquire(data_dir)
    supervisor = supervisor_of(data_dir)
    first.release()
    first.release()
    with User(data_dir) as user:
        user.answer()
        assert supervisor_of(data_dir) == supervisor
        write(urls(first), "kept")
    eventually(lambda: not processes_of(data_dir))
    assert not (data_dir / "postgres/postmaster.pid").exists()
    assert not list(data_dir.glob("run/*"))
    again = acquire(data_dir)
    assert holds(urls(again), "kept")
    again.release()
