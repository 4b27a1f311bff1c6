"""What the checks say about a codebase, before comments, baselines or revisions take any away."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from fastwright.application import understanding
from fastwright.application.application import Application
from fastwright.application.units import Unit
from fastwright.practice import Finding, Practice, Step
from fastwright.reviews import checks
from fastwright.reviews.checks import Watch
from fastwright.reviews.review import Failure

# What of a review is no practice's, by the names of its units: no practice has such a name.
CALLS, ROUTES, UNKNOWN = "calls", "routes", "unknown"
OTHERS = (CALLS, ROUTES, UNKNOWN)
# What is said in each unit: findings, or for the names above what `understanding` counts.
Said = Mapping[Unit, Iterable[Any]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that a review takes from an application.

    `ignores` are the comments that speak to this program, as (path, line, text); `unreadable`
    files have a reason each; `counts`, `unknown` and `partly_read` are as in `Review`.
    """

    findings: tuple[Finding, ...]
    failures: tuple[Failure, ...]
    counts: Mapping[str, int]
    unknown: tuple[Step, ...]
    partly_read: tuple[Step, ...]
    unreadable: tuple[tuple[str, str], ...]
    ignores: tuple[tuple[str, int, str], ...]


NOTHING = Outcome((), (), {}, (), (), (), ())


def of(application: Application, practices: Mapping[str, Practice], watch: Watch) -> Outcome:
    """Return what the practices find in an application, and how much of it was understood."""
    said, failures = judge(application, practices, watch)
    return whole(application, said, failures)


def judge(
    application: Application,
    practices: Mapping[str, Practice],
    watch: Watch,
    is_asked: Callable[[str], bool] = lambda _name: True,
) -> tuple[Said, tuple[Failure, ...]]:
    """Return what is said in each unit that is asked for, and which practices failed.

    `is_asked` tells which of `OTHERS` are asked for.
    """
    said: dict[Unit, list[Any]] = {}
    found, failures = checks.run(practices, application, watch)
    said.update(found)
    for name, count in zip(OTHERS, (understanding.counted, _routes, _unknown), strict=True):
        if is_asked(name):
            for unit, one in application.units.whole(name, count(application)):
                said.setdefault(unit, []).append(one)
    return said, failures


def whole(application: Application, said: Said, failures: tuple[Failure, ...]) -> Outcome:
    """Return the outcome of all units."""
    found = about_files(application, failures)
    return replace(found, **summed(said, found.counts))


def about_files(application: Application, failures: tuple[Failure, ...]) -> Outcome:
    """Return an outcome without what units say."""
    codebase = application.codebase
    counts = {
        "files": len(codebase.modules),
        "lines": sum(module.lines for module in codebase.modules),
        "functions": sum(len(module.functions) - 1 for module in codebase.own_modules),
    }
    return Outcome(
        findings=(),
        failures=failures,
        counts=counts,
        unknown=(),
        partly_read=tuple(_partly_read(application)),
        unreadable=tuple((each.path, each.reason) for each in codebase.unreadable),
        ignores=tuple(
            (module.path, line, text)
            for module in codebase.modules
            for line, text in module.ignores
        ),
    )


def summed(said: Said, counts: Mapping[str, int]) -> dict[str, Any]:
    """Return the parts of an outcome that all units together say; `counts` are of the files."""
    findings = chain.from_iterable(each for unit, each in said.items() if unit[0] not in OTHERS)
    calls = chain.from_iterable(each for unit, each in said.items() if unit[0] == CALLS)
    routes = sum(said.get((ROUTES, None), ()))
    return {
        "findings": tuple(dict.fromkeys(findings)),
        "counts": {**counts, "routes": routes, **understanding.total(calls)},
        "unknown": tuple(said.get((UNKNOWN, None), ())),
    }


def _routes(application: Application) -> Iterator[int]:
    yield len(application.routes)


def _unknown(application: Application) -> Iterator[Step]:
    yield from understanding.unknowns(application)


def _partly_read(application: Application) -> Iterator[Step]:
    """Yield the first line of each file that is no valid Python; the rest of it is read."""
    for module in application.codebase.own_modules:
        if module.facts.errors:
            yield Step(module.path, module.facts.first_error, "is no valid Python")
