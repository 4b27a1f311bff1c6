"""Whether a review that remembers the last one says what one that remembers nothing would say.

    python benchmarks/review/remembered.py [FOLDER]... [--edits 150] [--seed 1]

Each FOLDER, by default the blueprint, is copied and edited at random, a step at a time: comments,
blank lines and accepted findings come and go, lines of code are lost, doubled, swapped and
rewritten, definitions, imports, decorators and parameters come, go and move, files appear, move and
vanish, all is put back. After each step the review with its cache
and one without any must give the same JSON, byte for byte. Exit status 1 where they differ, or
where steps that changed nothing but comments made the review do its work again too often.
"""

import argparse
import os
import random
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from fastwright.reports import json
from fastwright.reviews import memory
from fastwright.reviews.outcome import Outcome
from fastwright.reviews.renewal import Asked
from fastwright.source import files
from fastwright.source.cache import Cache
from fastwright.verbs import review as verb

# Of the steps that change comments only: the others touch what is broken by then, say.
_LEAST_REMEMBERED = 0.3
_NAMES = (
    "async_routes/no-blocking-call",
    "security/authenticated-writes",
    "schemas/aware-datetime",
    "no/such",
)
_WEIGHTS = {
    "comments": 30,
    "code": 25,
    "definitions": 35,
    "all put back": 5,
    "nothing": 3,
    "file removed": 3,
    "file added": 3,
    "file moved": 2,
}
_NEW_FILE = """\
import time
from fastapi import APIRouter

router = APIRouter()


@router.get("/added/{number}")
async def read_added(number: int):
    time.sleep(number)  # fastwright: ignore[async_routes/no-blocking-call] for a while
"""

_NEW = (
    "def added() -> int:\n    return 1",
    "import time",
    "ADDED = 1",
    "async def all(session, number: int):\n    time.sleep(number)\n    return await session.all()",
    "class Added(BaseModel):\n    token: str\n    at: datetime = datetime.utcnow()",
    "@router.get('/added')\nasync def read_added():\n    time.sleep(1)",
    "from time import *",
    "shared = None\n\n\ndef share():\n    global shared\n    shared = Added()",
)
_NEW_MEMBERS = (
    "added: int = 1",
    "async def all(self):\n    return time.sleep(1)",
    "def __init__(self, session):\n    self.session = session",
    "@property\ndef session(self):\n    return make_session(1)",
    "__tablename__ = 'added'",
)

Lines = list[str]
Edit = Callable[[random.Random, Lines], None]


def main() -> None:
    """Edit, review and compare; print what was done."""
    parser = argparse.ArgumentParser(description="Compare remembered reviews with fresh ones.")
    blueprint = Path(__file__).parents[2] / "blueprint"
    parser.add_argument("folders", metavar="FOLDER", type=Path, nargs="*", default=[blueprint])
    parser.add_argument("--edits", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    sys.exit(sum(compare(each, asked.edits, asked.seed) for each in asked.folders) and 1)


def compare(folder: Path, edits: int, seed: int) -> int:
    """Return how many steps went wrong in a copy of a folder."""
    chance = random.Random(seed)  # noqa: S311 - the same edits each time
    done: Counter[str] = Counter()
    wrong = 0
    with tempfile.TemporaryDirectory() as place, _watched() as remembered:
        copy = Path(place, "codebase")
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns(".*", "uv.lock"))
        (copy / ".git").mkdir()  # what marks the root
        original = {each: each.read_bytes() for each in files.find(copy)}
        _review(copy, Path(place, "kept"))
        for number in range(edits):
            kind = _step(chance, copy, original)
            said = _review(copy, Path(place, "kept"))
            done[f"{kind}, remembered" if remembered.pop() else kind] += 1
            fresh = _review(copy, Path(place, f"fresh-{number}"))
            remembered.clear()
            if said != fresh:
                wrong += 1
                kept = Path(tempfile.mkdtemp(prefix="remembered-"))
                shutil.copytree(copy, kept / "codebase")
                (kept / "said.json").write_text(said, "utf-8")
                (kept / "fresh.json").write_text(fresh, "utf-8")
                print(f"DIFFERENT after step {number} ({kind}): see {kept}")
            shutil.rmtree(Path(place, f"fresh-{number}"), ignore_errors=True)
    hits, others = done["comments, remembered"], done["comments"]
    print(f"{folder.name}: {edits} steps, {wrong} went wrong; {dict(sorted(done.items()))}")
    if hits < _LEAST_REMEMBERED * (hits + others):
        print(f"Only {hits} of {hits + others} steps that changed comments only were remembered")
        wrong += 1
    return wrong


@contextmanager
def _watched() -> Iterator[list[bool]]:
    """Give a list that grows by whether each review was remembered."""
    found: list[bool] = []
    recall = memory.recall

    def watched(asked: Asked, cache: Cache) -> Outcome | None:
        outcome = recall(asked, cache)
        found.append(outcome is not None)
        return outcome

    memory.recall = watched
    try:
        yield found
    finally:
        memory.recall = recall


