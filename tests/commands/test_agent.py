"""`fastwright agent` from outside."""

import json
from pathlib import Path

from tests.conftest import Run


def test_it_is_shown_written_found_again_and_taken_away(fastwright: Run, tmp_path: Path) -> None:
    (tmp_path / "AGENTS.md").write_text("# Rules\n")
    shown = fastwright("agent", "install", "--for", "codex", "--dry-run")
    assert shown.returncode == 0
    assert "  change     AGENTS.md\n" in shown.stdout
    assert "+## fastwright\n" in shown.stdout
    assert not (tmp_path / ".codex").exists()
    written = fastwright("agent", "install", "--for", "codex")
    assert written.stdout.endswith("4 files changed.\n")
    again = json.loads(fastwright("agent", "install", "--for", "codex", "--json").stdout)
    assert {each["action"] for each in again["files"]} == {"identical"}
    gone = fastwright("agent", "uninstall")
    assert gone.returncode == 0
    assert [each.name for each in tmp_path.iterdir()] == ["AGENTS.md"]
    assert (tmp_path / "AGENTS.md").read_text() == "# Rules\n"


def test_what_was_never_there_is_not_listed(fastwright: Run) -> None:
    assert fastwright("agent", "uninstall").stdout == "Nothing is to be done.\n"


def test_a_conflict_shows_what_to_paste_and_tells_scripts(fastwright: Run, tmp_path: Path) -> None:
    (tmp_path / ".mcp.json").write_text("[]")
    shown = fastwright("agent", "install", "--for", "claude-code")
    assert shown.returncode == 2
    assert ".mcp.json was left alone. What belongs there:" in shown.stdout
    assert (tmp_path / ".mcp.json").read_text() == "[]"


def test_the_texts_can_be_printed(fastwright: Run, tmp_path: Path) -> None:
    shown = fastwright("agent", "install", "--print", "--for", "codex")
    assert "==> .codex/config.toml\n[mcp_servers.fastwright]\n" in shown.stdout
    assert not list(tmp_path.iterdir())


def test_an_unknown_name_is_refused(fastwright: Run) -> None:
    shown = fastwright("agent", "install", "--for", "eliza")
    assert (shown.returncode, shown.stdout) == (2, "")
    assert "claude-code" in shown.stderr
