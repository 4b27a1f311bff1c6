"""The services run wherever a project may lie, and leave what is around it as it was."""

import os
import pwd
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from src.embedded import acquire
from src.embedded.account import Account
from src.embedded.folder import open_folder
from src.embedded.privileges import launcher
from src.embedded.sockets import make_run_folder, remove_run_folder

from .running import ROOT, User, eventually, holds, postgres_of, stop, urls, write

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be several users")


@pytest.fixture
def odd_dir(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / ("Ein Projekt, 100% für äöü; " * 6) / "data"
    yield path
    stop(path)


def test_a_long_path_with_odd_characters_works(odd_dir: Path) -> None:
    services = acquire(odd_dir, disposable=True)
    write(urls(services), "kept")
    assert holds(urls(services), "kept")
    sockets = (odd_dir / "run").readlink()
    assert sockets.stat().st_mode & 0o777 == 0o700
    services.release()
    eventually(lambda: not odd_dir.exists())
    assert not sockets.exists()


def test_a_copied_project_has_sockets_of_its_own(odd_dir: Path) -> None:
    original = open_folder(odd_dir, disposable=False)
    run = make_run_folder(original)
    assert make_run_folder(original) == run
    shutil.copytree(odd_dir, odd_dir.with_name("copy"), symlinks=True)
    copy = open_folder(odd_dir.with_name("copy"), disposable=False)
    assert make_run_folder(copy) != run
    for folder in (original, copy):
        remove_run_folder(folder, folder.run.readlink())
    assert not run.exists()


@as_root
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


@as_root
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


@as_root
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


def _access(path: Path) -> tuple[int, int, int]:
    status = path.stat()
    return status.st_mode, status.st_uid, status.st_gid


def _owners(folder: Path) -> set[int]:
    return {path.lstat().st_uid for path in (folder, *folder.rglob("*"))}
