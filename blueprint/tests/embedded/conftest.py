"""Data folders for the tests of the embedded services; whatever ran in one is stopped after it."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from src.embedded import EmbeddedServices, acquire

from .running import stop

is_linux = sys.platform == "linux"
collect_ignore = [
    *([] if is_linux and os.geteuid() == 0 else ["test_as_root.py"]),
    *([] if is_linux else ["test_on_linux.py"]),
]


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "data"
    yield path
    stop(path)
    if (path / "run").is_symlink():  # of a killed supervisor, where pytest's folder is a long one
        shutil.rmtree((path / "run").readlink())


@pytest.fixture
def odd_dir(tmp_path: Path) -> Iterator[Path]:
    """A data folder whose path is too long for sockets, and too odd for URLs and options."""
    path = tmp_path / ("Ein Projekt, 100% für äöü; " * 6) / "data"
    yield path
    stop(path)


@pytest.fixture
def open_dir() -> Iterator[Path]:
    """A folder that every user may enter; pytest's own are closed to others."""
    path = Path(tempfile.mkdtemp()).resolve()
    path.chmod(0o755)
    yield path
    stop(path / "data")
    shutil.rmtree(path)


@pytest.fixture(scope="module")
def shared_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("shared") / "data"
    yield path
    stop(path)


@pytest.fixture(scope="module")
def shared(shared_dir: Path) -> Iterator[EmbeddedServices]:
    services = acquire(shared_dir)
    yield services
    services.release()
