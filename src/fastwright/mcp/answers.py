"""What the tools answer of what the verbs found: the most urgent first, and no more than fits."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any, Literal, get_args

from fastwright.mcp.pages import CHARACTERS_A_TOKEN, Item, Part, fitted
from fastwright.mcp.schemas import FixAnswer, ModelAnswer, NewAnswer, ReviewAnswer

Section = Literal[
    "applications",
    "routers",
    "routes",
    "entries",
    "schemas",
    "tables",
    "settings",
    "migrations",
    "unknown",
    "unresolved",
]
SECTIONS: tuple[str, ...] = get_args(Section)

_MOST_PLACES, _MOST_STEPS, _MOST_NOTES = 10, 12, 10
_LONGEST_MESSAGE = 600


def model(
    found: Item,
    root: str,
    section: str | None,
    contains: str | None,
    part: Part,
) -> ModelAnswer:
    """Return a part of a model's section, or without one the overview."""
    chosen = found.get(section, []) if section else []
    items = [each for each in chosen if not contains or contains in json.dumps(each)]
    overview = {
        "root": root,
        "sections": {each: len(found.get(each) or ()) for each in SECTIONS},
        "summary": found["summary"],
        "entrypoint": found["entrypoint"],
    }
    shown, following = part.of(items, beside=overview)
    return ModelAnswer(**overview, section=section, items=shown, next_cursor=following)


def review(found: Item, part: Part) -> ReviewAnswer:
    """Return a part of the findings, with the summary of all."""
    findings = found["findings"]
    summary = found["summary"]
    rest = {
        "root": found["root"],
        "total": len(findings),
        "by_practice": dict(Counter(each["practice"] for each in findings)),
        "summary": fitted(_summary(summary), part.tokens // 4),
        "endpoints": [] if part.cursor is not None else _endpoints(found, part.tokens // 2),
    }
    shown, following = part.of([_shortened(each) for each in findings], beside=rest)
    return ReviewAnswer.model_validate({**rest, "findings": shown, "next_cursor": following})


def _summary(summary: Item) -> Item:
    """Return a summary with the first of what it lists."""
    counts = {name: value for name, value in summary.items() if not isinstance(value, list)}
    lists = {
        name: value[:_MOST_NOTES] for name, value in summary.items() if isinstance(value, list)
    }
    return {**counts, **lists, "more_unknown": max(len(summary["unknown"]) - _MOST_NOTES, 0)}


def _endpoints(found: Item, most: int) -> list[Item]:
    """Return the endpoints that were asked for, in so many tokens together."""
    endpoints = found.get("endpoints", [])[:_MOST_NOTES]
    return [fitted({**each, "cut": False}, most // len(endpoints)) for each in endpoints]


def _shortened(finding: Item) -> Item:
    """Return a finding of which nothing is too long: it says what it leaves out."""
    places, chain, message = finding["places"], finding["chain"], finding["message"]
    if len(chain) > _MOST_STEPS:
        left = len(chain) - _MOST_STEPS
        gap = {**chain[_MOST_STEPS // 2], "text": f"… {left} more calls …"}
        chain = [*chain[: _MOST_STEPS // 2], gap, *chain[-_MOST_STEPS // 2 :]]
    if len(message) > _LONGEST_MESSAGE:
        message = f"{message[:_LONGEST_MESSAGE]}…"
    more = max(len(places) - _MOST_PLACES, 0)
    return {
        **finding,
        "message": message,
        "chain": chain,
        "places": places[:_MOST_PLACES],
        "more_places": more,
        "cut": False,
    }


def briefly(document: Item, most: int) -> Item:
    """Return an explanation with the best answer in full, and names and rules of the others.

    It takes no more than so many tokens.
    """
    best = document["best"]
    practices = [
        each if each["name"] == best else {part: each[part] for part in ("name", "kind", "rule")}
        for each in document["practices"]
    ]
    patterns = [
        each if each["name"] == best else {part: each[part] for part in ("name", "question")}
        for each in document["patterns"]
    ]
    return fitted({**document, "practices": practices, "patterns": patterns}, most)


def fix(found: Item, plan_id: str | None, most: int) -> FixAnswer:
    """Return what is mended in so many tokens; findings are counted, and long diffs cut."""
    left: dict[str, Counter[str]] = {}
    for each in found["left"]:
        left.setdefault(each["why"], Counter())[each["practice"]] += 1
    document = {
        **found,
        "fixed": dict(Counter(each["practice"] for each in found["fixed"])),
        "left": {why: dict(counts) for why, counts in left.items()},
        "plan_id": plan_id,
    }
    return FixAnswer.model_validate(fitted({**document, "cut": False}, most))


def written(found: Item, plan_id: str | None, most: int) -> Item:
    """Return what is written in so many tokens: every file is named, and long diffs are cut."""
    files = found["files"]
    share = most * CHARACTERS_A_TOKEN // (2 * max(len(files), 1))
    shown = [{**each, "diff": _beginning(each["diff"], share)} for each in files]
    return fitted({**found, "files": shown, "plan_id": plan_id, "cut": shown != files}, most)


def _beginning(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[:length]}…"


def project(plan: Mapping[str, Any], plan_id: str | None, *, made: bool) -> NewAnswer:
    """Return a project; its files are counted."""
    tops = (file.partition("/") for file in plan["files"])
    return NewAnswer(
        name=plan["name"],
        path=plan["path"],
        made=made,
        domains=plan["domains"],
        files=len(plan["files"]),
        folders=dict(Counter(top if rest else "." for top, _, rest in tops)),
        steps=plan["steps"],
        next=plan["next"],
        plan_id=plan_id,
    )
