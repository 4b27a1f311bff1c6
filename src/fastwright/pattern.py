"""What a pattern is: the answer to a question of design, with the blueprint's code as its proof."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fastwright.application.application import Application
    from fastwright.source.places import Step


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of advice, and where the blueprint follows it.

    `file` is a path in the blueprint and `symbols` are names of its top level, in the order in
    which they are shown.
    """

    text: str
    file: str
    symbols: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """How something is built; `places` yields where a codebase does it already.

    `keywords` are further words that people ask with; `practices` are names of practices that
    watch over it.
    """

    question: str
    answer: str
    parts: tuple[Part, ...]
    otherwise: str
    keywords: str
    practices: tuple[str, ...]
    places: "Callable[[Application], Iterator[Step]]"
