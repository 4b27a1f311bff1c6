"""Remembers answers to questions that lead to further ones, which may come round in a circle."""

from collections.abc import Callable
from typing import Generic, TypeVar, TypeVarTuple

from fastwright.source.notes import Note, open_notes

# Questions that lead to further questions, at most; deeper, the answer is not known.
_DEEPEST = 100
_NEVER = _DEEPEST + 1
# How often the same question may be asked anew; circles within circles would never end.
_TRIES = 2

Key = TypeVar("Key")
Answer = TypeVar("Answer")
# Answers that are kept, with the notes of what was looked at for them.
Kept = dict[Key, tuple[Answer | None, Note]]
Arguments = TypeVarTuple("Arguments")


class Memo(Generic[Answer]):
    """Counts how deep the questions go.

    Within a circle, the answer to the question that is still open is None. What was found by such
    an answer may be better known when it is asked for by itself, so a None of that kind is
    forgotten, a few times.
    """

    def __init__(self) -> None:
        self._depth = 0
        self._open: dict[tuple[int, object], tuple[int, Note]] = {}
        self._tries: dict[tuple[int, object], int] = {}
        # The depth of the outermost open question that a None of now depends on.
        self._depends = _NEVER

    def once(
        self,
        answers: Kept[Key, Answer],
        key: Key,
        find: Callable[[*Arguments], Answer | None],
        *arguments: *Arguments,
    ) -> Answer | None:
        """Return the answer to `key`, which `find` finds and `answers` keeps."""
        question = id(answers), key
        if question in self._open:
            depth, made = self._open[question]
            self._depends = min(self._depends, depth)
            made.is_in_circle = True
            open_notes[-1].append(made)
            return None
        if self._depth >= _DEEPEST:
            self._depends = 0
            return None
        self._depth += 1
        made = Note()
        open_notes.append(made.seen)
        self._open[question] = self._depth, made
        try:
            found = find(*arguments)
        finally:
            open_notes.pop()
            depth = self._depth
            self._depth -= 1
            del self._open[question]
        made = made.closed()
        open_notes[-1].append(made)
        if found is not None or self._depends >= depth or self._has_tried_enough(question):
            answers[key] = found, made
        if self._depends >= depth or not self._depth:
            self._depends = _NEVER
        return found

    def _has_tried_enough(self, question: tuple[int, object]) -> bool:
        self._tries[question] = self._tries.get(question, 0) + 1
        return self._tries[question] > _TRIES
