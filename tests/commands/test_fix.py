"""`fastwright fix` from outside."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.test_contract import commit
from tests.conftest import Run

CODE = """\
from fastapi import FastAPI, HTTPException

app = FastAPI(openapi_url=None)


@app.get("/items/{item_id}")
async def read(item_id: int) -> int:
    if item_id < 0:
        return HTTPException(404)  # nobody has it
    return item_id
"""
MENDED = CODE.replace("return HTTPException", "raise HTTPException")
TESTS = """\
import asyncio

import main


def test_it_finds() -> None:
    assert asyncio.run(main.read(1)) == 1


def test_it_returns_errors() -> None:
    assert asyncio.run(main.read(-1)).status_code == 404
"""
PYTEST = "python -m pytest -q"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "main.py"
    path.write_text(CODE)
    return path


def test_it_shows_proves_writes_and_has_nothing_to_do_after_that(
    fastwright: Run, file: Path
) -> None:
    shown = fastwright("fix")
    assert shown.returncode == 0, shown.stderr
    assert "\n-        return HTTPException(404)  # nobody has it\n" in shown.stdout
    assert "\n+        raise HTTPException(404)  # nobody has it\n" in shown.stdout
    assert "Proven: the contract is the same.\nMended 1 finding in 1 file.\n" in shown.stdout
    assert file.read_text() == MENDED
    again = fastwright("fix")
    assert (again.returncode, again.stdout) == (0, "Nothing to mend.\n")


def test_a_dry_run_writes_nothing(fastwright: Run, file: Path) -> None:
    shown = fastwright("fix", "--dry-run")
    assert shown.returncode == 1
    assert "Would mend 1 finding in 1 file.\n" in shown.stdout
    assert file.read_text() == CODE


def test_what_is_not_committed_is_not_touched(fastwright: Run, file: Path) -> None:
    commit(file.parent)
    (file.parent / "other.py").write_text("x = 1\n")
    file.write_text(f"{CODE}\n")
    refused = fastwright("fix")
    assert refused.returncode == 2
    assert "main.py is not committed" in refused.stderr
    assert file.read_text() == f"{CODE}\n"
    assert fastwright("fix", "--allow-dirty").returncode == 0
    assert file.read_text() == f"{MENDED}\n"


def test_a_new_file_elsewhere_is_no_obstacle(fastwright: Run, file: Path) -> None:
    commit(file.parent)
    (file.parent / "notes.txt").write_text("mine")
    assert fastwright("fix").returncode == 0


def test_a_test_that_passed_before_has_to_pass(fastwright: Run, file: Path) -> None:
    (file.parent / "test_main.py").write_text(TESTS)
    shown = fastwright("fix", "--test", PYTEST)
    assert shown.returncode == 1
    assert "These passed before, and do not with what is mended:\n" in shown.stdout
    assert "test_main::test_it_returns_errors\n" in shown.stdout
    assert "Nothing was written.\n" in shown.stdout
    assert file.read_text() == CODE
    (file.parent / "test_main.py").write_text(TESTS.replace("returns_errors", "finds"))
    assert fastwright("fix", "--test", "python -c pass").returncode == 0
    assert file.read_text() == MENDED


def test_what_the_proof_refuses_is_left_out_and_the_rest_is_written(
    fastwright: Run, file: Path
) -> None:
    more = """

@app.get("/mails")
async def mail() -> None:
    send()


async def send() -> None:
    print("sent")
