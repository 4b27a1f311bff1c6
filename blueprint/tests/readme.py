"""The console of the README: its commands as requests, and its answers as patterns."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx2

from tests.environment import ROOT

CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
HOST = "localhost:8000"
ELLIPSIS = "…"  # in the README: whatever it is


@dataclass
class Command:
    """A command of the README, and the lines that it is answered by."""

    line: str
    answer: list[str] = field(default_factory=list)


def commands(section: str) -> Iterator[Command]:
    """The commands under a heading of the README, in their order."""
    _, _, text = (ROOT / "README.md").read_text().partition(f"\n## {section}\n")
    text, _, _ = text.partition("\n## ")
    for block in CONSOLE.findall(text):
        command = None
        for line in block.splitlines():
            if line.startswith("$ "):
                if command:
                    yield command
                command = Command(line.removeprefix("$ "))
            elif command:
                command.answer.append(line)
        if command:
            yield command


async def curl(client: httpx2.AsyncClient, line: str, variables: dict[str, str]) -> httpx2.Response:
    """Do what curl would; knows the few options that the README uses."""
    expanded = re.sub(r"\$([A-Z_]+)", lambda match: variables[match[1]], line)
    words = iter(shlex.split(expanded)[1:])
    method, url, headers, form, content = "", "", {}, [], None
    for word in words:
        match word:
            case "-X":
                method = next(words)
            case "-H":
                name, _, value = next(words).partition(": ")
                headers[name] = value
            case "-d":
                form.append(next(words).partition("=")[::2])
            case "--json":
                content = next(words)
                headers["Content-Type"] = "application/json"
            case _:
                url = word.removeprefix(HOST)
    return await client.request(
        method or ("POST" if form or content else "GET"),
        url,
        headers=headers,
        data=dict(form) or None,
        content=content,
    )


def is_like(shown: Any, real: Any) -> bool:
    """Whether an answer has the form of the one shown, and its values but for `…`."""
    match shown:
        case dict():
            known = shown.keys() - {ELLIPSIS}
            is_whole = known == real.keys() or (ELLIPSIS in shown and known <= real.keys())
            return is_whole and all(is_like(shown[k], real[k]) for k in known)
        case list():
            # The newest e-mails are shown, with others after them.
            return len(shown) <= len(real) and all(map(is_like, shown, real))
        case str():
            pattern = re.escape(shown).replace(re.escape(ELLIPSIS), ".+")
            return isinstance(real, str) and re.fullmatch(pattern, real, re.DOTALL) is not None
        case _:
            return bool(shown == real)
