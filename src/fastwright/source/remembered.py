"""Answers in plain values, which a later review may take as they are."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from fastwright.source.notes import Note, noted, used

Answer = TypeVar("Answer")


class Remembered:
    """Answers to questions that are asked for each of many things, by the question.

    What tells one question from others must say all that the answer goes by without noting it.
    """

    def __init__(self) -> None:
        # What has been asked for, and what the last review knew that holds.
        self.answers: dict[Hashable, tuple[Any, Note]] = {}
        self.last: dict[Hashable, tuple[Any, Note]] = {}

    def __call__(self, question: Hashable, find: Callable[[], Answer]) -> Answer:
        """Return an answer in plain values: that of the last review where it holds."""
        kept: tuple[Answer, Note] | None = self.known(question)
        if kept is None:
            kept = self.answers[question] = noted(find)
            return kept[0]
        return used(kept)

    def known(self, question: Hashable) -> tuple[Any, Note] | None:
        """Return what is known to a question, with its note; who asks has to note that."""
        kept = self.answers.get(question)
        if kept is None and (kept := self.last.get(question)) is not None:
            self.answers[question] = kept
        return kept
