"""What comes near to a dependency that gives the current user, and what would make it one."""

import re
from collections import Counter
from collections.abc import Iterator

from fastwright.application.dependencies import Dependency
from fastwright.codebase.definitions import Class
from fastwright.codebase.values import FunctionValue, Instance
from fastwright.scaffolds.rooms.injections import Injection, Injections
from fastwright.scaffolds.rooms.surroundings import Surroundings
from fastwright.source.syntax import Expression, Name

_ON_REQUEST = re.compile(r"\brequest\.user\b")
_WIDEST = 60  # characters of code that a sentence bears


def near(
    around: Surroundings,
    injections: Injections,
    found: list[Injection],
    likely: list[Injection],
    who: re.Pattern[str],
) -> str:
    """Return what a refusal says of it, in brackets; nothing where nothing comes near.

    `found` are dependencies that would be right, if they had names; `likely` ones may let anybody
    in. `who` says of the name of a parameter that a user comes.
    """
    for each in found:
        if injections.symbol(each) is None:
            return _without_name(each)
    objects = list(_objects(around, who))
    if objects:
        counted = Counter(map(_text, objects))
        best = max(objects, key=lambda each: (_is_just(each, who), counted[_text(each)]))
        return f" ({_named(best) if isinstance(_given(best), Name) else _made(best)})"
    named = (injections.symbol(each) for each in likely if any(_is_just(u, who) for u in each.uses))
    for symbol in filter(None, named):
        return f" (`{symbol}` gives one, but is not seen to refuse anybody)"
    count = sum(_ON_REQUEST.search(each.function.text) is not None for each in around.routes)
    if count:
        return (
            f" ({count} read `request.user`, which is none: a function that returns it, and"
            " refuses strangers, would be one)"
        )
    return ""


def _without_name(injection: Injection) -> str:
    outer = injection.function.outer
    if outer is not None and not outer.is_module:
        return (
            f" (`{outer.name}(…)` makes one wherever it is called: `current_user = {outer.name}()`"
            f" in {outer.module.path} would give it a name)"
        )
    for use in injection.uses:
        return f" ({_made(use)})"
    return ""


def _objects(around: Surroundings, who: re.Pattern[str]) -> Iterator[Dependency]:
    """Yield the dependencies of parameters that an object gives a user to."""
    for each in around.dependencies:
        is_object = isinstance(each.provided, Instance) and isinstance(
            around.codebase.resolver.member(each.provided, "__call__"), FunctionValue
        )
        if is_object and each.parameter is not None and who.search(each.parameter.name):
            yield each


def _is_just(dependency: Dependency, who: re.Pattern[str]) -> bool:
    """Tell whether nothing but a user comes."""
    name = dependency.parameter.name if dependency.parameter is not None else ""
    return who.fullmatch(name.strip("_").removeprefix("current_")) is not None


def _named(dependency: Dependency) -> str:
    return f"`{_text(dependency)}` in {dependency.scope.module.path} is an object that may be one"


def _made(dependency: Dependency) -> str:
    written, provided = _text(dependency), dependency.provided
    made = provided.of if isinstance(provided, Instance) else None
    module = made.module if isinstance(made, Class) else dependency.scope.module
    return (
        f"`{written}` makes one wherever it is written: `current_user = {written}` in"
        f" {module.path} would give it a name"
    )


def _given(dependency: Dependency) -> Expression | None:
    return dependency.call.argument(0, "dependency")


def _text(dependency: Dependency) -> str:
    node = _given(dependency)
    text = "" if node is None else " ".join(dependency.scope.module.source(node).split())
    return text if len(text) <= _WIDEST else f"{text[:_WIDEST]}…"
