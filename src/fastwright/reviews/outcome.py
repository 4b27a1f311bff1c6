"""What the checks say about a codebase, before comments, baselines or revisions take any away."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fastwright.application import understanding
from fastwright.application.application import Application
from fastwright.practice import Finding, Practice, Step
from fastwright.reviews import checks
from fastwright.reviews.checks import Watch
from fastwright.reviews.review import Failure


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


def of(application: Application, practices: Mapping[str, Practice], watch: Watch) -> Outcome:
    """Return what the practices find in an application, and how much of it was understood."""
    findings, failures = checks.run(practices, application, watch)
    codebase = application.codebase
    return Outcome(
        findings=tuple(findings),
        failures=failures,
        counts=understanding.summary(application),
        unknown=tuple(understanding.unknowns(application)),
        partly_read=tuple(_partly_read(application)),
        unreadable=tuple((each.path, each.reason) for each in codebase.unreadable),
        ignores=tuple(
            (module.path, line, text)
            for module in codebase.modules
            for line, text in module.ignores
        ),
    )


def _partly_read(application: Application) -> Iterator[Step]:
    """Yield the first line of each file that is no valid Python; the rest of it is read."""
    for module in application.codebase.own_modules:
        if module.facts.errors:
            yield Step(module.path, module.facts.first_error, "is no valid Python")
