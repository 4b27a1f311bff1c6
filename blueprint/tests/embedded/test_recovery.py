"""Nothing that was written is lost, and nobody has to clean up, whatever is killed."""

import shutil
import subprocess
from pathlib import Path

import asyncpg
import psutil
import pytest

from src.embedded import EmbeddedServices, acquire
from src.embedded.folder import open_folder
from src.embedded.postgres import programs_for
from src.embedded.privileges import launcher

from .running import (
    AWAY,
    User,
    eventually,
    holds,
    postgres_of,
    processes_of,
    query,
    stop,
    supervisor_of,
    urls,
    valkey_of,
    write,
)


@pytest.mark.parametrize("victim_of", [postgres_of, valkey_of, supervisor_of])
def test_data_survives_a_killed(victim_of, shared: EmbeddedServices, shared_dir: Path) -> None:
    name = victim_of.__name__
    write(urls(shared), name)
    victim = victim_of(shared_dir)
    victim.kill()
    eventually(lambda: not victim.is_running() or victim.status() == psutil.STATUS_ZOMBIE)
    eventually(lambda: holds(urls(shared), name))
    eventually(lambda: (shared_dir / "supervisor.lock").exists() and victim_of(shared_dir) != victim)


def test_data_survives_when_everything_is_killed_at_once(data_dir: Path) -> None:
    with User(data_dir) as user:
        answer = user.answer()
        write(answer, "kept")
        victims = [supervisor_of(data_dir), postgres_of(data_dir), valkey_of(data_dir)]
        user.kill()
        for victim in victims:
            victim.kill()
    services = acquire(data_dir)
    assert urls(services) == answer
    assert holds(urls(services), "kept")
    services.release()


def test_servers_left_behind_are_stopped_and_strangers_are_not(data_dir: Path) -> None:
    services = acquire(data_dir)
    write(urls(services), "kept")
    services.release()
    stop(data_dir)
    folder = open_folder(data_dir, disposable=False)
    programs = programs_for(folder)
    prefix = launcher(folder.account, programs=[programs.postgres], data=data_dir)
    left_behind = subprocess.Popen(
        [*prefix, programs.postgres, "-D", folder.postgres, "-k", data_dir / "run", "-h", ""]
    )
    stranger = subprocess.Popen([*prefix, "sleep", "600"])
    try:
        (folder.valkey / "valkey.pid").write_text(f"{stranger.pid}\n")
        eventually(lambda: "ready" in (folder.postgres / "postmaster.pid").read_text())
        services = acquire(data_dir)
        assert holds(urls(services), "kept")
        assert left_behind.wait(timeout=1) == 0
        assert stranger.poll() is None
        services.release()
    finally:
        for process in (left_behind, stranger):
            process.kill()
            process.wait()


def test_a_stale_pid_file_that_names_a_living_stranger_does_not_block(data_dir: Path) -> None:
    services = acquire(data_dir)
    write(urls(services), "kept")
    stale = (data_dir / "postgres/postmaster.pid").read_text()
    services.release()
    stop(data_dir)
    folder = open_folder(data_dir, disposable=False)
    prefix = launcher(folder.account, programs=[], data=data_dir)
    stranger = subprocess.Popen([*prefix, "sleep", "600"])
    try:
        for path in (folder.postgres / "postmaster.pid", data_dir / "run/.s.PGSQL.5432.lock"):
            path.write_text(f"{stranger.pid}\n" + stale.split("\n", 1)[1])
            folder.claim(path, 0o600)
        services = acquire(data_dir)
        assert holds(urls(services), "kept")
        assert stranger.poll() is None
        services.release()
    finally:
        stranger.kill()
        stranger.wait()


def test_a_half_made_database_is_made_anew(data_dir: Path) -> None:
    with User(data_dir) as user:
        eventually(lambda: list(data_dir.glob("postgres.partial-*/base")))
        supervisor_of(data_dir).kill()
        user.kill()
    assert not (data_dir / "postgres").exists()
    services = acquire(data_dir)
    assert query(services.database_url, "SELECT 1") == 1
    assert not list(data_dir.glob("postgres.partial-*"))
    services.release()


def test_a_write_that_was_cut_off_does_not_stop_valkey(data_dir: Path) -> None:
    services = acquire(data_dir)
    write(urls(services), "kept")
    services.release()
    stop(data_dir)
    (log,) = data_dir.glob("valkey/appendonlydir/*.incr.aof")
    with log.open("ab") as file:
        file.write(b"*3\r\n$3\r\nSET\r\n$4\r\nlo")
    services = acquire(data_dir)
    assert holds(urls(services), "kept")
    services.release()


def test_a_folder_deleted_in_use_is_made_anew(data_dir: Path) -> None:
    services = acquire(data_dir)
    supervisor = supervisor_of(data_dir)
    shutil.rmtree(data_dir)
    eventually(lambda: not supervisor.is_running() or supervisor.status() == psutil.STATUS_ZOMBIE)
    eventually(lambda: (data_dir / "run/valkey.sock").exists())
    eventually(lambda: _answers(services))
    write(urls(services), "new")
    assert len([p for p in processes_of(data_dir) if "-m" in p.cmdline()]) == 1
    services.release()


def _answers(services: EmbeddedServices) -> bool:
    try:
        return bool(query(services.database_url, "SELECT 1"))
    except (*AWAY, asyncpg.InvalidCatalogNameError):  # the server is there before its database
        return False
