"""Which practices and patterns answer a question in free words: by the words alone, no model.

The words that say nothing, and those that mean others, are data: `search.toml`.
"""

import math
import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from importlib import resources

from fastwright.pattern import Pattern
from fastwright.practice import Practice

_DATA = tomllib.loads(resources.files(__package__).joinpath("search.toml").read_text("utf-8"))
_STOP = frozenset(_DATA["stop"].split())
_SYNONYMS: Mapping[str, str] = _DATA["synonyms"]
# How much a word says, by where it stands.
_NAME, _KEYWORD, _HEADLINE, _TEXT = 6.0, 4.0, 3.0, 1.0
_AGAIN = 0.1
_LENGTH = 3
# Part of the best score that another answer has to reach to be named.
_NEAR = 0.35


def rank(
    words: str, practices: Mapping[str, Practice], patterns: Mapping[str, Pattern]
) -> dict[str, float]:
    """Return the names of what answers the words, the best first, with scores above 0."""
    documents = {name: _of_practice(name, each) for name, each in practices.items()}
    documents |= {name: _of_pattern(name, each) for name, each in patterns.items()}
    known = Counter(word for weights in documents.values() for word in weights)
    asked = dict.fromkeys(_words(words))
    scores = {}
    for name, weights in documents.items():
        scores[name] = sum(
            weights[word] * math.log(1 + len(documents) / known[word])
            for word in asked
            if word in weights
        )
    best = max(scores.values(), default=0.0)
    found = {name: score for name, score in scores.items() if score > best * _NEAR and score > 0}
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _of_practice(name: str, practice: Practice) -> dict[str, float]:
    explanation = practice.explanation
    return _weighed(
        (_NAME, name),
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
