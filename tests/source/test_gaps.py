"""Comments and blank lines are no code; what only looks like them is."""

import pytest

from fastwright.source import facts, gaps
from fastwright.source.gaps import Gaps


def gaps_of(text: bytes) -> Gaps:
    return Gaps(gaps.pack(text, facts.parse(text)))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"x = 1  # one\ny = 2\n", b"x = 1\ny = 2\n"),
        (b"# one\n\n  # two\nx = 1\n", b"x = 1\n"),
        (b"f(\n    1,  # one\n\n    2,\n)\n", b"f(\n    1,\n    2,\n)\n"),
        (b"x = '# no'\n", b"x = '# no'\n"),
        (b"x = '''\n\n# no\n'''\n", b"x = '''\n\n# no\n'''\n"),
        (b"x = 1\n# at the end", b"x = 1\n"),
        (b"# only", b""),
        (b"", b""),
    ],
)
def test_code_is_what_is_between_the_gaps(text: bytes, code: bytes) -> None:
    assert gaps_of(text).without(text, 0, len(text)) == code


def test_offsets_lead_to_the_code_and_back() -> None:
    text = b"# one\nx = 1  # two\n\ny = 2\n"
    found = gaps_of(text)
    for name in (b"x", b"1", b"y", b"2"):
        in_code = found.in_code(text.index(name + (b" " if name.isalpha() else b"")))
        assert b"x = 1\ny = 2\n"[in_code : in_code + 1] == name
        assert text[found.in_text(in_code) :][:1] == name


def test_the_same_code_is_known_by_the_same_digest() -> None:
    one, other = facts.pack(b"x = 1\n\n# a\n"), facts.pack(b"# b\nx = 1  # c")
    assert facts.code_of(one) == facts.code_of(other) != facts.code_of(facts.pack(b"x = 2"))