"""
    file.write_text(CODE + more)
    (file.parent / "test_main.py").write_text(TESTS)
    shown = fastwright("fix", "--test", PYTEST)
    assert shown.returncode == 1
    assert "trying the fixes of each practice alone.\n" in shown.stderr
    assert "its fix is refused by the proof: test_main::test_it_returns_errors\n" in shown.stdout
    assert "Mended 1 finding in 1 file.\n" in shown.stdout
    assert file.read_text() == CODE + more.replace("    send()", "    await send()")


@pytest.mark.parametrize("command", ["python -m pytest -q not_there", "python -c 1/0"])
def test_tests_of_which_none_passes_prove_nothing(
    command: str, fastwright: Run, file: Path
) -> None:
    refused = fastwright("fix", "--test", command)
    assert refused.returncode == 2
    assert f"“{command}” passes nothing as it is, and so proves nothing:\n" in refused.stderr
    assert "not_there" in refused.stderr or "ZeroDivisionError" in refused.stderr
    assert "Try: a command that passes, or leave out --test\n" in refused.stderr
    assert file.read_text() == CODE


def test_the_python_may_be_named_from_where_one_is(fastwright: Run, file: Path) -> None:
    (file.parent / "link").symlink_to(Path(sys.prefix))
    shown = fastwright("fix", "--prove", "--python", "link/bin/python")
    assert shown.returncode == 0, shown.stderr
    assert file.read_text() == MENDED


def test_what_is_no_valid_python_is_left_alone(fastwright: Run, file: Path) -> None:
    template = f"from {{{{ name }}}} import settings\n{CODE}"
    file.write_text(template)
    shown = fastwright("fix")
    assert shown.returncode == 1
    assert "\n  main.py is no valid Python\n      1 responses/raise-http-exc" in shown.stdout
    assert file.read_text() == template


def test_an_application_that_cannot_be_imported_is_told(fastwright: Run, file: Path) -> None:
    file.write_text(f"import not_there\n{CODE}")
    insisting = fastwright("fix", "--prove")
    assert insisting.returncode == 2
    assert fastwright("fix", "--app", "nowhere:app").returncode == 2
    assert "No module named 'not_there'" in insisting.stderr
    assert file.read_text() == f"import not_there\n{CODE}"
    shown = fastwright("fix")
    assert shown.returncode == 0
    assert "Not proven, because the application was not imported:\n" in shown.stdout
    assert "\n      ModuleNotFoundError: No module named 'not_there'\n" in shown.stdout
    assert "\ufffd" not in shown.stdout
    assert file.read_text() == f"import not_there\n{MENDED}"


def test_a_program_reads_it_as_json(fastwright: Run, file: Path) -> None:
    (file.parent / "other.py").write_text("x = 1\n")
    told = json.loads(fastwright("fix", "--json", "--dry-run").stdout)
    (finding,) = told["fixed"]
    assert (finding["practice"], finding["fix"]) == ("responses/raise-http-exception", "safe")
    assert [each["path"] for each in told["files"]] == ["main.py"]
    assert (told["written"], told["proof"]["holds"], told["left"]) == (False, True, [])


def test_only_what_is_asked_for_is_mended(fastwright: Run, file: Path) -> None:
    assert fastwright("fix", "--only", "async_routes").returncode == 0
    assert file.read_text() == CODE
    assert fastwright("fix", "--ignore", "responses").returncode == 0
    assert file.read_text() == CODE


def test_accepted_findings_stay(fastwright: Run, file: Path) -> None:
    accepted = CODE.replace("# nobody", "# fastwright: ignore[responses/raise-http-exception] x")
    file.write_text(accepted)
    assert fastwright("fix").returncode == 0
    assert file.read_text() == accepted


def test_an_interrupted_run_is_finished_first(fastwright: Run, file: Path) -> None:
    (file.parent / ".fastwright.journal").write_text("[]\n")
    shown = fastwright("fix")
    assert shown.stdout.startswith("An interrupted run was found: it had written nothing.\n")
    assert not (file.parent / ".fastwright.journal").exists()


def test_a_repository_runs_no_program_of_its_own(fastwright: Run, file: Path) -> None:
    commit(file.parent)
    ran = file.parent / "ran"
    hook = file.parent / "hook.sh"
    hook.write_text(f"#!/bin/sh\ntouch {ran}\n")
    hook.chmod(0o755)
    subprocess.run(["git", "config", "core.fsmonitor", str(hook)], cwd=file.parent, check=True)
    fastwright("fix")
    assert not ran.exists()
