"""Text about practices and patterns: all of them, or the answer to a question."""

import textwrap
from collections.abc import Iterator, Mapping

from fastwright.answer import Answer
from fastwright.pattern import Pattern
from fastwright.practice import Practice
from fastwright.reports.text import terminal
from fastwright.reports.text.terminal import Line, plain

_WIDTH = 96


def show(answer: Answer) -> None:
    """Write an answer: in full what fits best, a line for anything else."""
    terminal.write(_answer(answer))


def _answer(answer: Answer) -> Iterator[Line]:
    best = answer.best
    if best is None and answer.others:
        yield plain("No one answer stands out. What comes near:")
        yield from _others(answer)
        return
    if best is None:
        yield from _list(answer)
        return
    if best in answer.patterns:
        yield from _pattern(best, answer.patterns[best], answer.examples)
    else:
        yield from _explanation(best, answer.practices[best])
    yield from _places(answer)
    if answer.others:
        yield plain()
        yield (("See also", "bold"),)
        yield from _others(answer)


def _others(answer: Answer) -> Iterator[Line]:
    for name in answer.others:
        yield ((f"  {name}  ", "cyan"), (_headline(answer, name), ""))


def _headline(answer: Answer, name: str) -> str:
    if name in answer.patterns:
        return answer.patterns[name].question
    return answer.practices[name].explanation.rule


def _list(answer: Answer) -> Iterator[Line]:
    yield from _practices(answer.practices)
    if answer.patterns:
        width = max(map(len, answer.patterns))
        yield plain()
        yield (("patterns", "bold"),)
        for name, pattern in answer.patterns.items():
            yield ((f"  {name:<{width}}  ", "cyan"), (pattern.question, ""))
    yield plain()
    yield plain("fastwright explain NAME tells more; free words are taken for a question.")


def _practices(practices: Mapping[str, Practice]) -> Iterator[Line]:
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


def _pattern(name: str, pattern: Pattern, examples: tuple[str, ...]) -> Iterator[Line]:
    yield ((name, "bold"), ("  pattern", "dim"))
    yield from _paragraphs(pattern.question)
    yield plain()
    yield from _paragraphs(pattern.answer)
    for part, example in zip(pattern.parts, examples, strict=True):
        yield plain()
        yield from _paragraphs(part.text)
        yield ((f"    # {part.file}", "dim"),)
        yield from _code(example)
    yield plain()
    yield (("When to do otherwise", "bold"),)
    yield from _paragraphs(pattern.otherwise)
    yield plain()
    yield (("Watched over by", "bold"),)
    for practice in pattern.practices:
        yield ((f"  {practice}", "cyan"),)


def _places(answer: Answer) -> Iterator[Line]:
    if not answer.looked and answer.unread is None:
        return
    yield plain()
    yield (("In this codebase", "bold"),)
    if answer.unread is not None:
        yield from _paragraphs(f"It could not be looked at: {answer.unread}")
    elif not answer.places:
        yield plain("Nothing of this kind.")
    for step in answer.places:
        yield ((f"  {step.path}:{step.line}", "cyan"), (f"  {step.text}", ""))
    if answer.further:
        yield plain(f"  and {answer.further} more")


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
        yield ((f"    {line}".rstrip(), terminal.CODE),)
