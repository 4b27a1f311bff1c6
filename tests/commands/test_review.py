"""`fastwright review` from outside: its words, its exit status, what it prints and where."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Run

MAIN = """\
import time

from fastapi import FastAPI

app = FastAPI()


@app.get("/posts")
async def read() -> None:
    time.sleep(1)
"""
ONLY = ("--only", "async_routes/no-blocking-call,fastwright/unused-ignore")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project with one defect, in the folder that commands are run in."""
    (tmp_path / "backend").mkdir()
    (tmp_path / "backend" / "pyproject.toml").touch()
    (tmp_path / "backend" / "main.py").write_text(MAIN)
    return tmp_path / "backend"


def test_help_has_a_short_name(fastwright: Run) -> None:
    assert fastwright("review", "-h").stdout == fastwright("review", "--help").stdout


def test_help_teaches_with_examples(fastwright: Run) -> None:
    shown = fastwright("review", "--help")
    assert shown.returncode == 0
    assert '  fastwright review --route "POST /posts"\n' in shown.stdout
    assert "# fastwright: ignore[async_routes/no-blocking-call] the demo only\n" in shown.stdout
    assert "0 nothing found, 1 findings, 2 could not run" in shown.stdout
    for option in (
        *("--route", "--only", "--ignore", "--kind", "--diff", "--baseline"),
        *("--update-baseline", "--format", "--model"),
    ):
        assert option in shown.stdout


def test_findings_are_shown_with_status_1_and_paths_from_here(
    fastwright: Run, project: Path
) -> None:
    shown = fastwright("review", "backend", *ONLY)
    assert (shown.returncode, shown.stderr) == (1, "")
    assert "\n  backend/main.py:10:5  in read\n" in shown.stdout
    assert fastwright("review", *ONLY, cwd=project).stdout.count("\n  main.py:10:5") == 1


def test_below_the_root_paths_lead_upward(fastwright: Run, project: Path) -> None:
    (project / "docs").mkdir()
    (project / "app").mkdir()
    (project / "main.py").rename(project / "app" / "main.py")
    assert "\n  main.py:10:5" in fastwright("review", *ONLY, cwd=project / "app").stdout
    assert "\n  ../app/main.py:10:5" in fastwright("review", *ONLY, cwd=project / "docs").stdout


def test_nothing_found_is_status_0(fastwright: Run, project: Path) -> None:
    (project / "main.py").write_text("x = 1\n")
    shown = fastwright("review", "backend")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert shown.stdout.startswith("No findings in 1 file")


def test_every_format_is_shown(fastwright: Run, project: Path) -> None:
    openings = {
        "text": "defect  async_routes/no-blocking-call",
        "json": "{",
        "sarif": "{",
        "github": "::error file=backend/main.py,line=10,",
        "markdown": "## fastwright: 1 defect",
    }
    for form, opening in openings.items():
        shown = fastwright("review", "backend", *ONLY, "--format", form)
        assert (shown.returncode, shown.stderr) == (1, "")
        assert shown.stdout.startswith(opening)


def test_json_has_paths_from_the_reviewed_root(fastwright: Run, project: Path) -> None:
    (finding,) = json.loads(fastwright("review", "backend", *ONLY, "--format=json").stdout)[
        "findings"
    ]
    assert (finding["path"], finding["line"], finding["symbol"]) == ("main.py", 10, "read")


def test_kinds_and_names_may_be_repeated_or_listed(fastwright: Run, project: Path) -> None:
    assert fastwright("review", "backend", *ONLY, "--kind", "risk,practice").returncode == 0
    repeated = ("--kind", "risk", "--kind", "defect")
    assert fastwright("review", "backend", *ONLY, *repeated).returncode == 1
    ignored = ("--ignore", "async_routes")
    assert fastwright("review", "backend", *ONLY, *ignored).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "code", "suggestion"),
    [
        (["--only", "async_routes/no-bloking-call"], "unknown_practice", "no-blocking-call"),
        (["--kind", "defects"], "usage", "defect, risk, practice"),
        (["--route", "GET /post"], "unknown_route", "GET /posts"),
        (["--diff", "HEAD"], "revision", None),
        (["--update-baseline"], "usage", "--baseline FILE"),
        (["--baseline", "."], "not_read", None),
        (["nowhere"], "nothing_to_review", None),
        (["--format", "jso"], "usage", None),
        (["--diff", ""], "usage", None),
        (["--route", ""], "usage", None),
        (["--only", ""], "usage", None),
        (["--kind", ","], "usage", None),
        (["docs"], "nothing_to_review", None),
        (["huge.py"], "nothing_to_review", None),
    ],
)
def test_what_cannot_be_done_is_one_sentence_with_status_2(
    fastwright: Run, project: Path, arguments: list[str], code: str, suggestion: str | None
) -> None:
    (project / "docs").mkdir()
    (project / "huge.py").write_bytes(b"#" * 5_000_000)
    shown = fastwright("review", *arguments, "--format", "json", cwd=project)
    if code == "usage" and "jso" in arguments:
        shown = fastwright("review", "--format", "json", *arguments, cwd=project)
    assert (shown.returncode, shown.stderr) == (2, "")
    error = json.loads(shown.stdout)["error"]
    assert error["code"] == code
    assert (suggestion or "") in (error["suggestion"] or "")

    text = fastwright("review", *arguments, cwd=project)
    assert (text.returncode, text.stdout) == (2, "")
    assert text.stderr


