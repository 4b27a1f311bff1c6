"""`fastwright agent`."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from fastwright.agents.plan import AgentPlan

_Command = Callable[..., Any]

_INSTALL = """\
\b
Examples:
  fastwright agent install
  fastwright agent install --for claude-code --for codex --dry-run

"""
_UNINSTALL = """\
\b
Examples:
  fastwright agent uninstall --dry-run
  fastwright agent uninstall --for cursor

"""
_STATUS = """\
Exit status: 0 done, 2 refused, or a file was left alone because it is somebody else's.
"""

_path = click.argument("path", type=click.Path(path_type=Path), default=Path(), metavar="[PATH]")


def _for(default: str) -> Callable[[_Command], _Command]:
    return click.option(
        "--for",
        "names",
        multiple=True,
        metavar="NAME",
        help="An assistant: claude-code, codex, cursor, copilot, gemini or windsurf; may be"
        f" repeated. By default, {default}.",
    )


_all = click.option("--all", "everyone", is_flag=True, help="All six assistants.")
_project_only = click.option(
    "--project-only",
    is_flag=True,
    help="Leave out the one file in your home: Windsurf reads its servers nowhere else.",
)
_dry_run = click.option("--dry-run", is_flag=True, help="Show the plan, and write nothing.")
_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.group(short_help="Tell coding assistants about fastwright.")
def agent() -> None:
    """Put into a project what coding assistants read about fastwright, or take it away."""


@agent.command(epilog=_INSTALL + _STATUS, short_help="Write what assistants read.")
@_path
@_for("those that the project or this machine shows")
@_all
@_project_only
@_dry_run
@click.option("--print", "printed", is_flag=True, help="Print the texts, and write nothing.")
@_json
def install(
    *,
    path: Path,
    names: tuple[str, ...],
    everyone: bool,
    project_only: bool,
    dry_run: bool,
    printed: bool,
    as_json: bool,
) -> None:
    """Write an agent, a skill, a section of AGENTS.md and the MCP entry for each assistant.

    The agent is called fastapi-backend-developer. Nothing else in any file changes; doing it again
    changes nothing, and `uninstall` takes it all away. A file of somebody else's in the same place
    is left alone and told, with what to paste.
    """
    from fastwright.reports.text import agent as text
    from fastwright.verbs import agent as verb

    chosen = _chosen(path, names, everyone=everyone)
    if printed:
        text.texts(verb.assistants(chosen))
        return
    _finish(
        verb.plan_install(path, chosen, Path.home(), project_only=project_only),
        dry_run=dry_run,
        as_json=as_json,
    )


@agent.command(epilog=_UNINSTALL + _STATUS, short_help="Take it away again.")
@_path
@_for("all of them")
@_project_only
@_dry_run
@_json
def uninstall(
    *, path: Path, names: tuple[str, ...], project_only: bool, dry_run: bool, as_json: bool
) -> None:
    """Take away what `install` has written; without --for, for all assistants.

    Files become what they were before, byte for byte. What somebody has changed meanwhile stays.
    """
    from fastwright.verbs import agent as verb

    chosen = _chosen(path, names, everyone=not names)
    _finish(
        verb.plan_uninstall(path, chosen, Path.home(), project_only=project_only),
        dry_run=dry_run,
        as_json=as_json,
    )


def _chosen(path: Path, names: tuple[str, ...], *, everyone: bool) -> tuple[str, ...]:
    from fastwright.agents.assistants import ASSISTANTS
    from fastwright.verbs import agent as verb

    if everyone:
        return tuple(ASSISTANTS)
    return tuple(dict.fromkeys(names)) or verb.found(path, Path.home())


def _finish(plan: "AgentPlan", *, dry_run: bool, as_json: bool) -> None:
    from fastwright.reports import json
    from fastwright.reports.text import agent as text
    from fastwright.verbs import agent as verb

    if not dry_run:
        verb.apply(plan)
    if as_json:
        sys.stdout.write(json.text(json.agent(plan, done=not dry_run)))
    else:
        text.plan(plan, done=not dry_run)
    click.get_current_context().exit(2 if plan.conflicts else 0)
