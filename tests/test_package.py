"""The wheel: built from this checkout, installed into an empty environment, and used."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from fastwright.projects import blueprint

IGNORED_PARTS = {".venv", ".data", ".tools", ".env", "__pycache__", "uv.lock", ".mypy_cache"}


@pytest.fixture
def wheel(checkout: Path, tmp_path: Path, uv: str) -> Path:
    """Return the wheel, built the long way: through the source distribution."""
    built = tmp_path / "dist"
    subprocess.run([uv, "build", "--quiet", "--out-dir", built], cwd=checkout, check=True)
    return next(built.glob("*.whl"))


def test_the_blueprint_travels_in_the_wheel_without_what_is_made_here(wheel: Path) -> None:
    prefix = "fastwright/blueprint/"
    with zipfile.ZipFile(wheel) as archive:
        packed = {name.removeprefix(prefix) for name in archive.namelist() if prefix in name}
    assert packed == {str(path) for path in blueprint.files()}
    assert not any(IGNORED_PARTS & set(Path(name).parts) for name in packed)


def test_an_installed_wheel_makes_the_same_project_as_the_clone(
    wheel: Path, checkout: Path, tmp_path: Path, uv: str
) -> None:
    environment = tmp_path / "environment"
    _install(wheel, environment, checkout=checkout, uv=uv)
    for python, place in (
        (environment / "bin" / "python", tmp_path / "installed"),
        (sys.executable, tmp_path / "clone"),
    ):
        place.mkdir()
        new = ["-m", "fastwright", "new", "shop", "--no-install", "--path", str(place)]
        subprocess.run([python, *new], check=True, stdout=subprocess.DEVNULL, cwd=tmp_path)
    installed, clone = _tree(tmp_path / "installed"), _tree(tmp_path / "clone")
    assert installed == clone
    assert "shop/Makefile" in installed


def _install(wheel: Path, environment: Path, *, checkout: Path, uv: str) -> None:
    """Install the wheel, and from uv's cache the very versions that this checkout is locked to."""
    pins = str(environment.with_suffix(".txt"))
    export = [uv, "export", "--quiet", "--frozen", "--no-dev", "--no-emit-project", "-o", pins]
    subprocess.run(export, cwd=checkout, check=True)
    subprocess.run([uv, "venv", "--quiet", environment], check=True)
    install = [uv, "pip", "install", "--quiet", "--no-deps", "--requirement", pins, str(wheel)]
    subprocess.run([*install, "--python", str(environment)], check=True)


def _tree(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Return mode and content of every file, without the repository and what is drawn by lot."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_mode, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.parts and path.name != ".env"
    }
