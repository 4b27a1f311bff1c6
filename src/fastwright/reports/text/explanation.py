"""Text about the practices: all of them by topic, or one in full."""

import textwrap
from collections.abc import Iterator, Mapping

from fastwright.practice import Practice
from fastwright.reports.text import terminal
from fastwright.reports.text.terminal import Line, plain

_WIDTH = 96


def all_of(practices: Mapping[str, Practice]) -> None:
    """Write one line a practice, by topic."""
    terminal.write(_list(practices))


def one(name: str, practice: Practice) -> None:
    """Write a practice's explanation."""
    terminal.write(_explanation(name, practice))


def _list(practices: Mapping[str, Practice]) -> Iterator[Line]:
    topic = ""
    width = max(len(name.partition("/")[2]) for name in practices)
    for name, practice in practices.items():
        if name.partition("/")[0] != topic:
            if topic:
                yield plain()
            topic = name.partition("/")[0]
            yield ((topic, "bold"),)
        short = name.partition("/")[2]
        yield (
            (f"  {short:<{width}}  ", "cyan"),
            (f"{practice.kind:<8}  ", "dim"),
            (practice.explanation.rule, ""),
        )
    yield plain()
    yield plain(
        "fastwright explain TOPIC/NAME tells why, shows bad and good code, and when not to."
    )


def _explanation(name: str, practice: Practice) -> Iterator[Line]:
    explanation = practice.explanation
    yield ((name, "bold"), (f"  {practice.kind}", "dim"))
    yield from _paragraphs(explanation.rule)
    for title, lines in (
        ("Why", _paragraphs(explanation.why)),
        ("Bad", _code(explanation.bad)),
        ("Good", _code(explanation.good)),
        ("When not to", _paragraphs(explanation.when_not)),
        ("Fix safety", _paragraphs(explanation.fix_safety)),
    ):
        yield plain()
        yield ((title, "bold"),)
        yield from lines
    if explanation.references:
        yield plain()
        yield (("References", "bold"),)
        for title, address in explanation.references.items():
            yield plain(f"  {title}: {address}")


def _paragraphs(text: str) -> Iterator[Line]:
    for paragraph in textwrap.dedent(text).strip().split("\n\n"):
        for line in textwrap.wrap(paragraph, terminal.columns(_WIDTH), break_long_words=False):
            yield plain(line)


def _code(text: str) -> Iterator[Line]:
    for line in textwrap.dedent(text).strip("\n").splitlines():
        yield plain(f"    {line}".rstrip())
