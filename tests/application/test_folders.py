"""Folders whose code stands beside the application."""

import pytest

from fastwright.application.folders import is_copy


@pytest.mark.parametrize(
    "path",
    [
        "app/_archive/users.py",
        "backup_pre_refactor_20260110_102604/app/main.py",
        "app_old/main.py",
        "old-api/main.py",
    ],
)
def test_copies_of_former_code_are_known_by_their_folder(path: str) -> None:
    assert is_copy(path)


@pytest.mark.parametrize(
    "path",
    ["app/backups/routes.py", "app/archive/service.py", "app/older/main.py", "app/backup_2.py"],
)
def test_domains_with_such_names_are_none(path: str) -> None:
    assert not is_copy(path)
