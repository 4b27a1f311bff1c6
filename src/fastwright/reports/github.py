"""Workflow commands of GitHub Actions: each finding becomes an annotation on its line.

Source: “Workflow commands for GitHub Actions” in GitHub's documentation.
"""

from fastwright.practice import Finding, Kind
from fastwright.reports import phrases
from fastwright.reviews.review import Review

_COMMANDS = {Kind.DEFECT: "error", Kind.RISK: "warning", Kind.PRACTICE: "notice"}


def review(shown: Review, prefix: str = "") -> str:
    """Return a review as commands; `prefix` leads from the repository to the reviewed root."""
    lines = [_finding(each, prefix) for each in shown.findings]
    lines += [
        f"::warning file={_property(prefix + path)}::{_data(f'Left out of the review: {reason}')}"
        for path, reason in shown.unreadable
    ]
    lines += [
        f"::warning file={_property(prefix + each.path)},line={each.line}::"
        + _data("This is no valid Python; the rest of the file was reviewed.")
        for each in shown.partly_read
    ]
    lines.append(f"{phrases.findings(shown)} in {phrases.looked_at(shown)}.")
    lines += phrases.set_aside(shown)
    return "".join(f"{line}\n" for line in lines)


def _finding(shown: Finding, prefix: str) -> str:
    at = shown.at
    # Not where it ends: the annotation would stand there, below a whole function.
    properties = {
        "file": f"{prefix}{at.path}",
        "line": at.line,
        "col": at.column,
        "title": f"{shown.practice} ({shown.kind})",
    }
    described = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    steps = [f"{prefix}{step.path}:{step.line} {step.text}" for step in shown.chain]
    more = f"More: fastwright explain {shown.practice}"
    text = "\n".join([phrases.message(shown), *steps, more])
    return f"::{_COMMANDS[shown.kind]} {described}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: object) -> str:
    return _data(str(value)).replace(":", "%3A").replace(",", "%2C")
