"""A mailbox of each test's own."""

from pathlib import Path

import pytest


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the mailbox is; nobody has made it yet."""
    folder = tmp_path / "data" / "mailbox"
    monkeypatch.setattr("src.emails.mailbox.FOLDER", folder)
    return folder
