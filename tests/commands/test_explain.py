"""`fastwright explain` from outside."""

import json

from tests.conftest import Run

NAME = "async_routes/no-blocking-call"


def test_all_practices_are_listed_by_topic(fastwright: Run) -> None:
    shown = fastwright("explain")
    assert shown.returncode == 0
    assert "\nasync_routes\n" in f"\n{shown.stdout}"
    assert "  no-blocking-call " in shown.stdout


def test_a_topic_is_listed(fastwright: Run) -> None:
    shown = fastwright("explain", "fastwright")
    assert "  unused-ignore " in shown.stdout
    assert "no-blocking-call" not in shown.stdout


def test_one_practice_is_explained(fastwright: Run) -> None:
    shown = fastwright("explain", NAME)
    assert shown.stdout.startswith(f"{NAME}  defect\n")
    for part in ("Why", "Bad", "Good", "When not to", "Fix safety"):
        assert f"\n\n{part}\n" in shown.stdout


def test_it_can_be_json(fastwright: Run) -> None:
    (practice,) = json.loads(fastwright("explain", NAME, "--json").stdout)["practices"]
    assert practice["name"] == NAME


def test_a_misspelt_name_suggests_the_nearest(fastwright: Run) -> None:
    shown = fastwright("explain", "no-bloking-call")
    assert (shown.returncode, shown.stdout) == (2, "")
    assert shown.stderr == f"There is no practice “no-bloking-call”. Try: {NAME}\n"


def test_help_teaches_with_an_example(fastwright: Run) -> None:
    assert f"fastwright explain {NAME}" in fastwright("explain", "--help").stdout