def test_a_baseline_is_written_and_then_kept_to(fastwright: Run, project: Path) -> None:
    baseline = (*ONLY, "--baseline", "accepted.json")
    written = fastwright("review", *baseline, cwd=project)
    assert written.returncode == 0
    assert "accepted from now on" in written.stdout
    assert fastwright("review", *baseline, cwd=project).returncode == 0
    (project / "main.py").write_text(f"{MAIN}    time.sleep(2)\n")
    shown = fastwright("review", *baseline, cwd=project)
    assert shown.returncode == 1
    assert "main.py:11:5" in shown.stdout
    assert "main.py:10:5" not in shown.stdout


def test_the_model_is_shown_as_json(fastwright: Run, project: Path) -> None:
    shown = fastwright("review", "--model", cwd=project)
    assert shown.returncode == 0
    assert [route["path"] for route in json.loads(shown.stdout)["routes"]] == ["/posts"]


def test_the_model_is_never_narrowed(fastwright: Run, project: Path) -> None:
    for options in (["--route", "GET /posts"], ["--diff", "HEAD"], ["--format", "sarif"]):
        shown = fastwright("review", "--model", *options, cwd=project)
        assert shown.returncode == 2
        assert "leave out --route, --diff" in json.loads(shown.stdout)["error"]["message"]


@pytest.mark.parametrize("options", [(), ("--format", "json")])
def test_a_fault_of_its_own_is_status_2_with_a_request_to_report_it(
    project: Path, options: tuple[str, ...]
) -> None:
    broken = (
        "import sys; from fastwright.practices.async_routes import no_blocking_call as one;"
        "from dataclasses import replace;"
        "one.PRACTICE = replace(one.PRACTICE, check=lambda _: 1 / 0);"
        "from fastwright.cli import main; main()"
    )
    shown = subprocess.run(
        [sys.executable, "-c", broken, "review", *ONLY, *options],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert shown.returncode == 2
    assert "async_routes/no-blocking-call: ZeroDivisionError" in shown.stderr
    assert "Please report this." in shown.stderr
    if options:
        (failure,) = json.loads(shown.stdout)["summary"]["failures"]
        assert failure["practice"] == "async_routes/no-blocking-call"


def test_any_other_fault_is_status_2_too(project: Path) -> None:
    broken = (
        "from fastwright.application import application as one;"
        "one.gather = lambda *_, **__: 1 / 0;"
        "from fastwright.cli import main; main()"
    )
    shown = subprocess.run(
        [sys.executable, "-c", broken, "review"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert shown.returncode == 2
    assert "Traceback" in shown.stderr
    assert "please report it." in shown.stderr.splitlines()[-1]


def test_a_reader_that_has_seen_enough_ends_it_quietly(project: Path) -> None:
    for arguments in (["review", *ONLY], ["review", "--format=json"], ["explain"]):
        ours, theirs = os.pipe()
        os.close(ours)
        shown = subprocess.run(
            [sys.executable, "-m", "fastwright", *arguments],
            cwd=project,
            stdout=theirs,
            stderr=subprocess.PIPE,
            check=False,
        )
        os.close(theirs)
        assert (shown.returncode, shown.stderr) == (141, b"")


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_an_output_that_takes_no_more_is_one_sentence_with_status_2(
    project: Path, unbuffered: str
) -> None:
    for arguments in (["review", *ONLY], ["review", "--format=json", *ONLY], ["explain"]):
        with Path("/dev/full").open("w") as full:
            shown = subprocess.run(
                [sys.executable, "-m", "fastwright", *arguments],
                cwd=project,
                env=os.environ | {"PYTHONUNBUFFERED": unbuffered},
                stdout=full,
                stderr=subprocess.PIPE,
                check=False,
            )
        said = b"The output was cut off: No space left on device.\n"
        assert (shown.returncode, shown.stderr) == (2, said)


def test_an_error_that_the_output_does_not_take_is_told_beside_it(project: Path) -> None:
    with Path("/dev/full").open("w") as full:
        shown = subprocess.run(
            [sys.executable, "-m", "fastwright", "review", "nowhere", "--format=json"],
            cwd=project,
            env=os.environ | {"PYTHONUNBUFFERED": ""},
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (shown.returncode, shown.stderr) == (2, b"There is no nowhere to review.\n")


def test_closed_outputs_are_no_obstacle(project: Path) -> None:
    for closed in (">&-", "2>&-", ">&- 2>&-"):
        command = f'exec "$0" -m fastwright review {" ".join(ONLY)} {closed}'
        shown = subprocess.run(
            ["sh", "-c", command, sys.executable], cwd=project, capture_output=True, check=False
        )
        assert (shown.returncode, shown.stderr) == (1, b"")


def test_an_output_that_knows_no_unicode_is_no_obstacle(fastwright: Run, project: Path) -> None:
    shown = fastwright("review", *ONLY, cwd=project, PYTHONIOENCODING="ascii")
    assert shown.returncode == 1
    assert "\\u2502" in shown.stdout


def test_a_terminal_gets_colours(project: Path) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "fastwright", "review", *ONLY],
        cwd=project,
        stdout=theirs,
        stderr=theirs,
        env=os.environ | {"TERM": "xterm-256color"},
    ) as running:
        os.close(theirs)
        shown = b""
        while True:
            try:
                read = os.read(ours, 4096)
            except OSError:
                break
            if not read:
                break
            shown += read
    os.close(ours)
    assert running.returncode == 1
    assert b"\x1b[1;31mdefect" in shown
