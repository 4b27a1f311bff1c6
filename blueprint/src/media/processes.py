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
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from src.media.config import media_settings
from src.media.constants import CPU_SECONDS, EDGES, MEMORY_BYTES, PIXELS_MAX, MediaType, Rejection

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
    """The process has ended without an answer."""


class Refused(Exception):
    """The image is no good."""

    def __init__(self, rejection: Rejection) -> None:
        super().__init__(rejection)
        self.rejection = rejection


@dataclass(frozen=True, slots=True)
class Variant:
    width: int  # pixels
    height: int
    content: bytes


async def prepare_image(content: bytes, media_type: MediaType) -> Mapping[str, Variant]:
    """The variants of an image by their names.

    Raises:
        Refused: the image cannot be read, or would take too much.
        Crashed: its process was killed, or failed where it should not.
    """
    async with _slots:
        code, output = await _run(content, _order(media_type))
    if code == -signal.SIGXCPU:
        raise Refused(Rejection.TOO_COSTLY)
    if code not in {0, REFUSED}:
        raise Crashed(f"exit code {code}")
    line, _, rest = output.partition(b"\n")
    answer = json.loads(line)
    if code == REFUSED:
        raise Refused(Rejection(answer["rejection"]))
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
    try:
        output, _ = await process.communicate(content)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode is not None  # noqa: S101  (narrows the type)
    return process.returncode, output


def _variants(answer: dict[str, Any], rest: bytes) -> list[tuple[str, Variant]]:
    variants, start = [], 0
    for name, length in answer["lengths"].items():
        content = rest[start : start + length]
        width, height = answer["sizes"][name]
        variants.append((name, Variant(width, height, content)))
        start += length
    return variants
