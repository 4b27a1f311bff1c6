"""Answers in plain values, which a later review may take as they are."""

from collections.abc import Callable, Hashable, Mapping
from typing import Any, TypeVar

from fastwright.source.notes import Note, noted, numbered, untouched, used

Answer = TypeVar("Answer")


class Remembered:
    """Answers to questions that are asked for each of many things, by the question.

    What tells one question from others must say all that the answer goes by without noting it.
    """

    def __init__(self) -> None:
        # What has been asked for.
        self.answers: dict[Hashable, tuple[Any, Note]] = {}
        # What the last review knew, with the numbers of the notes, and which do not hold.
        self._last: Mapping[Hashable, tuple[int, Any]] = {}
        self._touched: set[int] = set()

    def restore(self, last: Mapping[Hashable, tuple[int, Any]], touched: set[int]) -> None:
        """Take the answers of the last review, but for those whose notes are touched."""
        self._last, self._touched = last, touched

    @property
    def numbered(self) -> dict[Hashable, tuple[int, Any]]:
        """Return all answers that hold, with the numbers of the notes."""
        found = {question: (made.number, plain) for question, (plain, made) in self.answers.items()}
        return {**untouched(self._last, self._touched), **found}

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
        last = self._last.get(question) if kept is None else None
        if last is not None and last[0] not in self._touched:
            kept = self.answers[question] = last[1], numbered(last[0])
        return kept
