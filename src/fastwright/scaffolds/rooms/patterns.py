"""Where the files of one kind lie, told from those that are there."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from fastwright.application import english
from fastwright.scaffolds import names

Shape = tuple[str, ...]

# What follows on the name of what is tested.
_TEST = re.compile(
    r"test_(?:api_)?\{\}(?:_(?:api|router?s?|views?|endpoints?|crud))?\.py|\{\}_test\.py"
)
_WITHIN = "\0"  # stands for the folder above all
# What a file says that is named after a table, beside one that merely lies among others.
_OF_TABLE = 2


def infer(
    paths: Iterable[str],
    entities: Collection[str],
    *,
    within: str = "",
    are_tests: bool = False,
) -> str | None:
    """Return the path that most files share, with {domain}, {entity} or {Entity} in it.

    `entities` are what tables call one row: files are named after them, and folders, but none above
    all, `within`. Files of tests tell by those only. None where nothing tells.
    """
    votes: Counter[Shape] = Counter()
    forms: dict[Shape, Counter[str]] = {}
    for path in (_apart(each, within) for each in paths):
        for written, form in _after_tables(path, entities):
            if not _is_inside(written, entities) and (not are_tests or _is_plain(written)):
                shape = _as_test(written) if are_tests else written
                votes[shape] += _OF_TABLE * sum("{}" in each for each in shape)
                forms.setdefault(shape, Counter())[form] += 1
        if path.count("/") and not path.endswith("/__init__.py"):
            others = _among_others(path, are_tests=are_tests)
            votes.update(each for each in others if not _is_inside(each, entities))
    if not votes:
        return None
    # Of several that say as much, the one with more letters in it says more.
    shape = max(votes, key=lambda each: (votes[each], len("/".join(each))))
    if votes[shape] < _OF_TABLE:
        return None
    form = forms[shape].most_common(1)[0][0] if shape in forms else "{domain}"
    return "/".join(shape).replace("{}", form).replace(_WITHIN, within)


def filled(pattern: str, domain: str, entity: str) -> str:
    """Return a pattern's path for a domain."""
    return (
        pattern.replace("{domain}", domain)
        .replace("{entity}", entity)
        .replace("{Entity}", names.pascal(entity))
    )


def is_after_table(path: str, entities: Collection[str], within: str = "") -> bool:
    """Tell whether a file or a folder around it is named after a table."""
    return any(True for _ in _after_tables(_apart(path, within), entities))


def _apart(path: str, within: str) -> str:
    """Return a path in which the folder above all has no name."""
    inside = path.removeprefix(f"{within}/")
    return path if inside == path else f"{_WITHIN}/{inside}"


def _among_others(path: str, *, are_tests: bool) -> Iterator[Shape]:
    """Yield a path with `{}` for the file's name, a part of it, or one of the folders around."""
    *folders, name = path.split("/")
    if not are_tests:
        stem = name.removesuffix(".py")
        first, _, rest = stem.partition("_")
        before, _, last = stem.rpartition("_")
        yield (*folders, "{}.py")
        if rest:
            yield (*folders, f"{first}_{{}}.py")
        if before:
            yield (*folders, f"{{}}_{last}.py")
    for index in range(folders[:1] == [_WITHIN], len(folders)):
        yield (*folders[:index], "{}", *folders[index + 1 :], name)


def _is_inside(shape: Shape, entities: Collection[str]) -> bool:
    """Tell whether a folder is named after one table: what lies in there is its own."""
    return any(names.singular(each) in entities for each in shape[:-1] if each.isidentifier())


def _is_plain(shape: Shape) -> bool:
    """Tell whether a test's file, or a folder around it, is named after nothing but a table."""
    *folders, name = shape
    return any("{}" in each for each in folders) or _TEST.fullmatch(name) is not None


def _as_test(shape: Shape) -> Shape:
    """Return a shape in which a file is named after no more than a table, or after its kind."""
    *folders, name = shape
    is_one_of_many = "{}" in name and _TEST.fullmatch(name) is None
    return (*folders, "test_{}.py") if is_one_of_many else shape


def _after_tables(path: str, entities: Collection[str]) -> Iterator[tuple[Shape, str]]:
    """Yield a path with `{}` for each word that names a table, and which form that has."""
    parts = path.removesuffix(".py").split("/")
    for index, part in enumerate(parts):
        found = _named(part, entities)
        if found is not None:
            word, form = found
            changed = [*parts[:index], part.replace(word, "{}", 1)]
            changed += [
                re.sub(rf"(?<![a-z]){word}(?![a-z])", "{}", each) for each in parts[index + 1 :]
            ]
            changed[-1] += ".py"
            yield tuple(changed), form


def _named(part: str, entities: Collection[str]) -> tuple[str, str] | None:
    """Return the longest word of a name that names a table, and the place that stands for it."""
    words = part.split("_")
    runs = [
        "_".join(words[start:end])
        for start in range(len(words))
        for end in range(start + 1, len(words) + 1)
    ]
    for run in sorted(filter(None, runs), key=len, reverse=True):
        snake = english.snake(run)
        single = names.singular(snake) if snake else ""
        if single in entities:
            if run[0].isupper():
                return run, "{Entity}"
            return run, "{entity}" if snake == single else "{domain}"
    return None
