"""`explain`: practices and patterns, by name or by a question, with the places of a codebase."""

from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from pathlib import Path

from fastwright import catalogue
from fastwright.answer import Answer
from fastwright.errors import FastwrightError, NoAnswerError, UnknownPracticeError
from fastwright.pattern import Pattern
from fastwright.practice import Step
from fastwright.projects import excerpts
from fastwright.verbs import review as reviewing
from fastwright.verbs import search

Watch = Callable[[str, int, int], None]

_MOST_ANSWERS = 6
_MOST_NEAR = 2
_MOST_PLACES = 12
# The part of a question that an answer has to be about, to be told in full.
_SURE = 0.4


def explain(
    words: str | None = None,
    *,
    paths: tuple[Path, ...] | None = None,
    within: Path | None = None,
    watch: Watch = lambda _what, _done, _of: None,
) -> Answer:
    """Return what has a name or answers a question; without words, everything.

    With paths, the answer has the places of the codebase around them. Raises
    `UnknownPracticeError` for what looks like a name and is none, and `NoAnswerError` for a
    question that nothing here is about. Where nothing stands out, the others are what comes near.
    """
    answer = _found(words)
    if answer.best is not None and answer.best in answer.patterns:
        answer = replace(answer, examples=examples(answer.patterns[answer.best]))
    if paths is None or answer.best is None:
        return answer
    try:
        steps = _places(answer, answer.best, paths, within, watch)
    except FastwrightError as error:
        return replace(answer, unread=error.message)
    return replace(
        answer,
        places=tuple(steps[:_MOST_PLACES]),
        further=max(len(steps) - _MOST_PLACES, 0),
        looked=True,
    )


def examples(pattern: Pattern) -> tuple[str, ...]:
    """Return the blueprint's code for each part of a pattern."""
    return tuple(excerpts.excerpt(part.file, *part.symbols) for part in pattern.parts)


def _found(words: str | None) -> Answer:
    patterns = catalogue.patterns()
    if words is None:
        return Answer(catalogue.select(), patterns)
    name = "-".join(words.strip().lower().split())
    if name in patterns:
        return Answer({}, {name: patterns[name]}, best=name)
    try:
        practices = catalogue.select(only=(words,))
    except UnknownPracticeError as error:
        if " " not in words.strip() and error.suggestion in catalogue.names():
            raise  # a name with a slip in it
        return _asked(words, patterns)
    only = (
        next(iter(practices)) if len(practices) == 1 and words not in catalogue.topics() else None
    )
    return Answer(practices, {}, best=words if words in practices else only)


def _asked(words: str, patterns: dict[str, Pattern]) -> Answer:
    practices = catalogue.select()
    found = search.rank(words, practices, patterns)
    names = list(islice(found, _MOST_ANSWERS))
    if not any(found[name].covered for name in names):
        raise NoAnswerError(
            f"Nothing here is about “{words.strip()[:80]}”.{_mentioning(names)}",
            suggestion="fastwright explain, which lists everything",
        )
    best = names[0] if found[names[0]].covered >= _SURE else None
    return Answer(
        {name: practices[name] for name in names if name in practices},
        {name: patterns[name] for name in names if name in patterns},
        best=best,
        others=tuple(name for name in names if name != best),
    )


def _mentioning(names: list[str]) -> str:
    near = names[:_MOST_NEAR]
    return f" It is only mentioned in {' and '.join(near)}." if near else ""


def _places(
    answer: Answer, best: str, paths: tuple[Path, ...], within: Path | None, watch: Watch
) -> list[Step]:
    if best in answer.patterns:
        application = reviewing.read(paths, within=within, watch=watch)
        return list(dict.fromkeys(answer.patterns[best].places(application)))
    options = reviewing.Options(only=(best,), within=within)
    found = reviewing.review(paths, options, watch=watch).findings
    return [
        place.step(finding.message) for finding in found for place in (finding.at, *finding.places)
    ]