def _review(folder: Path, cache: Path) -> str:
    os.environ["XDG_CACHE_HOME"] = str(cache)
    return json.text(json.review(verb.review((folder,))))


def _step(chance: random.Random, folder: Path, original: Mapping[Path, bytes]) -> str:
    """Change something; return what kind of change it was."""
    present = sorted(files.find(folder))
    kind: str = chance.choices(tuple(_WEIGHTS), tuple(_WEIGHTS.values()))[0]
    match kind:
        case "comments":
            _edit(chance, present, _OF_COMMENTS)
        case "code":
            _edit(chance, present, _OF_CODE)
        case "definitions":
            _edit(chance, present, _OF_DEFINITIONS)
        case "all put back":
            _put_back(folder, original)
        case "file removed" if len(present) > 1:
            chance.choice(present).unlink()
        case "file moved":
            path = chance.choice(present)
            path.rename(chance.choice(present).parent / f"moved_{path.name}")
        case "file added":
            place = chance.choice(present).parent
            (place / f"added_{chance.randrange(10**6)}.py").write_text(_NEW_FILE, "utf-8")
    return kind


def _put_back(folder: Path, original: Mapping[Path, bytes]) -> None:
    for path in files.find(folder):
        if path not in original:
            path.unlink()
    for path, content in original.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _edit(chance: random.Random, present: list[Path], edits: tuple[Edit, ...]) -> None:
    for path in chance.sample(present, min(len(present), chance.choice((1, 1, 1, 2, 4)))):
        lines = path.read_text("utf-8", "surrogateescape").split("\n")
        for _ in range(chance.choice((1, 1, 2, 3))):
            chance.choice(edits)(chance, lines)
        path.write_text("\n".join(lines), "utf-8", "surrogateescape")


def _somewhere(chance: random.Random, lines: Lines) -> int:
    return chance.randrange(len(lines) + 1)


def _margin(chance: random.Random, lines: Lines, at: int) -> str:
    """Return the margin of the line there, or some other."""
    line = lines[at] if at < len(lines) else ""
    own = line[: len(line) - len(line.lstrip())]
    return chance.choice((own, own, own, "", "    ", "        ", "\t"))


def _add_comment(chance: random.Random, lines: Lines) -> None:
    at = _somewhere(chance, lines)
    words = ("see below", "password = x", 'raise HTTPException(403) if "é" else token', "(if …")
    lines.insert(at, f"{_margin(chance, lines, at)}# {chance.choice(words)}")


def _add_at_an_end(chance: random.Random, lines: Lines) -> None:
    lines.insert(chance.choice((0, len(lines))), "# at an end")


def _add_blank(chance: random.Random, lines: Lines) -> None:
    lines.insert(_somewhere(chance, lines), chance.choice(("", "", "    ")))


def _add_behind(chance: random.Random, lines: Lines) -> None:
    if lines:
        at = chance.choice([number for number, line in enumerate(lines) if line] or [0])
        lines[at] += "  # behind the line"


def _accept(chance: random.Random, lines: Lines) -> None:
    at = _somewhere(chance, lines)
    comment = f"# fastwright: ignore[{chance.choice(_NAMES)}] for now"
    if at < len(lines) and lines[at].strip() and chance.randrange(2):
        lines[at] += f"  {comment}"
    else:
        lines.insert(at, f"{_margin(chance, lines, at)}{comment}")


def _lose_gap(chance: random.Random, lines: Lines) -> None:
    gaps = [
        number
        for number, line in enumerate(lines)
        if not line.strip() or line.lstrip().startswith("#")
    ]
    if gaps:
        del lines[chance.choice(gaps)]


def _lose(chance: random.Random, lines: Lines) -> None:
    if lines:
        del lines[chance.randrange(len(lines))]


def _double(chance: random.Random, lines: Lines) -> None:
    if lines:
        at = chance.randrange(len(lines))
        lines.insert(at, lines[at])


def _swap(chance: random.Random, lines: Lines) -> None:
    if len(lines) > 1:
        at = chance.randrange(len(lines) - 1)
        lines[at], lines[at + 1] = lines[at + 1], lines[at]


def _add_function(chance: random.Random, lines: Lines) -> None:
    lines += ["", "", f"def added_{chance.randrange(10**6)}() -> int:", "    return 1"]


def _blocks(lines: Lines) -> list[tuple[int, int]]:
    """Return from where to where statements at the top go, with their decorators."""
    starts = [
        number
        for number, line in enumerate(lines)
        if re.match(r"[\w@]", line) and not (number and lines[number - 1].startswith("@"))
    ]
    return list(zip(starts, [*starts[1:], len(lines)], strict=False))


