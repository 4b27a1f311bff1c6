"""The services run wherever a project may lie, and leave what is around it as it was."""

import shutil
from pathlib import Path

from src.embedded import acquire
from src.embedded.folder import open_folder
from src.embedded.sockets import make_run_folder, remove_run_folder

from .running import eventually, holds, urls, write


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
