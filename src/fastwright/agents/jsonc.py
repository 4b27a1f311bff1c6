"""Just enough of JSON with comments: what it means, and where an object of it begins.

Comments and trailing commas are allowed, as in the configuration files of editors.
"""

import json
import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r'(?P<string>"(?:[^"\\\n]|\\.)*")|(?P<comment>//[^\n]*|/\*.*?\*/)|(?P<punctuation>[{}\[\],:])'
    r"|(?P<space>\s+)|(?P<scalar>[^\s{}\[\],:\"/]+)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Opening:
    """Where a first member of an object goes; `closes_at_once` is `{}` with nothing between."""

    offset: int
    is_empty: bool
    closes_at_once: bool


def loads(text: str) -> object:
    """Return what a text means; raises `ValueError` for what is none."""
    kept = [(kind, part) for kind, part, _ in _tokens(text) if kind not in {"comment", "space"}]
    parts = [
        part
        for (kind, part), (_, following) in zip(kept, [*kept[1:], ("", "")], strict=True)
        if not (part == "," and kind == "punctuation" and following in {"}", "]"})
    ]
    return json.loads(" ".join(parts))


def opening(text: str, path: tuple[str, ...]) -> Opening:
    """Return where the members of the object at a path begin; the path must be there."""
    brace = _brace(text, path)
    after = brace + 1
    comment = re.match(r"[ \t]*//[^\n]*", text[after:])
    offset = after + comment.end() if comment else after
    if comment and text[offset - 1] == "\r":
        offset -= 1
    rest = [part for kind, part, start in _tokens(text) if start >= after and kind != "space"]
    first = next((part for part in rest if not part.startswith("/")), "")
    return Opening(offset, is_empty=first == "}", closes_at_once=text[offset : offset + 1] == "}")


def indent(text: str, path: tuple[str, ...]) -> str:
    """Return the space before the members of an object: of its first one, or a step more."""
    brace = _brace(text, path)
    found = re.match(r"(?:[ \t]*//[^\n]*|\s)*?\r?\n([ \t]*)\"", text[brace + 1 :])
    if found:
        return found[1]
    line = text[text.rfind("\n", 0, brace) + 1 : brace]
    own = re.match(r"[ \t]*", line)
    step = "\t" if re.search(r"^\t", text, re.MULTILINE) else "  "
    return (own.group() if own else "") + step


def _brace(text: str, path: tuple[str, ...]) -> int:
    """Return the offset of the brace that opens the object at a path."""
    keys: list[str | None] = []
    key: str | None = None
    for kind, part, start in _tokens(text):
        if kind == "string":
            key = json.loads(part)
        elif part in {"{", "["} and kind == "punctuation":
            keys.append(key if keys else None)
            if part == "{" and tuple(keys[1:]) == path:
                return start
            key = None
        elif part in {"}", "]"} and kind == "punctuation":
            keys.pop()
        elif part == ",":
            key = None
    raise ValueError("there is no such object")


def _tokens(text: str) -> list[tuple[str, str, int]]:
    found, offset = [], 0
    while offset < len(text):
        match = _TOKEN.match(text, offset)
        if match is None:
            raise ValueError(f"unexpected {text[offset]!r}")
        found.append((str(match.lastgroup), match.group(), offset))
        offset = match.end()
    return found
