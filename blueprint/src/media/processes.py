"""The pool of processes that prepare images: a few at a time, each for one image.

Not Python's `ProcessPoolExecutor`: there one crash fails whatever else is running and does not say
who caused it, a child cannot be stopped without breaking the pool, and one whose parent was killed
stays for ever. Here a child ends with its image, and with the job that waits for it.
"""

import asyncio
import json
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, NonNegativeInt, PositiveInt, model_validator

from src.media.config import media_settings
from src.media.constants import (
    CPU_SECONDS,
    EDGES,
    MEMORY_BYTES,
    OUTPUT_MAX,
    PIXELS_MAX,
    MediaType,
    Rejection,
)

PROGRAM = Path(__file__).with_name("images.py")
REFUSED = 3
FORMATS = {
    MediaType.JPEG: "JPEG",
    MediaType.PNG: "PNG",
    MediaType.WEBP: "WEBP",
    MediaType.GIF: "GIF",
}

_slots = asyncio.Semaphore(media_settings.processes)


class Crashed(Exception):
    """The process has ended without an answer that can be one."""


class Refused(Exception):
    """The image is no good."""

    def __init__(self, rejection: Rejection) -> None:
        super().__init__(rejection)
        self.rejection = rejection


class Answer(BaseModel):
    """What a process says of its variants. It is not to be trusted: it has met the image."""

    sizes: dict[str, tuple[PositiveInt, PositiveInt]]  # pixels
    lengths: dict[str, NonNegativeInt]  # bytes

    @model_validator(mode="after")
    def has_all(self) -> Self:
        if not self.sizes.keys() == self.lengths.keys() == EDGES.keys():
            raise ValueError("Other variants")
        return self


@dataclass(frozen=True, slots=True)
class Variant:
    width: int  # pixels
    height: int
    content: bytes


async def prepare_image(content: bytes, media_type: MediaType) -> Mapping[str, Variant]:
    """The variants of an image by their names.

    Raises:
        Refused: the image cannot be read, or would take too much.
        Crashed: its process was killed, failed where it should not, or answered nonsense.
    """
    async with _slots:
        code, output = await _run(content, _order(media_type))
    if code == -signal.SIGXCPU:
        raise Refused(Rejection.TOO_COSTLY)
    if code not in {0, REFUSED}:
        raise Crashed(f"exit code {code}")
    line, _, rest = output.partition(b"\n")
    try:
        if code == REFUSED:
            raise Refused(Rejection(json.loads(line)["rejection"]))
        answer = Answer.model_validate_json(line)
    except (ValueError, TypeError, KeyError) as error:
        raise Crashed("an answer that makes no sense") from error
    return dict(_variants(answer, rest))


def _order(media_type: MediaType) -> dict[str, Any]:
    return {
        "format": FORMATS[media_type],
        "edges": EDGES,
        "pixels_max": PIXELS_MAX,
        "cpu_seconds": CPU_SECONDS,
        "memory_bytes": MEMORY_BYTES,
    }


async def _run(content: bytes, order: dict[str, Any]) -> tuple[int, bytes]:
    # Isolated, and without our environment: it has secrets in it.
    command = [sys.executable, "-I", str(PROGRAM), json.dumps(order)]
    process = await asyncio.create_subprocess_exec(
        *command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env={}
    )
    assert process.stdin and process.stdout  # noqa: S101, PT018  (narrows the types)
    feeding = asyncio.create_task(_feed(process.stdin, content))
    try:
        output = await _all_of(process.stdout)
        await feeding
        return await process.wait(), output
    finally:
        feeding.cancel()
        if process.returncode is None:
            process.kill()
            await process.communicate()  # it only counts as ended when all it wrote is read


async def _feed(pipe: asyncio.StreamWriter, content: bytes) -> None:
    with suppress(ConnectionError):  # it has ended: its code says why
        pipe.write(content)
        await pipe.drain()
    pipe.close()


async def _all_of(pipe: asyncio.StreamReader) -> bytes:
    try:
        await pipe.readexactly(OUTPUT_MAX + 1)
    except asyncio.IncompleteReadError as end:
        return end.partial
    raise Crashed("more than any variants take")


def _variants(answer: Answer, rest: bytes) -> Iterator[tuple[str, Variant]]:
    start = 0
    for name, length in answer.lengths.items():
        width, height = answer.sizes[name]
        yield name, Variant(width, height, rest[start : start + length])
        start += length
