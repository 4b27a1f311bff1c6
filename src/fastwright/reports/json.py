"""Plain values for programs, which are told as JSON: for a result and for an error alike."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

from fastwright.changes import diffs
from fastwright.contract.change import Comparison, Weight
from fastwright.errors import FastwrightError
from fastwright.practice import Finding, Kind, Place, Practice, Step
from fastwright.reviews.review import Dependency, Endpoint, Review

if TYPE_CHECKING:
    # Most commands need few of these.
    from fastwright.agents.plan import AgentPlan
    from fastwright.answer import Answer
    from fastwright.changes.history import Undoing
    from fastwright.fixes.plan import Plan
    from fastwright.fixes.proof import Proof
    from fastwright.pattern import Pattern
    from fastwright.projects.plan import Project
    from fastwright.scaffolds.plan import Plan as Added
    from fastwright.scaffolds.room import Room

Document = dict[str, object]


def project(shown: "Project") -> Document:
    """Return a project, planned or made: its steps' outcomes tell which."""
    return {
        "name": shown.name,
        "path": str(shown.path.absolute()),
        "domains": {
            "included": list(shown.domains.included),
            "added": [
                {"name": name, "needed_by": list(by)} for name, by in shown.domains.added.items()
            ],
            "left_out": list(shown.domains.left_out),
        },
        "files": [str(file.path) for file in shown.files],
        "steps": [
            {"name": step.name, "outcome": step.outcome, "detail": step.detail}
            for step in shown.steps
        ],
        "next": [command.line for command in shown.next_commands],
    }


def review(shown: Review) -> Document:
    """Return a review: its findings, and in the summary what was read and stayed unknown.

    Paths are relative to the reviewed root, lines and columns count from 1.
    """
    document: Document = {
        "findings": [_finding(each) for each in shown.findings],
        "summary": _summary(shown),
    }
    if shown.endpoints:
        document["endpoints"] = [_endpoint(each) for each in shown.endpoints]
    return document


def agent(shown: "AgentPlan", *, done: bool) -> Document:
    """Return what is or would be done to the files that assistants read."""
    return {
        "assistants": list(shown.assistants),
        "done": done,
        "files": [
            {"path": each.shown, "action": each.action, "note": each.note, "snippet": each.snippet}
            for each in shown.changes
        ],
    }


def adding(shown: "Added") -> Document:
    """Return what `add` writes, or has written, and what it leaves to the user."""
    return {
        "root": str(shown.root),
        "command": shown.command,
        "written": shown.written,
        "files": [
            {"path": each.path, "action": each.action, "diff": "".join(diffs.unified(each.rewrite))}
            for each in shown.entries
        ],
        "to_paste": [asdict(each) for each in shown.to_paste],
        "to_run": [{"command": each.line, "why": each.purpose} for each in shown.to_run],
        "notes": list(shown.notes),
        "next": [command.line for command in shown.next_commands],
        "recovered": shown.recovered and asdict(shown.recovered),
    }


def room(shown: "Room") -> Document:
    """Return what is found of a project, with the places of facts."""
    return {
        **{
            name: value
            for name, value in asdict(shown).items()
            if name not in {"root", "found", "parts"}
        },
        "root": str(shown.root),
        "parts": {part.value: path for part, path in shown.parts.items()},
        "found": {fact: asdict(place) for fact, place in shown.found.items()},
    }


def undoing(shown: "Undoing") -> Document:
    """Return what is taken back, or was."""
    return {
        "root": str(shown.root),
        "command": shown.record.command,
        "written": shown.written,
        "files": [
            {
                "path": each.path,
                "action": "remove" if each.after is None else "restore",
                "diff": "".join(diffs.unified(each)),
            }
            for each in shown.shown
        ],
        "recovered": shown.recovered and asdict(shown.recovered),
    }


def comparison(shown: Comparison) -> Document:
    """Return what has changed in a contract."""
    return {
        "changes": [
            {"weight": each.weight, "where": each.where, "what": each.what}
            for each in shown.changes
        ],
        "summary": {weight: shown.number(weight) for weight in Weight},
    }