def _lose_block(chance: random.Random, lines: Lines) -> None:
    if blocks := _blocks(lines):
        start, end = chance.choice(blocks)
        del lines[start:end]


def _move_block(chance: random.Random, lines: Lines) -> None:
    if blocks := _blocks(lines):
        start, end = chance.choice(blocks)
        moved = lines[start:end]
        del lines[start:end]
        at = chance.choice([0, *[each for each, _ in _blocks(lines)], len(lines)])
        lines[at:at] = moved


def _double_block(chance: random.Random, lines: Lines) -> None:
    if blocks := _blocks(lines):
        start, end = chance.choice(blocks)
        at = chance.choice(blocks)[0]
        lines[at:at] = lines[start:end]


def _add_at_top(chance: random.Random, lines: Lines) -> None:
    at = chance.choice([0, *[each for each, _ in _blocks(lines)], len(lines)])
    lines[at:at] = chance.choice(_NEW).split("\n")


def _add_to_class(chance: random.Random, lines: Lines) -> None:
    classes = [number for number, line in enumerate(lines) if re.match(r"\s*class .*:$", line)]
    if classes:
        at = chance.choice(classes)
        margin = re.match(r"\s*", lines[at])
        added = chance.choice(_NEW_MEMBERS).split("\n")
        lines[at + 1 : at + 1] = [f"{margin[0] if margin else ''}    {each}" for each in added]


def _rename(chance: random.Random, lines: Lines) -> None:
    """Give a definition the name of another, or one that nothing has."""
    defined = re.compile(r"(def |class )(\w+)")
    places = [number for number, line in enumerate(lines) if defined.search(line)]
    if places:
        names = [found[2] for each in places if (found := defined.search(lines[each]))]
        at, name = chance.choice(places), chance.choice([*names, "renamed"])
        lines[at] = defined.sub(rf"\g<1>{name}", lines[at], count=1)


def _rewrite(old: str, new: str) -> Edit:
    """Return the edit that rewrites one place, if there is one."""

    def rewrite(chance: random.Random, lines: Lines) -> None:
        places = [number for number, line in enumerate(lines) if re.search(old, line)]
        if places:
            at = chance.choice(places)
            lines[at] = re.sub(old, new, lines[at], count=1)

    return rewrite


_OF_COMMENTS = (
    *(_add_comment, _add_comment, _add_at_an_end, _add_blank, _add_behind, _accept, _accept),
    *(_lose_gap, _lose_gap),
)
_OF_CODE = (
    *(_lose, _double, _swap, _add_function, *_OF_COMMENTS[:2]),
    _rewrite(r"\bawait ", ""),
    _rewrite(r"\basync def", "def"),
    _rewrite(r"^(\s*)def ", r"\1async def "),
    _rewrite(r"\breturn (.+)$", r"return [\1]"),
    _rewrite(r" -> .*:$", ":"),
    _rewrite(r"^(\s*)@(.+)$", r"\1# @\2"),
    _rewrite(r"\((\w+)\):$", "(object):"),
    _rewrite(r"^from \S+ import ", "from elsewhere import "),
    _rewrite(r"^import (\w+)$", r"import \1 as renamed"),
    _rewrite(r"\b(\w+)\(", r"\1_renamed("),
    _rewrite(r'"(\w+)"', r'"other_\1"'),
    _rewrite(r"^    (\w+) = ", r"    import time; time.sleep(1); \1 = "),
    _rewrite(r"^(\s+)return ", r"\1for each in (1, 2): print(each)\n\1return "),
    _rewrite(r'"""', "'''"),
)
_OF_DEFINITIONS = (
    *(_lose_block, _move_block, _double_block, _add_at_top, _add_at_top, _add_to_class, _rename),
    _add_function,
    _rewrite(r"def (\w+)\(", r"def \1(added=None, "),
    _rewrite(r"\):$", r", added: int = 1):"),
    _rewrite(r"^(\s*)(async def|def) ", r"\1@staticmethod\n\1\2 "),
    _rewrite(r"^(\s*)(async def|def) ", r"\1@property\n\1\2 "),
    _rewrite(r'@router\.(get|post)\("', r'@router.delete("/added'),
    _rewrite(r"^(from \S+ import .*)$", r"\1\nimport added"),
    _rewrite(r"^from (\S+) import (\w+)$", r"from \1 import *"),
    _rewrite(r"^from (\S+) import (\w+)$", r"from \1 import \2 as renamed"),
    _rewrite(r"^(import|from) .*$", ""),
    _rewrite(r"^class (\w+)\((\w+)\)", r"class \1(object)"),
    _rewrite(r"^class (\w+)\b", r"class \1_other"),
    _rewrite(r"^    (\w+): (\w+)", r"    \1: str"),
    _rewrite(r"^(\w+) = (.*)$", r"\1 = 1"),
)


if __name__ == "__main__":
    main()
