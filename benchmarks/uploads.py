"""Clients that upload images, wait until they are prepared, and download every variant."""

import asyncio
import io
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import httpx2
from PIL import Image

from answers import Acknowledged, Answer, Asker

SIZE = (640, 480)  # pixels
VARIANTS = ("small", "medium", "large")
PATIENCE = 60.0  # seconds for one image, whose steps are repeated as long as they fail
PAUSE_AFTER_FAILURE, PAUSE_BETWEEN_LOOKS = 0.1, 0.2  # seconds


class Uploader:
    """One registered user, who uploads one image after the other."""

    def __init__(self, http: httpx2.AsyncClient, answers: list[Answer], kept: Acknowledged) -> None:
        self._asker = Asker(http, answers)
        self._kept = kept
        self._deadline = 0.0
        self._content = _image()
        self.prepared: list[Answer] = []  # as if images were what answers uploads
        self.given_up: list[str] = []

    async def upload_until(self, is_over: Callable[[], bool]) -> None:
        while not is_over():
            self._deadline = time.monotonic() + PATIENCE
            try:
                await self._upload()
            except TimeoutError as error:
                self.given_up.append(str(error))

    async def _upload(self) -> None:
        new = {"media_type": "image/png", "size": len(self._content)}
        made = (await self._insist("declare", "POST", "/media", json=new)).json()
        await self._insist("upload", "PUT", path_of(made["upload"]["url"]), content=self._content)
        path = f"/media/{made['id']}"
        await self._insist("complete", "POST", f"{path}/complete")
        completed = time.monotonic()
        self._kept.media.add(made["id"])
        while (media := (await self._insist("look", "GET", path)).json())["status"] != "ready":
            if time.monotonic() > self._deadline:
                raise TimeoutError(f"{path} is not ready")
            await asyncio.sleep(PAUSE_BETWEEN_LOOKS)
        # The way from one to the other leads through a worker.
        self.prepared.append(Answer("prepare", completed, time.monotonic(), True, None, "", ""))
        for name in VARIANTS:
            await self._insist("download", "GET", path_of(media["image"][name]["url"]))

    async def _insist(self, name: str, method: str, path: str, **content: Any) -> httpx2.Response:
        while True:
            response = await self._asker.ask(method, path, name=name, **content)
            if response is not None:
                return response
            if time.monotonic() > self._deadline:
                raise TimeoutError(f"{name} does not succeed")
            await asyncio.sleep(PAUSE_AFTER_FAILURE)


def path_of(url: str) -> str:
    """Links lead to the configured address, where another port may be listened on."""
    return urlsplit(url).path


def _image() -> bytes:
    content = io.BytesIO()
    Image.linear_gradient("L").resize(SIZE).save(content, "PNG")
    return content.getvalue()
