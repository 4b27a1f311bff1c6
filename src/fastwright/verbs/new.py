"""`new`: a project from the blueprint. `plan` only reads; `create` makes all of it or nothing."""

import secrets
import shlex
import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from fastwright.errors import NotWrittenError, ParentMissingError, TargetTakenError
from fastwright.projects import contents, domains, environment, names, repository
from fastwright.projects.plan import Command, Outcome, Project, Step

# Called with each step as it starts (still planned) and again when its outcome is known.
Watch = Callable[[Step], None]

_FILES, _LOCK, _REPOSITORY, _ENVIRONMENT = "files", "lock", "repository", "environment"
_LATER = "`make` in the project makes up for it"


def plan(
    name: str,
    *,
    parent: Path = Path(),
    install: bool = True,
    wanted: Iterable[str] | None = None,
) -> Project:
    """Return the project that `create` would make in `parent / name`; nothing is written.

    It has the `wanted` domains with what they need, or all domains. Raises an error of
    `fastwright.errors` for an impossible name, a domain that there is not, a missing parent, a
    taken place.
    """
    names.check(name)
    selection = domains.choose(wanted)
    target = parent / name
    _check_place(parent, target)
    files = contents.project_files(name, selection)
    return Project(
        name=name,
        path=target,
        domains=selection,
        files=files,
        steps=(
            Step(_FILES, Outcome.PLANNED, f"{len(files)} files, and in .env secrets of its own"),
            _plan_uv(_LOCK, "uv.lock with the exact version of every package", install=install),
            _plan_repository(),
            _plan_uv(_ENVIRONMENT, ".venv with every package", install=install),
        ),
        next_commands=(
            Command(f"cd {shlex.quote(str(target))}", "enter the project"),
            Command("make run", "serve it on port 8000, with a PostgreSQL and a Valkey of its own"),
            Command("make check", "format, lint, types, import contracts and tests"),
        ),
    )


def create(project: Project, *, watch: Watch = lambda _: None) -> Project:
    """Make the planned project, and return it with the outcome of each step.

    It grows in a hidden folder beside its place and is renamed when it is whole; only the
    environment is built afterwards, because environments cannot be moved. Whatever is raised until
    the very end, a signal's exception too, takes everything away again. A missing network or a git
    that refuses is no failure: the step says so, and the project can be used.
    """
    staging = project.path.with_name(f".{project.name}-{secrets.token_hex(4)}")
    *steps, environment_step = project.steps
    was_there = project.path.is_dir()
    identity = None
    try:
        staging.mkdir()
        identity = staging.stat().st_ino
        made = [_carry_out(step, project, staging, watch) for step in steps]
        staging.rename(project.path)
        if any(step.name == _LOCK and step.outcome is Outcome.FAILED for step in made):
            environment_step = replace(
                environment_step, outcome=Outcome.SKIPPED, detail="needs the lock"
            )
        made.append(_carry_out(environment_step, project, project.path, watch))
    except BaseException as error:
        shutil.rmtree(staging, ignore_errors=True)
        if project.path.exists() and project.path.stat().st_ino == identity:
            shutil.rmtree(project.path, ignore_errors=True)
            if was_there:
                project.path.mkdir()
        if isinstance(error, OSError):
            raise NotWrittenError(
                f"{project.path} could not be written: {error.strerror}."
            ) from error
        raise
    return replace(project, steps=tuple(made))


def _check_place(parent: Path, target: Path) -> None:
    if parent.exists() and not parent.is_dir():
        raise ParentMissingError(f"{parent} is no folder to create the project in.")
    if not parent.is_dir():
        raise ParentMissingError(
            f"There is no folder {parent} to create the project in.",
            suggestion=f"mkdir -p {parent}",
        )
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise TargetTakenError(f"{target} is there already, and is no folder.")
    if target.is_dir() and any(target.iterdir()):
        raise TargetTakenError(f"The folder {target} is not empty.")


def _plan_uv(name: str, detail: str, *, install: bool) -> Step:
    if not install:
        return Step(name, Outcome.SKIPPED, f"--no-install; {_LATER}")
    if environment.find_uv() is None:
        return Step(name, Outcome.SKIPPED, f"uv is not on this machine; {_LATER}")
    return Step(name, Outcome.PLANNED, detail)


def _plan_repository() -> Step:
    if not repository.is_installed():
        return Step(_REPOSITORY, Outcome.SKIPPED, "git is not on this machine")
    return Step(_REPOSITORY, Outcome.PLANNED, "git, with all of it in a first commit")


def _carry_out(step: Step, project: Project, folder: Path, watch: Watch) -> Step:
    watch(step)
    if step.outcome is not Outcome.PLANNED:
        return step
    try:
        _ACTIONS[step.name](project, folder)
        finished = replace(step, outcome=Outcome.DONE)
    except environment.UvError as error:
        finished = replace(step, outcome=Outcome.FAILED, detail=f"{error}; {_LATER}")
    except repository.GitError as error:
        finished = replace(step, outcome=Outcome.FAILED, detail=str(error))
    watch(finished)
    return finished


def _write(project: Project, folder: Path) -> None:
    contents.write(project.files, folder)


def _lock(_: Project, folder: Path) -> None:
    environment.lock(folder)


def _commit(project: Project, folder: Path) -> None:
    repository.create(folder, message=f"Start {project.name}", fallback_name=project.name)


def _sync(_: Project, folder: Path) -> None:
    environment.sync(folder)


_ACTIONS: dict[str, Callable[[Project, Path], None]] = {
    _FILES: _write,
    _LOCK: _lock,
    _REPOSITORY: _commit,
    _ENVIRONMENT: _sync,
}
