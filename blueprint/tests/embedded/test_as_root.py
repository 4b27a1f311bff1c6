"""Root runs PostgreSQL as somebody else, and leaves what is around the project as it was.

Collected where root runs the tests (see conftest.py): nobody else can be several users.
"""

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from src.embedded import EmbeddedServicesError, acquire
from src.embedded.account import Account
from src.embedded.binaries import postgres_programs
from src.embedded.privileges import launcher

from .running import ROOT, User, holds, postgres_of, stop, urls, write


def test_root_in_a_folder_that_only_root_may_enter_changes_no_permission(open_dir: Path) -> None:
    closed = open_dir / "closed"
    closed.mkdir(mode=0o700)
    data_dir = closed / "project/data"
    before = {path: _access(path) for path in closed.parents} | {closed: _access(closed)}
    services = acquire(data_dir)
    write(urls(services), "kept")
    assert postgres_of(data_dir).uids().effective == pwd.getpwnam("nobody").pw_uid
    services.release()
    stop(data_dir)
    assert {path: _access(path) for path in before} == before
    assert data_dir.stat().st_mode & 0o777 == 0o711
    assert (data_dir / "postgres").stat().st_mode & 0o777 == 0o700
    assert (data_dir / "run").stat().st_mode & 0o777 == 0o700


def test_programs_below_a_folder_that_only_root_may_enter_run(open_dir: Path) -> None:
    installed = postgres_programs()[0].initdb.parent.parent
    closed = open_dir / "closed"
    closed.mkdir(mode=0o700)
    package = installed.parent
    for folder in (installed, package.with_name(f"{package.name}.libs")):
        copy = closed / folder.relative_to(package.parent)
        shutil.copytree(folder, copy, symlinks=True)
    initdb = closed / package.name / installed.name / "bin/initdb"
    nobody = Account(*pwd.getpwnam("nobody")[2:4])
    data = open_dir / "data"
    data.mkdir()
    os.chown(data, nobody.uid, nobody.gid)
    prefix = launcher(nobody, programs=[initdb], data=data)
    command: list[str | Path] = [*prefix, initdb, "--no-sync", data]
    subprocess.run(command, cwd=data, check=True, capture_output=True)
    assert (data / "PG_VERSION").is_file()


def test_root_and_the_projects_owner_take_turns(open_dir: Path) -> None:
    owner = Account(*pwd.getpwnam("daemon")[2:4])
    project = open_dir
    os.chown(project, owner.uid, owner.gid)
    data_dir = project / "data"
    interpreter = Path(sys.executable).resolve()
    prefix = launcher(owner, programs=[interpreter], data=ROOT)

    services = acquire(data_dir)
    write(urls(services), "by root")
    with User(data_dir, prefix=prefix) as user:
        assert holds(user.answer(), "by root")
    services.release()
    stop(data_dir)
    assert _owners(data_dir) == {owner.uid}

    with User(data_dir, prefix=prefix) as user:
        answer = user.answer()
        assert holds(answer, "by root")
        write(answer, "by its owner")
        assert postgres_of(data_dir).uids().effective == owner.uid
        services = acquire(data_dir)
        assert holds(urls(services), "by its owner")
        user.kill()
    services.release()
    stop(data_dir)
    assert _owners(data_dir) == {owner.uid}
    assert data_dir.stat().st_mode & 0o777 == 0o700


def test_root_takes_back_what_was_given_to_root(data_dir: Path) -> None:
    services = acquire(data_dir)
    write(urls(services), "kept")
    services.release()
    stop(data_dir)
    for path in (data_dir, *data_dir.rglob("*")):
        os.chown(path, 0, 0, follow_symlinks=False)
    services = acquire(data_dir)
    assert holds(urls(services), "kept")
    services.release()


def test_root_without_setpriv_hears_what_is_missing(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(data_dir))
    with pytest.raises(EmbeddedServicesError, match="setpriv"):
        acquire(data_dir)


def _access(path: Path) -> tuple[int, int, int]:
    status = path.stat()
    return status.st_mode, status.st_uid, status.st_gid


def _owners(folder: Path) -> set[int]:
    return {path.lstat().st_uid for path in (folder, *folder.rglob("*"))}
