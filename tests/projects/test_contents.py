"""What a new project's files hold."""

import os
import stat
from pathlib import Path, PurePosixPath

from fastwright.projects import blueprint, contents, pruning
from fastwright.projects.domains import PARTS
from fastwright.projects.plan import ProjectFile


def test_a_project_holds_no_trace_of_the_tool_or_the_blueprint() -> None:
    for file in contents.project_files("shop"):
        text = f"{file.path}\n{file.content.decode(errors='replace')}".lower()
        for trace in ("fastwright", "inkwell", "exclude-newer"):
            assert trace not in text, f"{trace} in {file.path}"


def test_the_blueprint_itself_holds_no_trace_of_the_tool() -> None:
    for path in blueprint.files():
        text = (blueprint.root() / path).read_text(encoding="utf-8")
        assert "fastwright" not in pruning.pruned(text, PARTS).lower(), path


def test_every_secret_is_filled_in_and_differs_each_time() -> None:
    first, second = (_settings(contents.project_files("shop")) for _ in range(2))
    secrets = [name for name in first if name.endswith("_SECRET")]
    assert secrets
    for name in secrets:
        assert len(first[name]) == 64
        assert first[name] != second[name]


def test_only_open_secrets_are_filled_in() -> None:
    settings = "A_SECRET=\nB_SECRET=change-me\nC_SECRET=mine\nD=\n# E_SECRET=\nSECRETS=\n"
    kept = contents.with_secrets(settings).splitlines()
    assert len(kept[0]) == len("A_SECRET=") + 64
    assert "change-me" not in kept[1]
    assert kept[2:] == ["C_SECRET=mine", "D=", "# E_SECRET=", "SECRETS="]


def test_files_have_their_mode_whatever_the_umask(tmp_path: Path) -> None:
    files = (
        ProjectFile(PurePosixPath("private"), b"", 0o600),
        ProjectFile(PurePosixPath("deep/down/script"), b"", 0o777),
    )
    before = os.umask(0o022)
    try:
        contents.write(files, tmp_path)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "private").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "deep/down/script").stat().st_mode) == 0o755


def _settings(files: tuple[ProjectFile, ...]) -> dict[str, str]:
    env = next(file for file in files if file.path == contents.ENV)
    lines = env.content.decode().splitlines()
    pairs = (line.partition("=")[::2] for line in lines if "=" in line and not line.startswith("#"))
    return dict(pairs)
