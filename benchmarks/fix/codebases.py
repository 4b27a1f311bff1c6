"""The runnable codebases of `codebases.toml`: their sources, environments and databases."""

import os
import shlex
import subprocess
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import servers
from fastwright.projects import environment

PYTHON = "3.11"
DATA = Path(__file__).with_name("codebases.toml")
_DATABASE = "suite"
# Whoever runs this need not have told git who he is.
_IDENTITY = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "corpus"), ("EMAIL", "corpus@example.com"))
}


class NotRunError(Exception):
    """A codebase cannot be run here, and why."""


@dataclass(frozen=True, slots=True)
class Codebase:
    """One of them; `codebases.toml` says what the fields are."""

    repository: str
    commit: str
    test: str
    passes: int
    folder: str = "."
    requirements: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    app: str | None = None
    database: bool = False
    extension: str | None = None
    redis: bool = False
    prepare: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.repository.replace("/", "__")


@dataclass(frozen=True, slots=True)
class Ready:
    """A codebase that can be run: its copy, its Python, its variables, its tests' command."""

    codebase: Codebase
    folder: Path
    python: Path
    variables: Mapping[str, str]
    environment: Mapping[str, str]
    test: str


def load(wanted: Iterable[str] = (), files: Iterable[Path] = (DATA,)) -> list[Codebase]:
    """Return the codebases; by default all, else those whose repository holds a wanted text."""
    wanted = list(wanted)
    rows = [row for each in files for row in tomllib.loads(each.read_text())["codebase"]]
    found = [Codebase(**row) for row in rows]
    return [c for c in found if not wanted or any(w in c.repository for w in wanted)]


@contextmanager
def ready(codebase: Codebase, checkouts: Path, environments: Path, copy: Path) -> Iterator[Ready]:
    """Give a codebase with all that it needs; `copy` is the folder to put its source into.

    Raises `NotRunError` for what cannot be had.
    """
    _copy(codebase, checkouts / codebase.name, copy)
    python = _environment(codebase, environments / codebase.name, copy)
    values, surroundings, before = {"host": servers.HOST}, dict(os.environ), []
    with ExitStack() as stack:
        if codebase.redis:
            values["redis"] = stack.enter_context(servers.redis(_servers(environments)))
        if codebase.database:
            server = _postgresql(codebase, environments, stack)
            values |= {"port": str(server.port), "database": _DATABASE}
            surroundings = server.environment
            # All that tests may leave behind goes before they are run again.
            for name in (_DATABASE, f"{_DATABASE}_test"):
                before += [f"dropdb --if-exists --force {name}", f"createdb {name}"]
        variables = {name: value.format(**values) for name, value in codebase.variables.items()}
        steps = [*before, *([codebase.prepare] if codebase.prepare else []), codebase.test]
        test = f"sh -c {shlex.quote(' && '.join(steps))}" if len(steps) > 1 else codebase.test
        yield Ready(codebase, copy, python, variables, {**surroundings, **variables}, test)


def commit(folder: Path) -> None:
    """Commit all that is in a copy."""
    surroundings = {**os.environ, **_IDENTITY}
    for words in (
        ["add", "--all", "--force"],
        ["-c", "core.hooksPath=", "commit", "--quiet", "--allow-empty", "-m", "A state"],
    ):
        subprocess.run(["git", *words], cwd=folder, env=surroundings, check=True)


def _copy(codebase: Codebase, checkout: Path, copy: Path) -> None:
    """Put what was committed into a folder, which becomes a repository; the checkout stays."""
    if not checkout.is_dir():
        raise NotRunError("no checkout")
    copy.mkdir(parents=True)
    subprocess.run(["git", "init", "--quiet", copy], check=True)
    folder = "" if codebase.folder == "." else codebase.folder
    tree = f"{codebase.commit}:{folder}"
    index = {**os.environ, "GIT_INDEX_FILE": str(copy / ".git" / "copied")}
    for words in (["read-tree", tree], ["checkout-index", "--all", f"--prefix={copy}/"]):
        done = subprocess.run(["git", *words], cwd=checkout, env=index, check=False)
        if done.returncode:
            raise NotRunError(f"{tree} is not in the checkout")
    for each in codebase.folders:
        (copy / each).mkdir(parents=True, exist_ok=True)
    commit(copy)


def _environment(codebase: Codebase, folder: Path, copy: Path) -> Path:
    files = [str(copy / each) for each in codebase.requirements]
    return _installed(folder, [*(w for f in files for w in ("-r", f)), *codebase.packages])


def _servers(environments: Path) -> Path:
    folder = environments / "servers"
    _installed(folder, servers.PACKAGES)
    return folder


def _installed(folder: Path, packages: list[str]) -> Path:
    """Return the Python of an environment, which is made if it is not there yet."""
    python, made = folder / "bin" / "python", folder / "made"
    if made.exists():
        return python
    uv = environment.find_uv()
    if uv is None:
        raise NotRunError("this needs uv")
    for words in (
        ["venv", "--quiet", "--clear", "--python", PYTHON, str(folder)],
        # Compiled, as nothing that runs in there later may write down what it has compiled.
        ["pip", "install", "--quiet", "--compile-bytecode", "--python", str(python), *packages],
    ):
        if subprocess.run([uv, *words], check=False).returncode:
            raise NotRunError("its environment cannot be made")
    made.touch()
    return python


def _postgresql(codebase: Codebase, environments: Path, stack: ExitStack) -> servers.PostgreSQL:
    for folder in servers.programs(_servers(environments)):
        with ExitStack() as tried:
            server = tried.enter_context(servers.postgresql(folder))
            if codebase.extension is None or server.has(codebase.extension):
                stack.enter_context(tried.pop_all())
                return server
    raise NotRunError(f"no PostgreSQL here has {codebase.extension}")
