"""A finding is the same one wherever its line moves to, and another when its line says else."""

from fastwright.practice import Finding
from fastwright.reviews.identities import Identity, identify
from fastwright.reviews.sources import Sources
from tests.reviews.examples import defect


def _identities(text: str, *findings: Finding) -> list[Identity]:
    return [identity for _, identity in identify(findings, Sources({"a.py": text}))]


def test_a_moved_and_indented_line_is_the_same() -> None:
    assert _identities("danger()\n", defect("a.py", 1)) == _identities(
        "import x\n\nif x:\n    danger()\r\n", defect("a.py", 4)
    )


def test_another_line_symbol_or_file_is_not() -> None:
    (one,) = _identities("danger(1)\n", defect("a.py", 1))
    assert _identities("danger(2)\n", defect("a.py", 1)) != [one]
    assert _identities("danger(1)\n", defect("a.py", 1, symbol="f")) != [one]
    assert _identities("danger(1)\n", defect("b.py", 1)) != [one]


def test_equal_lines_are_told_apart_in_their_order() -> None:
    text = "danger()\ndanger()\n"
    second, first = defect("a.py", 2), defect("a.py", 1)
    found = dict(identify([second, first], Sources({"a.py": text})))
    assert (found[first].ordinal, found[second].ordinal) == (1, 2)


def test_a_line_is_not_written_down() -> None:
    (identity,) = _identities("SECRET = 'hunter2'\n", defect("a.py", 1))
    assert "hunter2" not in str(identity)
