"""A mailbox of each test's own, and the application's mailbox pages over it."""

from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI

from src.config import settings
from src.middleware import add_middleware
from src.notifications.router import router
from src.problems import add_problem_handlers
from tests.clients import BASE_URL


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the mailbox is; nobody has made it yet."""
    folder = tmp_path / "data" / "mailbox"
    monkeypatch.setattr("src.notifications.mailbox.FOLDER", folder)
    return folder


@pytest.fixture
def browser(folder: Path) -> httpx2.AsyncClient:
    app = FastAPI()
    add_problem_handlers(app)
    add_middleware(app, settings)
    app.include_router(router)
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url=BASE_URL)
