"""`agent`: what assistants read is put into a project, found again, and taken away to the byte."""

import codecs
import os
import tomllib
from pathlib import Path

import pytest
import yaml

from fastwright.agents.assistants import ASSISTANTS
from fastwright.agents.plan import Action
from fastwright.errors import ChangedError, NotWrittenError, UsageError
from fastwright.verbs import agent as verb

ALL = tuple(ASSISTANTS)

EXISTING = {
    ".mcp.json": b'{\n  "mcpServers": {\n    "github": {"command": "gh-mcp"}\n  }\n}',
    ".claude/settings.json": b"{}",
    "CLAUDE.md": b"Read AGENTS.md.",
    ".codex/config.toml": b"model = 'o'\r\n\r\n[mcp_servers.docs]\r\ncommand = 'docs'\r\n",
    ".cursor/mcp.json": codecs.BOM_UTF8 + b'{\r\n\t"mcpServers": {},\r\n}\r\n',
    ".vscode/mcp.json": b'// ours\n{\n    "inputs": [], // none\n    "servers": {}\n}\n',
    ".gemini/settings.json": b'{"theme": "dark"}',
    ".windsurf/rules/style.md": b"Be brief.\n",
    "AGENTS.md": "# Rules\n\nGrüße".encode(),
}
IN_HOME = {".codeium/windsurf/mcp_config.json": b""}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return _filled(tmp_path / "home", IN_HOME)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return _filled(tmp_path / "project", EXISTING)


