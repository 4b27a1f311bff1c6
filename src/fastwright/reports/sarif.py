"""SARIF 2.1.0, the format of code scanning services.

Source: OASIS, “Static Analysis Results Interchange Format (SARIF) Version 2.1.0”.
"""

import json
from importlib.metadata import version
from urllib.parse import quote

from fastwright.practice import Finding, Kind, Place, Practice, Step
from fastwright.reports import phrases
from fastwright.reviews.identities import Identity, identify
from fastwright.reviews.review import Review

_Value = dict[str, object]

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {Kind.DEFECT: "error", Kind.RISK: "warning", Kind.PRACTICE: "note"}
_ROOT = "SRCROOT"


def review(shown: Review, prefix: str = "") -> str:
    """Return a review; `prefix` leads from the repository's root to the reviewed one."""
    names = list(shown.practices)
    identities = dict(identify(shown.findings, shown.sources))
    run: _Value = {
        "tool": {
            "driver": {
                "name": "fastwright",
                "version": version("fastwright"),
                "rules": [_rule(name, shown.practices[name]) for name in names],
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository."}}},
        "invocations": [_invocation(shown, prefix)],
        "results": [
            _result(each, names.index(each.practice), identities[each], prefix)
            for each in shown.findings
        ],
    }
    document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return (
        json.dumps(document, indent=2, ensure_ascii=False).encode(errors="replace").decode() + "\n"
    )


def _rule(name: str, practice: Practice) -> _Value:
    explanation = practice.explanation
    topic, _, short = name.partition("/")
    code = f"Bad:\n\n{explanation.bad.strip()}\n\nGood:\n\n{explanation.good.strip()}"
    marked = (
        f"Bad:\n\n```python\n{explanation.bad.strip()}\n```\n\n"
        f"Good:\n\n```python\n{explanation.good.strip()}\n```"
    )
    head = f"{explanation.rule}\n\n{explanation.why}\n\n"
    tail = f"\n\nWhen not to: {explanation.when_not}\n\nFix safety: {explanation.fix_safety}"
    return {
        "id": name,
        "name": "".join(part.capitalize() for part in short.split("-")),
        "shortDescription": {"text": explanation.rule},
        "fullDescription": {"text": explanation.why},
        "help": {"text": f"{head}{code}{tail}", "markdown": f"{head}{marked}{tail}"},
        "defaultConfiguration": {"level": _LEVELS[practice.kind]},
        "properties": {"tags": [topic, str(practice.kind)]},
    }


def _result(shown: Finding, rule: int, identity: Identity, prefix: str) -> _Value:
    result: _Value = {
        "ruleId": shown.practice,
        "ruleIndex": rule,
        "level": _LEVELS[shown.kind],
        "message": {"text": phrases.message(shown)},
        "locations": [_location(shown.at, prefix)],
        "partialFingerprints": {
            "fastwright/v1": f"{identity.symbol}:{identity.text}:{identity.ordinal}"
        },
        "properties": {"kind": shown.kind, "fix": shown.fix.safety if shown.fix else None},
    }
    if shown.places:
        result["relatedLocations"] = [
            {"id": number, **_location(each, prefix), "message": {"text": "The same here."}}
            for number, each in enumerate(shown.places, 1)
        ]
    if shown.chain:
        result["codeFlows"] = [_code_flow(shown, prefix)]
    return result


def _code_flow(shown: Finding, prefix: str) -> _Value:
    """Return the chain, from the finding's own place on."""
    start = Step(shown.at.path, shown.at.line, shown.message)
    steps = shown.chain
    if (shown.chain[0].path, shown.chain[0].line) != (start.path, start.line):
        steps = (start, *shown.chain)
    return {"threadFlows": [{"locations": [{"location": _step(each, prefix)} for each in steps]}]}


def _step(step: Step, prefix: str) -> _Value:
    return {"physicalLocation": _physical(step, prefix), "message": {"text": step.text}}


def _physical(step: Step, prefix: str) -> _Value:
    return {
        "artifactLocation": _artifact(step.path, prefix),
        "region": {"startLine": max(step.line, 1)},
    }


def _location(place: Place, prefix: str) -> _Value:
    start = max(place.line, 1)
    location: _Value = {
        "physicalLocation": {
            "artifactLocation": _artifact(place.path, prefix),
            "region": {
                "startLine": start,
                "startColumn": max(place.column, 1),
                "endLine": max(place.end_line, start),
            },
        }
    }
    if place.symbol:
        location["logicalLocations"] = [{"fullyQualifiedName": place.symbol}]
    return location


def _invocation(shown: Review, prefix: str) -> _Value:
    left_out: list[_Value] = [
        {
            "level": "warning",
            "message": {"text": f"Left out: {reason}"},
            "locations": [{"physicalLocation": {"artifactLocation": _artifact(path, prefix)}}],
        }
        for path, reason in shown.unreadable
    ]
    left_out += [
        {
            "level": "warning",
            "message": {"text": "This is no valid Python; the rest of the file was reviewed."},
            "locations": [{"physicalLocation": _physical(each, prefix)}],
        }
        for each in shown.partly_read
    ]
    failed: list[_Value] = [
        {
            "level": "error",
            "message": {"text": f"The check failed: {each.reason}"},
            "associatedRule": {"id": each.practice},
        }
        for each in shown.failures
    ]
    return {
        "executionSuccessful": not shown.failures,
        "toolExecutionNotifications": left_out + failed,
    }


def _artifact(path: str, prefix: str) -> _Value:
    uri = quote(f"{prefix}{path}", errors="replace")
    return {"uri": uri, "uriBaseId": _ROOT}