def fix(shown: "Plan") -> Document:
    """Return what was mended, or would be, with the proof and what stays."""
    return {
        "root": str(shown.root),
        "written": shown.written,
        "fixed": [_finding(each) for each in shown.fixed],
        "files": [
            {"path": each.path, "diff": "".join(diffs.unified(each))} for each in shown.rewrites
        ],
        "left": [{**_finding(each.finding), "why": each.why} for each in shown.left],
        "recovered": shown.recovered and asdict(shown.recovered),
        "proof": shown.proof and _proof(shown.proof),
    }


def _proof(shown: "Proof") -> Document:
    return {
        "holds": shown.holds,
        "contract": shown.contract and comparison(shown.contract),
        "unproven": shown.unproven,
        "tests": shown.tests,
        "broken": list(shown.broken),
        "unsteady": list(shown.unsteady),
    }


def answer(shown: "Answer") -> Document:
    """Return what answers a question; only the best pattern has its parts."""
    document = practices(shown.practices)
    document["patterns"] = [
        _pattern(name, pattern, shown.examples if name == shown.best else ())
        for name, pattern in shown.patterns.items()
    ]
    return document | {
        "best": shown.best,
        "others": list(shown.others),
        "places": [_step(each) for each in shown.places],
        "further_places": shown.further,
        "codebase": {"looked": shown.looked, "unread": shown.unread},
    }


def practices(shown: Mapping[str, Practice]) -> Document:
    """Return practices with their explanations."""
    return {
        "practices": [
            {
                "name": name,
                "kind": practice.kind,
                "rule": practice.explanation.rule,
                "why": practice.explanation.why,
                "bad": practice.explanation.bad,
                "good": practice.explanation.good,
                "when_not": practice.explanation.when_not,
                "fix_safety": practice.explanation.fix_safety,
                "references": dict(practice.explanation.references),
            }
            for name, practice in shown.items()
        ]
    }


def error(shown: FastwrightError) -> Document:
    """Return an error with its stable code."""
    return {"error": {"code": shown.code, "message": shown.message, "suggestion": shown.suggestion}}


def text(document: object) -> str:
    """Return plain values as JSON."""
    # Whatever a file's name holds, the output is UTF-8.
    return (
        json.dumps(document, indent=2, ensure_ascii=False).encode(errors="replace").decode() + "\n"
    )


def _pattern(name: str, shown: "Pattern", examples: tuple[str, ...]) -> Document:
    document: Document = {
        "name": name,
        "question": shown.question,
        "answer": shown.answer,
        "otherwise": shown.otherwise,
        "practices": list(shown.practices),
    }
    if examples:
        document["parts"] = [
            {"text": part.text, "file": part.file, "example": example}
            for part, example in zip(shown.parts, examples, strict=True)
        ]
    return document


def _finding(shown: Finding) -> Document:
    return {
        "practice": shown.practice,
        "kind": shown.kind,
        "path": shown.at.path,
        "line": shown.at.line,
        "column": shown.at.column,
        "end_line": shown.at.end_line,
        "symbol": shown.at.symbol,
        "message": shown.message,
        "chain": [_step(each) for each in shown.chain],
        "fix": shown.fix.safety if shown.fix else None,
        "places": [_place(each) for each in shown.places],
    }


def _place(shown: Place) -> Document:
    return {"path": shown.path, "line": shown.line, "symbol": shown.symbol}


def _step(shown: Step) -> Document:
    return {"path": shown.path, "line": shown.line, "text": shown.text}


def _summary(shown: Review) -> Document:
    return {
        **shown.counts,
        "findings": len(shown.findings),
        "kinds": {kind: shown.number(kind) for kind in Kind},
        "suppressed": shown.suppressed,
        "accepted": shown.accepted,
        "stale": shown.stale,
        "unknown": [_step(each) for each in shown.unknown],
        "unreadable": [{"path": path, "reason": reason} for path, reason in shown.unreadable],
        "partly_read": [_step(each) for each in shown.partly_read],
        "failures": [{"practice": each.practice, "reason": each.reason} for each in shown.failures],
    }


def _endpoint(shown: Endpoint) -> Document:
    return {
        "methods": list(shown.methods),
        "path": shown.path,
        "name": shown.name,
        "at": _place(shown.at),
        "dependencies": [_dependency(each) for each in shown.dependencies],
        "reached": shown.reached,
        "unknown": [_step(each) for each in shown.unknown],
    }


def _dependency(shown: Dependency) -> Document:
    return {
        "name": shown.name,
        "at": _place(shown.at) if shown.at else None,
        "dependencies": [_dependency(each) for each in shown.dependencies],
    }
