"""Lines that are too long are broken where their meaning stays."""

import ast
import subprocess

import pytest
from ruff import find_ruff_bin

from fastwright.scaffolds.house.wrapping import wrapped

LONG = "words " * 20


def test_what_fits_stays_as_it_is() -> None:
    text = '"""Some words."""\n\nNAME = "x"  # why\n'

    assert wrapped(text, 40) == text


def test_comments_go_on_in_the_next_line() -> None:
    text = f"def f():\n    # {LONG}\n    return 1\n"

    lines = wrapped(text, 40).splitlines()

    assert max(map(len, lines)) <= 40
    assert all(line.startswith("    # words") for line in lines[1:-1])


def test_docstrings_close_on_a_line_of_their_own() -> None:
    text = (
        f'def f():\n    """{LONG.strip()}."""\n\n\ndef g():\n    """Short.\n\n    {LONG}\n    """\n'
    )

    new = wrapped(text, 40)

    assert max(map(len, new.splitlines())) <= 40
    docstrings = [ast.get_docstring(each) for each in ast.parse(new).body]  # type: ignore[arg-type]
    words = [" ".join((docstring or "").split()) for docstring in docstrings]
    assert words == [f"{LONG.strip()}.", f"Short. {LONG.strip()}"]


@pytest.mark.parametrize("length", [28, 31, 32, 33, 36])
def test_formatters_find_no_docstring_that_they_make_too_long_again(length: int) -> None:
    sentence = f"{'a ' * ((length - 2) // 2)}{'b' * (length % 2 + 1)}."
    new = wrapped(f'def f():\n    """{sentence}"""\n', 40)

    done = subprocess.run(
        [find_ruff_bin(), "format", "--isolated", "--line-length", "40", "-"],
        input=new,
        capture_output=True,
        check=True,
        text=True,
    )

    assert max(map(len, done.stdout.splitlines())) <= 40


def test_texts_have_the_same_value_in_pieces() -> None:
    path = "/posts/{post_id}/comments/{comment_id}/reactions/{reaction_id}"
    text = f'A = "{LONG}"\nB = {{("GET", "{path}"): 1}}\nC = f"{{A}} {LONG}"\n'

    new = wrapped(text, 50)

    before: dict[str, object] = {}
    after: dict[str, object] = {}
    exec(text, before)
    exec(new, after)
    assert [after[name] for name in "ABC"] == [before[name] for name in "ABC"]
    assert new != text
