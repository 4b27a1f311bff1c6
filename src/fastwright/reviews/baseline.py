"""A baseline: the findings that were accepted on the day it was written, in a JSON file.

It has one line a finding in a fixed order, so that a version control's difference reads well.
"""

import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from fastwright.errors import BaselineError
from fastwright.practice import Finding
from fastwright.reviews.identities import Identity

_VERSION = 1
_UPDATE = "the same command with --update-baseline"


@dataclass(frozen=True, slots=True)
class Settled:
    """The findings that are new, and how many accepted ones are not found any more."""

    new: list[Finding]
    stale: int = 0


def compare(
    found: Collection[tuple[Finding, Identity]], file: Path, *, covers: Callable[[Identity], bool]
) -> Settled:
    """Return what the baseline does not hold; `covers` tells what this review could have found."""
    accepted = read(file)
    identities = {identity for _, identity in found}
    return Settled(
        new=[finding for finding, identity in found if identity not in accepted],
        stale=sum(covers(each) for each in accepted - identities),
    )


def update(
    found: Iterable[tuple[Finding, Identity]], file: Path, *, covers: Callable[[Identity], bool]
) -> None:
    """Accept what is found; what this review could not have found stays as it was."""
    try:
        before = read(file)
    except BaselineError:
        before = frozenset()
    kept = {each for each in before if not covers(each)}
    write(file, kept | {identity for _, identity in found})


def read(file: Path) -> frozenset[Identity]:
    """Return the accepted findings; raises `BaselineError` where the file holds none."""
    try:
        document = json.loads(file.read_text("utf-8"))
        version, entries = document["version"], document["findings"]
    except FileNotFoundError:
        raise BaselineError(f"There is no baseline {file}.", suggestion=_UPDATE) from None
    except (ValueError, KeyError, TypeError):
        raise BaselineError(f"{file} is no baseline.", suggestion=_UPDATE) from None
    if version != _VERSION:
        raise BaselineError(f"{file} is a baseline of another version.", suggestion=_UPDATE)
    try:
        return frozenset(Identity(**entry) for entry in entries)
    except TypeError:
        raise BaselineError(f"{file} is a damaged baseline.", suggestion=_UPDATE) from None


def write(file: Path, accepted: Iterable[Identity]) -> None:
    """Write a baseline in one step: there is the old file or the new one, and nothing between."""
    lines = [json.dumps(asdict(each), ensure_ascii=False) for each in sorted(accepted)]
    entries = ",".join(f"\n    {line}" for line in lines)
    text = f'{{\n  "version": {_VERSION},\n  "findings": [{entries}\n  ]\n}}\n'
    temporary = file.with_name(f".{file.name}.new")
    try:
        temporary.write_text(text, "utf-8")
        temporary.replace(file)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise BaselineError(f"{file} cannot be written: {error.strerror}.") from error
