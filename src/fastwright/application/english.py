"""English names: their words, and what one of several things is called."""

import re

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SNAKE = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
# Plurals that no rule gives, with their singulars.
_IRREGULAR = {
    "addresses": "address",
    "aliases": "alias",
    "analyses": "analysis",
    "axes": "axis",
    "bonuses": "bonus",
    "buses": "bus",
    "caches": "cache",
    "calves": "calf",
    "canvases": "canvas",
    "children": "child",
    "cookies": "cookie",
    "criteria": "criterion",
    "echoes": "echo",
    "feet": "foot",
    "geese": "goose",
    "gurus": "guru",
    "halves": "half",
    "heroes": "hero",
    "indices": "index",
    "knives": "knife",
    "leaves": "leaf",
    "lenses": "lens",
    "lives": "life",
    "loaves": "loaf",
    "matrices": "matrix",
    "men": "man",
    "menus": "menu",
    "mice": "mouse",
    "movies": "movie",
    "people": "person",
    "potatoes": "potato",
    "quizzes": "quiz",
    "scarves": "scarf",
    "shelves": "shelf",
    "statuses": "status",
    "teeth": "tooth",
    "thieves": "thief",
    "tomatoes": "tomato",
    "vertices": "vertex",
    "vetoes": "veto",
    "viruses": "virus",
    "wives": "wife",
    "wolves": "wolf",
    "women": "woman",
}
# What ends like a plural and names one thing, or has no singular.
_SINGULAR = {
    "alias",
    "atlas",
    "aws",
    "bias",
    "canvas",
    "chaos",
    "christmas",
    "cors",
    "cosmos",
    "credentials",
    "dns",
    "gas",
    "goods",
    "gps",
    "https",
    "ids",
    "lens",
    "means",
    "news",
    "os",
    "pos",
    "preferences",
    "rss",
    "sales",
    "series",
    "settings",
    "sms",
    "species",
    "terms",
    "tls",
}
# Words as short as `gas` are taken as they are.
_SHORTEST = 3
_SINGULAR_ENDINGS = ("ss", "us", "is", "ics")


def snake(name: str) -> str:
    """Return a class's name in lower snake case: `UserGroup` → `user_group`."""
    return "_".join(word.lower() for word in words(name))


def words(name: str) -> list[str]:
    """Return the words of a name in camel or snake case; digits belong to the word before them."""
    found: list[str] = []
    for word in _WORD.findall(name.replace("OAuth", "Oauth")):
        if word.isdigit() and found:
            found[-1] += word
        else:
            found.append(word)
    return found


def is_snake(name: str) -> bool:
    """Tell whether a name is in lower snake case."""
    return _SNAKE.fullmatch(name) is not None


def singular(name: str) -> str:
    """Return a name in snake case with its last word in the singular."""
    before, underscore, word = name.rpartition("_")
    return before + underscore + _singular(word)


def _singular(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word in _SINGULAR or len(word) <= _SHORTEST or not word.endswith("s"):
        return word
    if word.endswith(_SINGULAR_ENDINGS):
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    return word[:-1]
