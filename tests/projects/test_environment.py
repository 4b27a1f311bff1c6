"""How uv is found and called."""

from collections.abc import Callable
from pathlib import Path

import pytest

from fastwright.projects import environment

Program = Callable[[str, str], Path]


def test_the_uv_that_started_this_process_comes_first(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    starter, on_path = program("uv", ""), program("uv", "")
    monkeypatch.setenv("PATH", str(on_path.parent))
    monkeypatch.setenv("UV", str(starter))
    assert environment.find_uv() == str(starter)
    monkeypatch.delenv("UV")
    assert environment.find_uv() == str(on_path)


def test_a_uv_beside_this_python_is_found(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside = program("uv", "")
    monkeypatch.delenv("UV", raising=False)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("sys.executable", str(beside.with_name("python")))
    assert environment.find_uv() == str(beside)


def test_a_uv_that_a_checkout_keeps_for_itself_is_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kept = tmp_path / ".tools" / "bin" / "uv"
    kept.parent.mkdir(parents=True)
    kept.touch(mode=0o755)
    monkeypatch.delenv("UV", raising=False)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("sys.executable", str(tmp_path / ".venv" / "bin" / "python"))
    assert environment.find_uv() == str(kept)


def test_a_variable_for_another_project_does_not_reach_uv(
    program: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("UV", str(program("uv", "env > seen")))
    monkeypatch.setenv("VIRTUAL_ENV", "/another")
    monkeypatch.setenv("UV_PROJECT_ENVIRONMENT", "/another")
    environment.sync(tmp_path)
    seen = (tmp_path / "seen").read_text()
    assert "/another" not in seen
    assert "UV_CACHE_DIR=" in seen


def test_uvs_own_reason_is_passed_on(
    program: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("UV", str(program("uv", "echo 'error: no such thing' >&2; exit 2")))
    with pytest.raises(environment.UvError, match=r"^uv lock failed \(no such thing\)$"):
        environment.lock(tmp_path)
