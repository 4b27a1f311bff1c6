"""Parts of long answers: as much at once as a model can take, and a cursor to the rest.

Tokens are estimated as a quarter of the compact JSON's characters, which is more than tokenizers of
today count for code and English.
"""

import base64
import binascii
import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastwright.errors import ChangedError

Item = dict[str, Any]

CHARACTERS_A_TOKEN = 4
# Tokens for the names around the parts of an answer, and for its cursor.
_ENVELOPE = 60
_REMEMBERED = 4
# How many entries of a list, and so many characters for each of a text, a long item keeps.
_LENGTHS = (100, 50, 25, 12, 6, 3, 2, 1)
_CHARACTERS_AN_ENTRY = 60
_SHALLOW = 2  # lists within lists that any item keeps
_STALE = "The files have changed since that page, or it is of another call."


def tokens(value: object) -> int:
    """Return about how many tokens a value takes as JSON."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return len(text) // CHARACTERS_A_TOKEN + 1


def fitted(item: Item, most: int) -> Item:
    """Return an item that takes no more than so many tokens; `cut` in it says what was done.

    Its lists end early, its texts in “…”, the more so the longer it is.
    """
    if tokens(item) <= most:
        return item
    cuts = (_cut(item, length, 0) for length in _LENGTHS)
    small = next((each for each in cuts if tokens(each) < most), _cut(item, _LENGTHS[-1], 0))
    return {**small, "cut": True}


def _cut(value: Any, length: int, depth: int) -> Any:  # noqa: ANN401 - any part of a document
    match value:
        case str() if len(value) > length * _CHARACTERS_AN_ENTRY:
            return f"{value[: length * _CHARACTERS_AN_ENTRY]}…"
        case list():
            entries = value[:length] if depth < length + _SHALLOW else []
            return [_cut(each, length, depth + 1) for each in entries]
        case dict():
            return {name: _cut(each, length, depth) for name, each in value.items()}
        case _:
            return value


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a long answer is asked for: from a cursor on, as many tokens as given.

    `key` stands for the call and the state of the files: a cursor is only good for its own.
    """

    cursor: str | None
    key: str
    tokens: int

    def of(self, items: Sequence[Item], *, beside: object = None) -> tuple[list[Item], str | None]:
        """Return the items of this part, at least one, and the cursor to the next.

        `beside` is what else the answer holds; an item that is too long alone is cut. Raises
        `ChangedError` for a cursor of another key.
        """
        first = self._first()
        budget = self.tokens - tokens(beside) - _ENVELOPE
        shown = [fitted(item, budget) for item in items[first : first + 1]]
        budget -= tokens(shown)
        for item in items[first + 1 :]:
            budget -= tokens(item)
            if budget < 0:
                break
            shown.append(item)
        end = first + len(shown)
        return shown, _cursor(end, self.key) if end < len(items) else None

    def _first(self) -> int:
        if self.cursor is None:
            return 0
        try:
            text = base64.urlsafe_b64decode(self.cursor.encode("ascii", "replace"))
            offset, key = json.loads(text)
        except (binascii.Error, ValueError, TypeError):
            offset, key = None, None
        if key != self.key or not isinstance(offset, int) or offset < 0:
            raise ChangedError(_STALE, suggestion="the same call without cursor")
        return offset


def _cursor(offset: int, key: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([offset, key]).encode()).decode()


class Remembered:
    """The last few answers, by call and state of the files: a next page needs no new review."""

    def __init__(self) -> None:
        self._answers: OrderedDict[str, Item] = OrderedDict()

    def knows(self, call: str) -> bool:
        """Tell whether there is an answer to a call, in whatever state its files were."""
        return any(key.startswith(call) for key in self._answers)

    def find(self, key: str) -> Item | None:
        """Return the answer of a key, if it is one of the last."""
        if key in self._answers:
            self._answers.move_to_end(key)
        return self._answers.get(key)

    def keep(self, key: str, answer: Item) -> None:
        """Keep an answer, and forget the oldest."""
        self._answers[key] = answer
        while len(self._answers) > _REMEMBERED:
            self._answers.popitem(last=False)
