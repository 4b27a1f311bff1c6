"""Workflow commands: one line each, whatever is in them."""

from dataclasses import replace

from fastwright.reports import github
from tests.reports.reviews import DEFECT, EMPTY, REVIEW


def test_each_kind_has_its_command_and_paths_lead_from_the_repository() -> None:
    defect, practice, left_out, partly_read, closing, *aside = github.review(
        REVIEW, "backend/"
    ).splitlines()
    assert defect == (
        "::error file=backend/app/größe %25.py,line=2,col=10,title=calls/no-danger (defect)"
        "::Leave out `danger()`."
        "%0Abackend/app/größe %25.py:2 `create` calls `helper`"
        "%0Abackend/app/helper.py:7 `danger()` is called"
        "%0AMore: fastwright explain calls/no-danger"
    )
    assert practice.startswith("::notice file=backend/app/main.py,line=1,col=5,")
    assert "::Rename `Shout`. (and 2 more places)%0A" in practice
    assert left_out.startswith("::warning file=backend/app/broken.py::Left out")
    assert partly_read.startswith("::warning file=backend/app/torn.py,line=4::This is no valid")
    assert aside == [
        "1 finding accepted by comments.",
        "The findings in 2 places are not new.",
        "3 entries of the baseline not found any more: --update-baseline removes them.",
    ]
    assert closing == "1 defect and 1 house practice in 3 files with 1 route."


def test_nothing_in_a_finding_can_begin_a_command_or_a_property() -> None:
    nasty = replace(
        DEFECT,
        at=replace(DEFECT.at, path="a,title=x:b\n.py"),
        message="100%\r\n::error::forged",
        chain=(),
    )
    line, _ = github.review(replace(REVIEW, findings=(nasty,), unreadable=())).split("\n", 1)
    assert line.startswith("::error file=a%2Ctitle=x%3Ab%0A.py,line=2,")
    assert "::100%25%0D%0A::error::forged%0A" in line


def test_nothing_found_is_said() -> None:
    assert github.review(EMPTY) == "No findings in 1 file with 0 routes.\n"