def _filled(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def snapshot(folder: Path) -> dict[str, bytes | None]:
    """Return everything below a folder: files with their bytes, folders with None."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


def install(project: Path, home: Path, names: tuple[str, ...] = ALL) -> None:
    verb.apply(verb.plan_install(project, names, home))


def uninstall(project: Path, home: Path, names: tuple[str, ...] = ALL) -> None:
    verb.apply(verb.plan_uninstall(project, names, home))


def test_a_second_time_changes_nothing(project: Path, home: Path) -> None:
    install(project, home)
    once = snapshot(project), snapshot(home)
    plan = verb.plan_install(project, ALL, home)
    assert {each.action for each in plan.changes} == {Action.IDENTICAL}
    verb.apply(plan)
    assert (snapshot(project), snapshot(home)) == once


def test_uninstalling_restores_every_byte(project: Path, home: Path) -> None:
    before = snapshot(project), snapshot(home)
    install(project, home)
    assert (snapshot(project), snapshot(home)) != before
    uninstall(project, home)
    assert (snapshot(project), snapshot(home)) == before


def test_an_empty_project_is_empty_again(tmp_path: Path) -> None:
    install(tmp_path, tmp_path / "nowhere")
    assert (tmp_path / ".agents/skills/fastwright/SKILL.md").is_file()
    uninstall(tmp_path, tmp_path / "nowhere")
    assert snapshot(tmp_path) == {}


@pytest.mark.parametrize("name", ALL)
def test_one_assistant_gets_its_own_files_only(project: Path, home: Path, name: str) -> None:
    before = snapshot(project) | snapshot(home)
    install(project, home, (name,))
    after = snapshot(project) | snapshot(home)
    changed = {path for path, content in after.items() if content and before.get(path) != content}
    one = ASSISTANTS[name]
    own = {one.agent, one.server.path} | ({one.skill} if one.skill else set())
    assert changed == own | {"AGENTS.md", ".agents/skills/fastwright/SKILL.md"}


def test_the_files_are_what_the_assistants_can_read(project: Path, home: Path) -> None:
    install(project, home)
    for each in ASSISTANTS.values():
        text = (project / each.agent).read_text()
        if each.agent.endswith(".toml"):
            described = tomllib.loads(text)
            assert "fastwright" in described["developer_instructions"]
        else:
            described = yaml.safe_load(text.split("---\n")[1])
        assert described["description"]
    skill = (project / ".agents/skills/fastwright/SKILL.md").read_text()
    assert yaml.safe_load(skill.split("---\n")[1])["name"] == "fastwright"


def test_what_somebody_else_wrote_is_left_alone(project: Path, home: Path) -> None:
    mine = project / ".claude/agents/fastapi-backend-developer.md"
    mine.parent.mkdir()
    mine.write_text("mine")
    (project / ".cursor/mcp.json").write_text('{"mcpServers": {"fastwright": {"command": "x"}}}')
    plan = verb.plan_install(project, ALL, home)
    assert {each.shown: each.note for each in plan.conflicts} == {
        ".claude/agents/fastapi-backend-developer.md": "there is another one",
        ".cursor/mcp.json": "it has another server of this name",
    }
    assert all(each.snippet for each in plan.conflicts)
    verb.apply(plan)
    assert mine.read_text() == "mine"


def test_what_was_changed_afterwards_stays(project: Path, home: Path) -> None:
    install(project, home)
    skill = project / ".agents/skills/fastwright/SKILL.md"
    skill.write_text("better")
    document = project / "AGENTS.md"
    document.write_text(document.read_text().replace("Mend", "Fix"))
    plan = verb.plan_uninstall(project, ALL, home)
    assert {each.shown for each in plan.conflicts} == {
        ".agents/skills/fastwright/SKILL.md",
        "AGENTS.md",
    }
    verb.apply(plan)
    assert skill.read_text() == "better"
    assert not (project / ".claude/agents").exists()


def test_links_that_lead_out_are_not_followed(project: Path, home: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (project / ".agents").symlink_to(outside)
    (project / "AGENTS.md").unlink()
    (project / "AGENTS.md").symlink_to(tmp_path / "elsewhere.md")
    plan = verb.plan_install(project, ALL, home)
    assert {each.shown for each in plan.conflicts} == {
        ".agents/skills/fastwright/SKILL.md",
        "AGENTS.md",
    }
    verb.apply(plan)
    assert not list(outside.iterdir())
    assert not (tmp_path / "elsewhere.md").exists()


def test_a_file_system_that_refuses_leaves_all_as_it_was(
    project: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = snapshot(project), snapshot(home)
    plan = verb.plan_install(project, ALL, home)
    replaced = Path.replace
    calls = 0

    def refuse(self: Path, target: Path) -> Path:
        nonlocal calls
        calls += 1
        if calls == 6:
            raise OSError(28, "No space left on device", str(target))
        return replaced(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(NotWrittenError, match="No space left"):
        verb.apply(plan)
    assert calls == 6
    assert (snapshot(project), snapshot(home)) == before


def test_a_signal_in_the_middle_leaves_all_as_it_was(
    project: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = snapshot(project), snapshot(home)
    plan = verb.plan_install(project, ALL, home)
    replaced = Path.replace

    def stop(self: Path, target: Path) -> Path:
        if target.name == "AGENTS.md":
            raise SystemExit(143)
        return replaced(self, target)

    monkeypatch.setattr(Path, "replace", stop)
    with pytest.raises(SystemExit):
        verb.apply(plan)
    assert (snapshot(project), snapshot(home)) == before


def test_a_file_that_changes_meanwhile_is_not_overwritten(project: Path, home: Path) -> None:
    plan = verb.plan_install(project, ALL, home)
    (project / "AGENTS.md").write_text("new rules")
    before = snapshot(project)
    with pytest.raises(ChangedError, match=r"AGENTS\.md has changed"):
        verb.apply(plan)
    assert snapshot(project) == before


def test_modes_are_kept(project: Path, home: Path) -> None:
    (project / ".mcp.json").chmod(0o600)
    install(project, home)
    assert (project / ".mcp.json").stat().st_mode & 0o777 == 0o600


def test_assistants_are_found_by_what_they_leave(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    empty = tmp_path / "empty"
    empty.mkdir()
    assert verb.found(empty, empty) == ()
    assert set(verb.found(project, empty)) == set(ALL)
    (empty / ".gemini").mkdir()
    assert verb.found(tmp_path / "nothing", empty) == ("gemini",)
    commands = tmp_path / "commands"
    commands.mkdir()
    (commands / "codex").write_text("")
    (commands / "codex").chmod(0o700)
    monkeypatch.setenv("PATH", os.fspath(commands))
    assert verb.found(empty, tmp_path / "nobody") == ("codex", "gemini")


def test_an_unknown_assistant_is_refused(project: Path, home: Path) -> None:
    with pytest.raises(UsageError, match="no assistant “eliza”"):
        verb.plan_install(project, ("eliza",), home)


def test_the_home_is_left_alone_when_asked_to(project: Path, home: Path) -> None:
    before = snapshot(home)
    verb.apply(verb.plan_install(project, ALL, home, project_only=True))
    assert snapshot(home) == before
