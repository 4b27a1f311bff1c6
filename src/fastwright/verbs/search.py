"""Which practices and patterns answer a question in free words: by the words alone, no model.

The words that say nothing, those that mean others, and what practices are also asked by, are
data: `search.toml`.
"""

import math
import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

from fastwright.pattern import Pattern
from fastwright.practice import Practice

_DATA = tomllib.loads(resources.files(__package__).joinpath("search.toml").read_text("utf-8"))
_STOP = frozenset(_DATA["stop"].split())
_SYNONYMS: Mapping[str, str] = _DATA["synonyms"]
# What practices are asked by beside their own words.
KEYWORDS: Mapping[str, str] = _DATA["keywords"]
# How much a word says, by where it stands.
_NAME, _KEYWORD, _HEADLINE, _TEXT = 6.0, 4.0, 3.0, 1.0
_AGAIN = 0.1
_LENGTH = 3
# Part of the best score that another answer has to reach to be named.
_NEAR = 0.35


@dataclass(frozen=True, slots=True)
class Match:
    """How well something answers: `covered` is the part of the question that it is about.

    What only occurs somewhere in a text counts for the score, and not as what that text is about.
    """

    score: float
    covered: float


def rank(
    words: str, practices: Mapping[str, Practice], patterns: Mapping[str, Pattern]
) -> dict[str, Match]:
    """Return the names of what may answer the words, the best first."""
    documents = {name: _of_practice(name, each) for name, each in practices.items()}
    documents |= {name: _of_pattern(name, each) for name, each in patterns.items()}
    known = Counter(word for weights in documents.values() for word in weights)
    # What is known of by few says much; what by none, as much as what by one.
    asked = {word: math.log(1 + len(documents) / max(known[word], 1)) for word in _words(words)}
    matches = {name: _match(asked, weights) for name, weights in documents.items()}
    best = max(match.score for match in matches.values())
    found = {name: match for name, match in matches.items() if match.score > best * _NEAR}
    return dict(sorted(found.items(), key=lambda item: (-item[1].score, item[0])))


def _match(asked: Mapping[str, float], weights: Mapping[str, float]) -> Match:
    covered = sum(says for word, says in asked.items() if weights.get(word, 0) >= _HEADLINE)
    return Match(
        score=sum(weights.get(word, 0) * says for word, says in asked.items()),
        covered=covered / (sum(asked.values()) or 1),
    )


def _of_practice(name: str, practice: Practice) -> dict[str, float]:
    explanation = practice.explanation
    return _weighed(
        (_NAME, name),
        (_KEYWORD, KEYWORDS.get(name, "")),
        (_HEADLINE, explanation.rule),
        (_TEXT, explanation.why),
        (_TEXT, explanation.when_not),
    )


def _of_pattern(name: str, pattern: Pattern) -> dict[str, float]:
    return _weighed(
        (_NAME, name),
        (_KEYWORD, pattern.keywords),
        (_HEADLINE, pattern.question),
        (_TEXT, pattern.answer),
        (_TEXT, pattern.otherwise),
    )


def _weighed(*parts: tuple[float, str]) -> dict[str, float]:
    """Return what each word weighs: as much as its best place, and a little for any other."""
    found: dict[str, list[float]] = {}
    for weight, text in parts:
        for word in set(_words(text)):
            found.setdefault(word, []).append(weight)
    return {word: max(weights) + _AGAIN * sum(weights) for word, weights in found.items()}


def _words(text: str) -> list[str]:
    """Return the words of a text that say something, without their endings."""
    found = re.findall(r"[a-z0-9]+|\+1", text.lower())
    kept = [_SYNONYMS.get(word, word) for word in found if word not in _STOP]
    return [_stem(word) for word in kept]


def _stem(word: str) -> str:
    for ending in ("ations", "ation", "ating", "ated", "ing", "ies", "es", "ed", "s", "e", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= _LENGTH:
            return word.removesuffix(ending)
    return word
