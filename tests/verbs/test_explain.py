"""`explain`: one practice, a topic, or all."""

import pytest

from fastwright import catalogue
from fastwright.errors import UnknownPracticeError
from fastwright.verbs.explain import explain


def test_all_practices_are_told_in_the_catalogues_order() -> None:
    assert tuple(explain()) == catalogue.names()


def test_one_practice_or_a_topic_can_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "PACKAGE", "tests.sample_practices")
    assert list(explain("calls/no-danger")) == ["calls/no-danger"]
    assert list(explain("naming")) == ["naming/lower-case"]


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(UnknownPracticeError):
        explain("nothing")
