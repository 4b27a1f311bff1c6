"""The Dockerfile copies what there is, and the image's context holds nothing more."""

import re
from pathlib import PurePosixPath

from pathspec import GitIgnoreSpec

from fastwright.projects import blueprint

# Written by `make install`, so not among the blueprint's files.
LOCK = PurePosixPath("uv.lock")


def _copied() -> set[PurePosixPath]:
    dockerfile = (blueprint.root() / "Dockerfile").read_text()
    instructions = re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, re.MULTILINE)
    return {PurePosixPath(source) for line in instructions for source in line.split()}


def _admitted() -> set[PurePosixPath]:
    ignore = GitIgnoreSpec.from_lines((blueprint.root() / ".dockerignore").read_text().splitlines())
    return {path for path in (*blueprint.files(), LOCK) if not ignore.match_file(path)}


def test_every_file_that_the_image_copies_is_there() -> None:
    folders = {parent for path in blueprint.files() for parent in path.parents}
    assert _copied() <= {*blueprint.files(), *folders, LOCK}


def test_the_build_sees_only_what_it_copies() -> None:
    admitted = _admitted()
    assert admitted
    for path in admitted:
        assert {path, *path.parents} & _copied(), f"{path} goes to the builder for nothing"
    for copied in _copied():
        assert any({path, *path.parents} & {copied} for path in admitted), f"{copied} is withheld"


def test_no_secret_stands_in_the_container_files() -> None:
    for name in ("Dockerfile", "compose.yaml"):
        text = (blueprint.root() / name).read_text()
        for value in re.findall(r"^\s*\w*(?:SECRET|PASSWORD)\w*[:=] *(\S+)", text, re.MULTILINE):
            assert value.startswith("${"), f"{value} in {name}"
