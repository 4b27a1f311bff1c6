"""Nothing that was written is lost, and nobody has to clean up, whatever is killed."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import asyncpg
import psutil
import pytest

from src.embedded import EmbeddedServices, acquire
from src.embedded.binaries import valkey_server
from src.embedded.folder import open_folder
from src.embedded.postgres import PostgreSQL, programs_for
from src.embedded.privileges import launcher
from src.embedded.sockets import make_run_folder
from src.embedded.valkey import Valkey

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
def test_data_survives_a_killed(
    victim_of: Callable[[Path], psutil.Process], shared: EmbeddedServices, shared_dir: Path
) -> None:
    name = victim_of.__name__
    write(urls(shared), name)
    victim = victim_of(shared_dir)
    victim.kill()
    eventually(lambda: _is_replaced(victim, victim_of, shared_dir))
    eventually(lambda: holds(urls(shared), name))


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


def test_servers_left_behind_are_stopped(data_dir: Path) -> None:
    services = acquire(data_dir)
    write(urls(services), "kept")
    services.release()
    stop(data_dir)
    folder = open_folder(data_dir, disposable=False)
    programs = programs_for(folder)
    prefix = launcher(folder.account, programs=[programs.postgres], data=data_dir)
    run = make_run_folder(folder)
    servers = (
        PostgreSQL(folder, run, prefix, programs),
        Valkey(folder, run, prefix, valkey_server()),
    )
    left_behind = [subprocess.Popen([*prefix, *server.command()]) for server in servers]
    try:
        eventually(run.joinpath(".s.PGSQL.5432").exists)
        eventually(run.joinpath("valkey.sock").exists)
        services = acquire(data_dir)
        assert holds(urls(services), "kept")
        assert [process.wait(timeout=1) for process in left_behind] == [0, 0]
        services.release()
    finally:
        for process in left_behind:
            process.kill()
            process.wait()


def test_stale_pid_files_that_name_a_living_stranger_do_no_harm(data_dir: Path) -> None:
    services = acquire(data_dir)
    write(urls(services), "kept")
    services.release()
    stop(data_dir)
    folder = open_folder(data_dir, disposable=False)
    prefix = launcher(folder.account, programs=[], data=data_dir)
    stranger = subprocess.Popen([*prefix, "sleep", "600"])
    run = make_run_folder(folder)
    stale = f"{stranger.pid}\n{folder.postgres}\n1700000000\n5432\n{run}\n\n\nready\n"
    try:
        postmaster, valkey = folder.postgres / "postmaster.pid", folder.valkey / "valkey.pid"
        for path in (postmaster, run / ".s.PGSQL.5432.lock", valkey):
            path.write_text(stale)
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


def test_a_folder_deleted_in_use_is_made_anew_at_the_same_urls(odd_dir: Path) -> None:
    services = acquire(odd_dir)
    supervisor = supervisor_of(odd_dir)
    shutil.rmtree(odd_dir)
    eventually(lambda: not supervisor.is_running() or supervisor.status() == psutil.STATUS_ZOMBIE)
    eventually(odd_dir.joinpath("run/valkey.sock").exists)
    eventually(lambda: _answers(services))
    write(urls(services), "new")
    assert len([p for p in processes_of(odd_dir) if "-m" in p.cmdline()]) == 1
    services.release()


def _is_replaced(
    victim: psutil.Process, victim_of: Callable[[Path], psutil.Process], data_dir: Path
) -> bool:
    try:
        return victim_of(data_dir) != victim
    except (OSError, ValueError, psutil.NoSuchProcess):  # the pid file is not yet written anew
        return False


def _answers(services: EmbeddedServices) -> bool:
    try:
        return bool(query(services.database_url, "SELECT 1"))
    except (*AWAY, asyncpg.InvalidCatalogNameError):  # the server is there before its database
        return False
