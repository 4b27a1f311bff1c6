"""Puts one entry into a file of somebody else's, and takes it out again: no other byte changes.

What is inserted is one piece of text at one position, so that taking it out restores the file. A
removal is only believed when inserting again gives the file as it is; where the user has changed
something around it, the entry alone goes.
"""

import json
import re
import tomllib
from collections.abc import Callable, Iterator

from fastwright.agents import jsonc
from fastwright.agents.assistants import Form, Server
from fastwright.agents.wording import BEGIN, END

_COMMAND = {"command": "fastwright", "args": ["mcp"]}
_NAME = "fastwright"


class ConflictError(Exception):
    """The file cannot be changed safely; the message says why."""


def add_server(text: str, server: Server) -> str:
    """Return a configuration with the entry; raises `ConflictError` where there is another one."""
    return _add_toml(text, server) if server.form is Form.TOML else _add_json(text, server)


def remove_server(text: str, server: Server) -> str:
    """Return a configuration without the entry, as it was before."""
    piece = _toml(server) if server.form is Form.TOML else _member(server)
    pieces = [piece]
    if server.form is Form.JSON:
        pieces = [f"\n{new_file(server)}", _holding(server), piece]
    return _without(text, pieces, lambda each: add_server(each, server))


def add_section(text: str, section: str) -> str:
    """Return a document with the section at its end, or with the present one renewed."""
    newline = _newline(text)
    section = section.replace("\n", newline)
    found = re.search(f"{re.escape(BEGIN)}.*?{re.escape(END)}(?:\r?\n)?", text, re.DOTALL)
    if found:
        return text[: found.start()] + section + text[found.end() :]
    return text + newline + section


def remove_section(text: str, section: str) -> str:
    """Return a document without the section; raises `ConflictError` if it was changed."""
    if BEGIN not in text:
        return text
    return _without(text, [section], lambda each: add_section(each, section))


def is_there(text: str, server: Server) -> bool:
    """Tell whether a configuration has our entry."""
    try:
        document = _parsed(text, server)
    except ConflictError:
        return False
    servers = document.get(server.key)
    return isinstance(servers, dict) and servers.get(_NAME) == _entry(server)


def snippet(server: Server) -> str:
    """Return what a person would paste into the configuration."""
    if server.form is Form.TOML:
        return _toml(server)
    return json.dumps({server.key: {_NAME: _entry(server)}}, indent=2)


def new_file(server: Server) -> str:
    """Return the configuration where there was none."""
    return snippet(server).rstrip("\n") + "\n"


def _entry(server: Server) -> dict[str, object]:
    return {"type": "stdio", **_COMMAND} if server.is_typed else dict(_COMMAND)


def _member(server: Server) -> str:
    return f'"{_NAME}": {json.dumps(_entry(server))}'


def _holding(server: Server) -> str:
    return f'"{server.key}": {{ {_member(server)} }}'


def _toml(server: Server) -> str:
    return f'[{server.key}.{_NAME}]\ncommand = "fastwright"\nargs = ["mcp"]\n'


def _parsed(text: str, server: Server) -> dict[str, object]:
    try:
        document = tomllib.loads(text) if server.form is Form.TOML else jsonc.loads(text)
    except ValueError as error:
        raise ConflictError(f"it is not understood: {error}") from None
    if not isinstance(document, dict):
        raise ConflictError("it holds no object")
    return document


def _add_json(text: str, server: Server) -> str:
    if not text.strip():
        return text + f"\n{new_file(server)}".replace("\n", _newline(text))
    document = _parsed(text, server)
    servers = document.get(server.key, {})
    if not isinstance(servers, dict):
        raise ConflictError(f"`{server.key}` is no object")
    if _NAME in servers:
        if servers[_NAME] == _entry(server):
            return text
        raise ConflictError("it has another server of this name")
    path = (server.key,) if server.key in document else ()
    member = _member(server) if path else _holding(server)
    place = jsonc.opening(text, path)
    newline, indent = _newline(text), jsonc.indent(text, path)
    # Each file becomes another one, so that what it was can be told from what it has become.
    piece = member if place.closes_at_once else f"{newline}{indent}{member}"
    if not place.is_empty:
        piece += ","
    added = text[: place.offset] + piece + text[place.offset :]
    expected = {**document, server.key: {**servers, _NAME: _entry(server)}}
    if _parsed(added, server) != expected:
        raise ConflictError("it cannot be changed safely")
    return added


def _add_toml(text: str, server: Server) -> str:
    document = _parsed(text, server)
    servers = document.get(server.key, {})
    if isinstance(servers, dict) and _NAME in servers:
        if servers[_NAME] == _COMMAND:
            return text
        raise ConflictError("it has another server of this name")
    newline = _newline(text)
    added = text + newline + _toml(server).replace("\n", newline)
    try:
        tomllib.loads(added)
    except tomllib.TOMLDecodeError:
        raise ConflictError(f"`{server.key}` is written in a way that takes no addition") from None
    return added


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _without(text: str, pieces: list[str], add: Callable[[str], str]) -> str:
    """Return the text from which adding again makes this one; else without the piece alone."""
    newline = _newline(text)
    loose: list[str] = []
    for piece in (each.replace("\n", newline) for each in pieces):
        start = text.find(piece)
        if start < 0:
            continue
        for candidate in _candidates(text, start, start + len(piece)):
            try:
                if add(candidate) == text:
                    return candidate
            except ConflictError:
                continue
            loose.append(candidate)
    if loose:
        return loose[0]
    raise ConflictError("the entry was changed, and stays")


def _candidates(text: str, start: int, end: int) -> Iterator[str]:
    """Yield the text without a piece and more or less of the space and comma around it."""
    befores = [start - len(found) for found in _spaces(text[:start])]
    rest = text[end:]
    afters = [end + 1, end] if rest.startswith(",") else [end]
    afters += [end + found.end() for found in [re.match(r"\r?\n[ \t]*", rest)] if found]
    for before in befores:
        for after in afters:
            yield text[:before] + text[after:]


def _spaces(before: str) -> Iterator[str]:
    """Yield the ends of a text that consist of space, the longest of one or two lines first."""
    for pattern in (r"\r?\n\r?\n[ \t]*$", r"\r?\n[ \t]*$", r"[ \t]*$"):
        found = re.search(pattern, before)
        if found:
            yield found.group()
