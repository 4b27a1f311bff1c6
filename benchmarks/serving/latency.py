"""How long a review takes over MCP, beside the command line, after a change to one file.

    python benchmarks/serving/latency.py [FOLDER]

FOLDER is any codebase, by default this repository; a copy of it is reviewed. Both are timed in
turn, because machines have moods. The answer's size is told in tokens, estimated as a quarter of
its characters.
"""

import argparse
import asyncio
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from mcp import Client
from mcp.client.stdio import StdioServerParameters

from fastwright.mcp.pages import CHARACTERS_A_TOKEN
from fastwright.source import files

_ROUNDS = 5


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="How long a review takes over MCP.")
    parser.add_argument("folder", type=Path, nargs="?", default=Path(__file__).parents[2])
    folder = parser.parse_args().folder.resolve()
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place, "codebase").resolve()
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns(".*"), symlinks=True)
        asyncio.run(_measure(copy, {**os.environ, "XDG_CACHE_HOME": str(Path(place, "cache"))}))


async def _measure(folder: Path, environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "fastwright"]
    changed = max(files.find(folder), key=lambda path: ("service" in path.name, path.as_posix()))
    server = StdioServerParameters(
        command=command[0], args=[*command[1:], "mcp", "--root", str(folder)], env=environment
    )
    line, over = [], []
    async with Client(server) as client:
        await client.call_tool("review", {})
        for number in range(_ROUNDS):
            _change(changed, f"line_{number}")
            start = time.perf_counter()
            await asyncio.to_thread(
                subprocess.run,
                [*command, "review", str(folder), "--format", "json"],
                env=environment,
                stdout=subprocess.DEVNULL,
                check=False,
            )
            line.append(time.perf_counter() - start)
            _change(changed, f"over_{number}")
            start = time.perf_counter()
            answer = await client.call_tool("review", {})
            over.append(time.perf_counter() - start)
    text = getattr(answer.content[0], "text", "")
    total = (answer.structured_content or {})["total"]
    command_line, protocol = statistics.median(line), statistics.median(over)
    print(f"command line  {command_line:6.2f} s")
    print(f"over MCP      {protocol:6.2f} s  ({protocol - command_line:+.2f} s)")
    print(f"the answer: {len(text) // CHARACTERS_A_TOKEN:,} tokens, first page of {total} findings")


def _change(path: Path, name: str) -> None:
    with path.open("a") as file:
        file.write(f"\n\ndef added_{name}() -> int:\n    return 1\n")


if __name__ == "__main__":
    main()
