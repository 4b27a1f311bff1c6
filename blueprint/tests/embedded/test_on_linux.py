"""Only Linux tells a server of its parent's end. Collected there (see conftest.py)."""

from pathlib import Path

from .running import User, eventually, processes_of, supervisor_of


def test_nothing_runs_on_when_the_users_and_the_supervisor_are_killed(data_dir: Path) -> None:
    with User(data_dir, disposable=True) as user:
        user.answer()
        supervisor = supervisor_of(data_dir)
        user.kill()
        supervisor.kill()
    eventually(lambda: not processes_of(data_dir))
