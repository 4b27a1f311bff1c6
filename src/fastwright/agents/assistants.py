"""What each assistant reads in a project: data, with the documents that say so."""

from dataclasses import dataclass
from enum import StrEnum


class Form(StrEnum):
    """How a file is written."""

    JSON = "json"
    TOML = "toml"


@dataclass(frozen=True, slots=True)
class Server:
    """Where an assistant looks for MCP servers; `home` if that is below the user's home."""

    path: str
    form: Form
    key: str
    is_typed: bool = False
    home: bool = False


@dataclass(frozen=True, slots=True)
class Assistant:
    """A coding assistant: how it is found, and the files that it reads.

    `traces` are paths in a project, `installed` paths in the user's home, and `command` what is on
    the PATH. `skill` is its own skill folder where it does not read `.agents/skills`.
    """

    name: str
    title: str
    traces: tuple[str, ...]
    installed: tuple[str, ...]
    command: str
    agent: str
    server: Server
    source: str
    skill: str | None = None


_AGENT = "fastapi-backend-developer"

ASSISTANTS = {
    each.name: each
    for each in (
        Assistant(
            name="claude-code",
            title="Claude Code",
            traces=(".claude", "CLAUDE.md", ".mcp.json"),
            installed=(".claude",),
            command="claude",
            agent=f".claude/agents/{_AGENT}.md",
            skill=".claude/skills/fastwright/SKILL.md",
            server=Server(".mcp.json", Form.JSON, "mcpServers"),
            source="https://code.claude.com/docs/en/mcp",
        ),
        Assistant(
            name="codex",
            title="Codex",
            traces=(".codex",),
            installed=(".codex",),
            command="codex",
            agent=f".codex/agents/{_AGENT}.toml",
            server=Server(".codex/config.toml", Form.TOML, "mcp_servers"),
            source="https://developers.openai.com/codex/mcp",
        ),
        Assistant(
            name="cursor",
            title="Cursor",
            traces=(".cursor", ".cursorrules"),
            installed=(".cursor",),
            command="cursor",
            agent=f".cursor/agents/{_AGENT}.md",
            server=Server(".cursor/mcp.json", Form.JSON, "mcpServers"),
            source="https://cursor.com/docs/context/mcp",
        ),
        Assistant(
            name="copilot",
            title="GitHub Copilot",
            traces=(".github/copilot-instructions.md", ".github/agents", ".vscode/mcp.json"),
            installed=(".copilot",),
            command="copilot",
            agent=f".github/agents/{_AGENT}.agent.md",
            server=Server(".vscode/mcp.json", Form.JSON, "servers", is_typed=True),
            source="https://docs.github.com/en/copilot/reference/custom-agents-configuration",
        ),
        Assistant(
            name="gemini",
            title="Gemini CLI",
            traces=(".gemini", "GEMINI.md"),
            installed=(".gemini",),
            command="gemini",
            agent=f".gemini/agents/{_AGENT}.md",
            server=Server(".gemini/settings.json", Form.JSON, "mcpServers"),
            source="https://geminicli.com/docs/tools/mcp-server/",
        ),
        Assistant(
            name="windsurf",
            title="Windsurf",
            traces=(".windsurf", ".windsurfrules"),
            installed=(".codeium/windsurf",),
            command="windsurf",
            agent=f".windsurf/workflows/{_AGENT}.md",
            # It reads no other: https://docs.windsurf.com/windsurf/cascade/mcp
            server=Server(".codeium/windsurf/mcp_config.json", Form.JSON, "mcpServers", home=True),
            source="https://docs.windsurf.com/windsurf/cascade/agents-md",
        ),
    )
}
