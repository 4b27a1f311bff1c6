"""Diffs read as those of git."""

from fastwright.changes import diffs
from fastwright.changes.journal import Rewrite


def test_a_diff_tells_of_a_missing_line_end() -> None:
    shown = "".join(diffs.unified(Rewrite("a.py", b"one", b"one\ntwo")))
    assert shown == (
        "--- a/a.py\n+++ b/a.py\n@@ -1 +1,2 @@\n-one\n\\ No newline at end of file\n"
        "+one\n+two\n\\ No newline at end of file\n"
    )


def test_a_diff_tells_of_files_that_are_made_and_that_go() -> None:
    made = list(diffs.unified(Rewrite("a.py", None, b"one\n")))
    gone = list(diffs.unified(Rewrite("a.py", b"one\n", None)))

    assert made == ["--- /dev/null\n", "+++ b/a.py\n", "@@ -0,0 +1 @@\n", "+one\n"]
    assert gone == ["--- a/a.py\n", "+++ /dev/null\n", "@@ -1 +0,0 @@\n", "-one\n"]
