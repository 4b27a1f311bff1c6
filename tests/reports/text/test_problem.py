"""Text about what went wrong."""

import pytest

from fastwright.errors import ImpossibleNameError
from fastwright.reports.text import problem


def test_an_error_goes_to_standard_error_with_its_suggestion(
    capsys: pytest.CaptureFixture[str],
) -> None:
    problem.error(ImpossibleNameError("No.", suggestion="shop"))
    assert capsys.readouterr() == ("", "No. Try: shop\n")
