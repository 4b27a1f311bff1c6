"""What is found of codebases before anything is added to them, beside what is right.

    python benchmarks/add/rooms.py CHECKOUTS [REPOSITORY]...

CHECKOUTS holds clones called `owner__name`; `rooms.toml` says what is right. Nothing is run. Ends
with 1 when something is found otherwise, and tells what.
"""

import argparse
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fastwright.application import application
from fastwright.scaffolds import rooms
from fastwright.scaffolds.room import Part, Room

_DATA = Path(__file__).with_name("rooms.toml")
_COLUMNS = "{:44}{:>8}{:>8}{:>10}"


def main() -> None:
    """Print the table; end with 1 when something is wrong."""
    parser = argparse.ArgumentParser(description="Reads the rooms of codebases.")
    parser.add_argument("checkouts", type=Path)
    parser.add_argument("repositories", nargs="*")
    asked = parser.parse_args()
    print(_COLUMNS.format("repository", "facts", "right", "seconds"), flush=True)
    wrong = 0
    for row in tomllib.loads(_DATA.read_text())["room"]:
        repository = row.pop("repository")
        row.pop("commit", None)  # where this was read
        checkout = asked.checkouts / repository.replace("/", "__")
        is_asked = not asked.repositories or any(each in repository for each in asked.repositories)
        if is_asked and checkout.is_dir():
            wrong += _row(repository, row, checkout)
    raise SystemExit(int(wrong > 0))


def _row(repository: str, truth: dict[str, Any], checkout: Path) -> int:
    read = application.read(checkout, use_cache=False)
    started = time.process_time()
    found = rooms.read(read, checkout)
    seconds = time.process_time() - started
    facts = dict(_facts(found)) if isinstance(found, Room) else _refused(found)
    expected = {**truth, **{f"parts.{k}": v for k, v in truth.get("parts", {}).items()}}
    expected.pop("parts", None)
    if "refused" not in expected:
        expected = {**dict.fromkeys(("user", "users", "migrations")), **expected}
    wrong = {name: value for name, value in expected.items() if facts.get(name) != value}
    right = len(expected) - len(wrong)
    print(_COLUMNS.format(repository, len(expected), right, f"{seconds:.2f}"), flush=True)
    for name, value in wrong.items():
        print(f"    {name}: {facts.get(name)} found, {value} is right", flush=True)
    return len(wrong)


def _facts(room: Room) -> Iterator[tuple[str, object]]:
    yield "application", str(room.application)
    yield "layout", room.layout.value
    yield "base", str(room.base)
    yield "orm", room.orm.value
    yield "session", str(room.session.function)
    yield "user", str(room.user.function) if room.user else None
    yield "users", room.users
    yield "routers", str(room.routers)
    yield "prefix", room.prefix
    yield "migrations", room.migrations
    yield "key", f"{room.key}: {room.key_type}"
    for part in Part:
        yield f"parts.{part.value}", room.parts.get(part)


def _refused(found: rooms.Refusal) -> dict[str, object]:
    return {"refused": [each.fact for each in found.unknown]}


if __name__ == "__main__":
    main()
