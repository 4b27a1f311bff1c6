"""Data folders for the tests of the embedded services; whatever ran in one is stopped after it."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from src.embedded import EmbeddedServices, acquire

from .running import stop


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "data"
    yield path
    stop(path)
    if (path / "run").is_symlink():  # of a killed supervisor, where pytest's folder is a long one
        shutil.rmtree((path / "run").readlink())


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
