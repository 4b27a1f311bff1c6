"""Readers of live notifications, who come back after each loss and say what they had last."""

import asyncio
import json
from collections import Counter
from contextlib import suppress
from http import HTTPStatus

import httpx2

from answers import PROBLEM

PAUSE = 0.2  # seconds before the next attempt
SILENCE = 30.0  # seconds without a byte, after which a stream counts as lost

# What one notification is told apart by, as its reader sees it.
Event = tuple[str, str | None, str]  # group, actor, time


class Listener:
    """One user's stream of notifications, over as many connections as it takes."""

    def __init__(self, http: httpx2.AsyncClient, user_id: int) -> None:
        self._http = http
        self.user_id = user_id
        self.events: Counter[Event] = Counter()
        self.connections = 0
        self.refusals: list[str] = []  # answers that are no outage
        self.has_begun = asyncio.Event()
        self._last_id = ""

    async def listen(self) -> None:
        """Until this is cancelled."""
        while True:
            with suppress(httpx2.HTTPError):  # it was killed, or is being started
                await self._connect()
            await asyncio.sleep(PAUSE)

    async def _connect(self) -> None:
        headers = {"Last-Event-ID": self._last_id} if self._last_id else {}
        stream = self._http.stream("GET", "/notifications/stream", headers=headers, timeout=SILENCE)
        async with stream as response:
            if response.status_code != HTTPStatus.OK:
                is_outage = response.status_code == HTTPStatus.SERVICE_UNAVAILABLE
                if not (is_outage and response.headers.get("content-type") == PROBLEM):
                    self.refusals.append(f"{response.status_code} {await response.aread()!r}")
                return
            self.connections += 1
            fields: dict[str, str] = {}
            async for line in response.aiter_lines():
                if line:
                    name, _, value = line.partition(": ")
                    fields[name] = value
                else:
                    self._take(fields)
                    fields = {}

    def _take(self, fields: dict[str, str]) -> None:
        if "id" in fields:
            self._last_id = fields["id"]
            self.has_begun.set()
        if "data" in fields:
            event = json.loads(fields["data"])
            self.events[event["group"], event["actor"], event["created_at"]] += 1
