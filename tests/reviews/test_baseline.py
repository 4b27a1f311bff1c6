"""A baseline: written whole, read strictly, compared by identity."""

import json
from pathlib import Path

import pytest

from fastwright.errors import BaselineError
from fastwright.practice import Finding
from fastwright.reviews import baseline
from fastwright.reviews.identities import Identity, identify
from fastwright.reviews.sources import Sources
from tests.reviews.examples import defect

TEXT = "danger(1)\ndanger(2)\n"
FIRST, SECOND = defect("a.py", 1), defect("a.py", 2)


def _found(*findings: Finding) -> list[tuple[Finding, Identity]]:
    return list(identify(findings, Sources({"a.py": TEXT})))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a baseline that accepts the first finding."""
    file = tmp_path / "baseline.json"
    baseline.update(_found(FIRST), file, covers=lambda _: True)
    return file


def test_accepted_findings_are_taken_away(file: Path) -> None:
    settled = baseline.compare(_found(FIRST, SECOND), file, covers=lambda _: True)
    assert (settled.new, settled.stale) == ([SECOND], 0)


def test_entries_that_are_not_found_any_more_are_counted(file: Path) -> None:
    assert baseline.compare([], file, covers=lambda _: True).stale == 1
    assert baseline.compare([], file, covers=lambda _: False).stale == 0


def test_writing_anew_keeps_what_the_review_could_not_have_found(file: Path) -> None:
    baseline.update(_found(SECOND), file, covers=lambda _: False)
    assert len(baseline.read(file)) == 2
    baseline.update(_found(SECOND), file, covers=lambda _: True)
    assert len(baseline.read(file)) == 1


def test_an_entry_is_a_line_and_the_order_is_fixed(tmp_path: Path) -> None:
    one, other = tmp_path / "one.json", tmp_path / "other.json"
    baseline.update(_found(FIRST, SECOND), one, covers=lambda _: True)
    baseline.update(_found(SECOND, FIRST), other, covers=lambda _: True)
    assert one.read_text() == other.read_text()
    assert len(one.read_text().splitlines()) == 7
    assert len(json.loads(one.read_text())["findings"]) == 2


def test_an_empty_baseline_can_be_read(tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    baseline.write(file, [])
    assert baseline.read(file) == frozenset()
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"version": 2, "findings": []}', '{"version": 1, "findings": [{"x": 1}]}'],
)
def test_a_file_that_is_no_baseline_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "baseline.json"
    file.write_text(text)
    with pytest.raises(BaselineError):
        baseline.read(file)


def test_a_missing_file_and_a_folder_that_refuses_are_errors(tmp_path: Path) -> None:
    with pytest.raises(BaselineError):
        baseline.read(tmp_path / "missing.json")
    with pytest.raises(BaselineError):
        baseline.write(tmp_path / "nowhere" / "baseline.json", [])
