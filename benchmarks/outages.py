"""Kills, and which answers fall into the outages that follow them."""

import asyncio
import random
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from answers import Answer
from targets import Targets

POLL = 0.02  # seconds
EARLIEST = 0.4  # of the time between two kills, by which chance moves each


@dataclass(frozen=True)
class Kill:
    """A kill, and when the killed part answered by itself again (None: not in time)."""

    name: str
    at: float
    back: float | None
    patience: float  # seconds


async def kill_in_turn(
    targets: Targets,
    names: Sequence[str],
    began: float,
    seconds: float,
    chance: random.Random | None = None,
) -> list[Kill]:
    """Kill one part after another; the kills divide the time into equal parts, but for chance."""
    kills = []
    for number, name in enumerate(names, start=1):
        part = number + (chance.uniform(-EARLIEST, EARLIEST) if chance else 0)
        moment = began + seconds * part / (len(names) + 1)
        await asyncio.sleep(max(0, moment - time.monotonic()))
        kills.append(await _kill(targets, name))
    return kills


@dataclass(frozen=True)
class Outage:
    """The time from a kill to the first success of a request that was sent after the return.

    Successes before that prove nothing: for some milliseconds a server that has lost its head
    still finishes what it has begun.
    """

    name: str
    start: float
    back: float | None
    end: float | None
    patience: float

    @property
    def length(self) -> float | None:
        return self.end - self.start if self.end else None

    def touches(self, answer: Answer) -> bool:
        end = self.end or self.start + self.patience
        return answer.sent <= end and answer.done >= self.start

    def allows(self, answer: Answer) -> bool:
        """Whether this failure may be seen during this outage."""
        match self.name:
            case "worker" | "worker-two":  # no request waits for them
                return False
            case "app" | "app-one":
                return answer.is_unavailable or answer.status is None
            case "valkey":
                # Without AUTH_STRICT_REVOCATION a token of an ended session is let in meanwhile,
                # where only its refusal would be a success.
                return answer.is_unavailable or answer.status == HTTPStatus.OK
            case _:
                return answer.is_unavailable


def outage_of(killed: Kill, answers: Iterable[Answer]) -> Outage:
    """The outage after a kill, as those answers show it that depend on the killed part."""
    back = killed.back
    ends = [
        answer.done
        for answer in answers
        if back
        and answer.is_success
        and answer.sent >= back
        and answer.done < killed.at + killed.patience
    ]
    return Outage(killed.name, killed.at, back, min(ends, default=None), killed.patience)


async def _kill(targets: Targets, name: str) -> Kill:
    """Kill, and watch for the return."""
    await _return_of(targets, name, [])
    at = time.monotonic()
    pids = targets.kill(name)
    return Kill(name, at, await _return_of(targets, name, pids), targets.patience)


async def _return_of(targets: Targets, name: str, killed: Sequence[int]) -> float | None:
    deadline = time.monotonic() + targets.patience
    while time.monotonic() < deadline:
        if await targets.is_back(name, killed):
            return time.monotonic()
        await asyncio.sleep(POLL)
    return None
