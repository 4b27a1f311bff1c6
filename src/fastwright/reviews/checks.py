"""Runs the practices' checks over an application; one that breaks down stops no other."""

import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace

from fastwright.application.application import Application
from fastwright.application.folders import is_copy
from fastwright.application.units import Unit
from fastwright.practice import Finding, Practice
from fastwright.reviews.review import Failure

Watch = Callable[[str, int, int], None]
# What was found in each unit, in the order of finding.
Found = dict[Unit, list[Finding]]


def run(
    practices: Mapping[str, Practice], application: Application, watch: Watch
) -> tuple[Found, tuple[Failure, ...]]:
    """Return what the practices find, with their names and kinds, and which of them failed."""
    findings: Found = {}
    failures = []
    for done, (name, practice) in enumerate(practices.items()):
        watch("checking", done, len(practices))
        found = _check(name, practice, application)
        if isinstance(found, Failure):
            failures.append(found)
        else:
            findings.update(found)
    watch("checking", len(practices), len(practices))
    return findings, tuple(failures)


def _check(name: str, practice: Practice, application: Application) -> Found | Failure:
    found: Found = {}
    try:
        for unit, finding in application.units.whole(name, practice.check(application)):
            # A copy of former code runs no more; a secret in it is known all the same.
            if is_copy(finding.at.path) and not name.startswith("settings/"):
                continue
            stamped = replace(finding, practice=name, kind=practice.kind)
            found.setdefault(unit, []).append(stamped)
    except Exception as error:  # noqa: BLE001 - whatever it is, the others are still of use
        return Failure(name, _reason(error))
    return found


def _reason(error: Exception) -> str:
    """Return an error with the place in this program where it came from."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename.rpartition('fastwright/')[2]}:{frames[-1].lineno}"
    return f"{type(error).__name__}: {error} ({place})"
