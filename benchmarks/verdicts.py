"""What clients met while parts were killed, shown and judged."""

import itertools
import re
import statistics
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from answers import Answer
from outages import Outage

SHOWN = 10  # answers that should not have been
LINES_SHOWN = 80
TROUBLE = re.compile(r"ERROR|CRITICAL|Traceback|\b(error|critical)\b")


def print_outages(outages: list[Outage], answers: list[Answer], began: float) -> None:
    print(f"\n{'killed':<12}{'at':>7}{'back':>9}{'outage':>9}   answers meanwhile")
    for outage in outages:
        back = outage.back - outage.start if outage.back else None
        inside = _counts(answer for answer in answers if outage.touches(answer))
        print(
            f"{outage.name:<12}{outage.start - began:>5.1f} s"
            f"{_seconds(back):>9}{_seconds(outage.length):>9}   {inside}"
        )
    outside = _counts(answer for answer in answers if not _of(outages, answer))
    print(f"{'outside':<12}{'':>25}   {outside}")
    ready = [outage.length for outage in outages if outage.length]
    if ready:
        print(f"Longest outage {max(ready):.2f} s, median {statistics.median(ready):.2f} s.\n")


def judge(
    outages: list[Outage],
    answers: list[Answer],
    lost: Mapping[str, int],
    more: Mapping[str, bool] | None = None,
) -> bool:
    """Print a line for each gate, `more` among them, and the answers that should not have been."""
    failures = [answer for answer in answers if not answer.is_success]
    outside = [answer for answer in failures if not _of(outages, answer)]
    inside = [
        answer
        for answer in failures
        if (touched := _of(outages, answer))
        and not any(outage.allows(answer) for outage in touched)
    ]
    longest = max((outage.patience for outage in outages), default=0)
    losses = ", ".join(f"{count} {what}" for what, count in lost.items())
    gates = {
        f"nothing acknowledged is lost: {losses}": not any(lost.values()),
        f"outside the outages every request succeeds: {len(outside)} failed": not outside,
        f"during them nothing but 503 problems (and, with the app killed, broken connections): "
        f"{len(inside)} others": not inside,
        f"each part is back and each outage ends by itself within {longest:.0f} s": all(
            outage.length for outage in outages
        ),
        **(more or {}),
    }
    for gate, holds in gates.items():
        print("PASS " if holds else "FAIL ", gate)
    for answer in (outside + inside)[:SHOWN]:
        nearest = min(outages, key=lambda o: abs(o.start - answer.sent), default=None)
        place = f"{answer.sent - nearest.start:+.2f} s from {nearest.name}" if nearest else ""
        print(
            f"      {place}, {answer.took:.2f} s: {answer.request} {answer.kind} {answer.evidence}"
        )
    return all(gates.values())


def print_trouble(log: Path) -> None:
    """Show where a log begins to speak of errors, of tracebacks the frames that are ours."""
    lines = log.read_text(errors="replace").splitlines()
    marked = [number for number, line in enumerate(lines) if TROUBLE.search(line)]
    print(f"\n{log.name} has {len(marked)} lines of trouble.", file=sys.stderr)
    if marked:
        shown = itertools.islice(_without_frames_of_packages(lines[marked[0] :]), LINES_SHOWN)
        print("\n".join(shown), file=sys.stderr)


def _without_frames_of_packages(lines: Iterable[str]) -> Iterator[str]:
    is_left_out = False
    for line in lines:
        if not line.startswith("    "):  # with more it is the code of the frame
            is_left_out = line.startswith("  File ") and "site-packages" in line
        if not is_left_out:
            yield line


def _of(outages: list[Outage], answer: Answer) -> list[Outage]:
    return [outage for outage in outages if outage.touches(answer)]


def _counts(answers: Iterable[Answer]) -> str:
    kinds = Counter(answer.kind for answer in answers)
    return ", ".join(f"{count} × {kind}" for kind, count in sorted(kinds.items()))


def _seconds(length: float | None) -> str:
    return f"{length:.2f} s" if length is not None else "never"
