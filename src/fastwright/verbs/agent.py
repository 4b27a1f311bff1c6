"""`agent`: puts into a project what coding assistants read, and takes it away. Plan, then apply."""

import codecs
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from fastwright.agents import insertions, wording, writing
from fastwright.agents.assistants import ASSISTANTS, Assistant, Server
from fastwright.agents.insertions import ConflictError
from fastwright.agents.plan import Action, AgentPlan, Change
from fastwright.errors import ParentMissingError, UsageError

_SKILL = ".agents/skills/fastwright/SKILL.md"
_DOCUMENT = "AGENTS.md"
# What a file's text becomes; None is a file that is not there.
_Edit = Callable[[str | None], str | None]


def found(root: Path, home: Path) -> tuple[str, ...]:
    """Return the names of the assistants that are used in a project or are on this machine."""
    return tuple(
        name
        for name, each in ASSISTANTS.items()
        if any((root / trace).exists() for trace in each.traces)
        or any((home / trace).exists() for trace in each.installed)
        or shutil.which(each.command)
    )


def plan_install(
    root: Path, names: tuple[str, ...], home: Path, *, project_only: bool = False
) -> AgentPlan:
    """Return what would be written for the assistants of these names; nothing is written."""
    return _plan(root, names, home, project_only=project_only, removing=False)


def plan_uninstall(
    root: Path, names: tuple[str, ...], home: Path, *, project_only: bool = False
) -> AgentPlan:
    """Return what would be taken away; what somebody has changed meanwhile stays, as a conflict."""
    return _plan(root, names, home, project_only=project_only, removing=True)


def apply(plan: AgentPlan) -> None:
    """Carry out a plan, all of it or nothing; conflicts are left alone."""
    writing.carry_out(plan)


def assistants(names: tuple[str, ...]) -> tuple[Assistant, ...]:
    """Return the assistants of these names; raises `UsageError` for another name."""
    for name in names:
        if name not in ASSISTANTS:
            known = ", ".join(ASSISTANTS)
            raise UsageError(f"There is no assistant “{name}”.", suggestion=f"one of {known}")
    return tuple(ASSISTANTS[name] for name in names)


def _plan(
    root: Path, names: tuple[str, ...], home: Path, *, project_only: bool, removing: bool
) -> AgentPlan:
    chosen = assistants(names)
    if not root.is_dir():
        raise ParentMissingError(f"There is no folder {root}.")
    root = root.resolve()
    changes = [
        *_whole(root, chosen, removing=removing),
        *_parts(root, chosen, home, project_only=project_only, removing=removing),
    ]
    return AgentPlan(root, names, tuple(changes))


def _whole(root: Path, chosen: tuple[Assistant, ...], *, removing: bool) -> Iterator[Change]:
    """Yield the files that are wholly ours."""
    texts = {_SKILL: wording.skill()}
    texts |= {each.skill: wording.skill() for each in chosen if each.skill}
    texts |= {each.agent: wording.agent(each) for each in chosen}
    for path, text in texts.items():
        yield _file(root, path, text, removing=removing)


def _parts(
    root: Path,
    chosen: tuple[Assistant, ...],
    home: Path,
    *,
    project_only: bool,
    removing: bool,
) -> Iterator[Change]:
    """Yield the files of which a part is ours."""
    section = wording.section()

    def edit_document(text: str | None) -> str | None:
        if text is None or text.replace("\r\n", "\n") == section:
            return None if removing else section
        if removing:
            return insertions.remove_section(text, section)
        return insertions.add_section(text, section)

    yield _edited(root, _DOCUMENT, _DOCUMENT, edit_document, section)
    for each in chosen:
        server = each.server
        if not server.home:
            yield _edited(
                root,
                server.path,
                server.path,
                _of_server(server, removing=removing),
                insertions.snippet(server),
            )
        elif not project_only and (home / server.path).parent.is_dir():
            yield _edited(
                home,
                server.path,
                f"~/{server.path}",
                _of_server(server, removing=removing),
                insertions.snippet(server),
            )


def _of_server(server: Server, *, removing: bool) -> _Edit:
    def edit(text: str | None) -> str | None:
        if text is None or text.replace("\r\n", "\n") == insertions.new_file(server):
            return None if removing else text or insertions.new_file(server)
        if not removing:
            return insertions.add_server(text, server)
        if insertions.is_there(text, server):
            return insertions.remove_server(text, server)
        return text

    return edit


def _file(root: Path, name: str, text: str, *, removing: bool) -> Change:
    path = root / name
    stopped = _stopped(root, path)
    if stopped:
        return Change(path, name, Action.CONFLICT, note=stopped, snippet=text)
    new = text.encode()
    present = path.read_bytes() if path.is_file() else None
    if present is None:
        if removing:
            return Change(path, name, Action.IDENTICAL)
        return Change(path, name, Action.CREATE, None, new)
    if present != new:
        note = "it was changed, and stays" if removing else "there is another one"
        return Change(path, name, Action.CONFLICT, note=note, snippet=text)
    if removing:
        return Change(path, name, Action.REMOVE, present, None)
    return Change(path, name, Action.IDENTICAL, present, present)


def _edited(root: Path, name: str, shown: str, edit: _Edit, snippet: str) -> Change:
    path = root / name
    note = _stopped(root, path)
    if not note:
        present = path.read_bytes() if path.is_file() else None
        mark = codecs.BOM_UTF8 if (present or b"").startswith(codecs.BOM_UTF8) else b""
        try:
            text = None if present is None else present.removeprefix(mark).decode()
            edited = edit(text)
        except UnicodeDecodeError:
            note = "it is not in UTF-8"
        except ConflictError as error:
            note = str(error)
    if note:
        return Change(path, shown, Action.CONFLICT, note=note, snippet=snippet)
    if edited == text:
        return Change(path, shown, Action.IDENTICAL, present, present)
    after = None if edited is None else mark + edited.encode()
    return Change(path, shown, _action(present, after), present, after)


def _action(before: bytes | None, after: bytes | None) -> Action:
    if before is None:
        return Action.CREATE
    return Action.REMOVE if after is None else Action.CHANGE


def _stopped(root: Path, path: Path) -> str:
    """Return why a file is not touched whatever it holds: it leads elsewhere, or is no file."""
    if not path.resolve().is_relative_to(root.resolve()):
        return "it leads out of the project"
    if path.is_symlink():
        return "it is a link"
    if path.exists() and not path.is_file():
        return "it is no file"
    above = next(each for each in path.parents if each.exists())
    return "" if above.is_dir() else f"{above.name} is no folder"
