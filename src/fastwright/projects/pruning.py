"""Takes the parts that a project goes without out of the blueprint's files.

What is a part's own lies in files that are named after it. In shared files, the lines between
`# [posts]` and `# [/posts]` are there for that part, and so is a line that ends with `# [posts]`.
`# [posts, media]` asks for both of them, `# [posts | media]` for either, and `# [blueprint]` is met
by no project; Markdown and HTML write `<!-- [posts] -->`. No project shows any of these markers.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from fastwright.projects.domains import PARTS

# Folders of a domain beside the one that has its name.
_FOLDERS = {"aws": "media"}

_MARKER = re.compile(
    r"[ ]*(?:\#|//|<!--|/\*|{\#)[ ]\[(?P<end>/?)(?P<names>[a-z]+(?:(?:,|[ ]\|)[ ][a-z]+)*)\]"
    r"(?:[ ](?:-->|\*/|\#}))?$",
    re.MULTILINE,
)


_BLUEPRINT = "blueprint"


class MarkerError(Exception):
    """A marker of the blueprint cannot be understood."""


def owners(path: PurePosixPath) -> frozenset[str]:
    """Return the parts that a file is for: it is there where all of them are."""
    folders = {_FOLDERS.get(folder, folder) for folder in path.parts[:-1]}
    stem = path.name.partition(".")[0]
    own = stem.removeprefix("test_")
    named = {part for part in PARTS if own == part or own.startswith(f"{part}_")}
    if path.parent.name == "versions":  # 2026-11-23_add_posts_and_likes
        named = set(stem.split("_"))
    return PARTS & (folders | named)


def pruned(text: str, kept: frozenset[str]) -> str:
    """Return the text without its markers, and without what is there for others than `kept`.

    Around what has gone only as many empty lines stay as were on one side of it. Raises
    `MarkerError`.
    """
    if not _MARKER.search(text):
        return text
    lines: list[str] = []
    gaps = [0]  # empty lines since the last line that stays: a number for each side of what goes
    for line in _judged(text, kept):
        if line is None:
            gaps.append(0)
        elif not line:
            gaps[-1] += 1
        else:
            lines += [""] * max(gaps) if lines or len(gaps) == 1 else []
            lines.append(line)
            gaps = [0]
    lines += [""] * (gaps[0] if len(gaps) == 1 else 1) if lines else []
    return "\n".join(lines)


def _judged(text: str, kept: frozenset[str]) -> Iterator[str | None]:
    """Yield each line that stays, and None for one that goes."""
    opened: list[tuple[str, bool]] = []
    for number, line in enumerate(text.split("\n"), 1):
        stays = all(each for _, each in opened)
        found = _MARKER.search(line)
        if found is None:
            yield line if stays else None
            continue
        names = found["names"]
        is_met = _is_met(names, kept, number)
        match line[: found.start()], found["end"]:
            case "", "":
                opened.append((names, is_met))
                yield None
            case "", _:
                if not opened or opened.pop()[0] != names:
                    raise MarkerError(f"line {number}: [/{names}] closes what is not open")
                yield None
            case before, "":
                yield before if stays and is_met else None
            case _:
                raise MarkerError(f"line {number}: [/{names}] does not stand alone")
    if opened:
        raise MarkerError(f"[{opened[-1][0]}] is never closed")


def _is_met(names: str, kept: frozenset[str], number: int) -> bool:
    alternatives = [each.split(", ") for each in names.split(" | ")]
    if unknown := {name for each in alternatives for name in each} - PARTS - {_BLUEPRINT}:
        raise MarkerError(f"line {number}: there is no part {', '.join(sorted(unknown))}")
    return any(kept.issuperset(each) for each in alternatives)
