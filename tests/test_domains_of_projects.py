"""Every set of domains makes a whole project, in which nothing of the others is left behind."""

import json
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from fastwright.projects import contents, domains
from fastwright.verbs import new
from tests.projects import trial
from tests.projects.selections import SELECTIONS, name_of

# What nobody could mean but the part.
WORDS = {
    "posts": r"\b[Pp]osts\b|[Pp]osts?_(?!write_hooks|office)|_posts\b|\bPost[A-Z]|\b[Ll]ikes\b",
    "profiles": r"\b[Pp]rofiles\b|profile_id|\bProfile[A-Z]|\b[Cc]reators?\b|\b[Ff]ollowers?\b",
    "comments": r"\b[Cc]omments\b|comment_|\bComment[A-Z]|COMMENTS_",
    "notifications": r"\b[Nn]otifications\b|notification_|\bNotification[A-Z]|NOTIFICATIONS_",
    "media": r"\bmedia_(?!type)|/media\b|\.media\b|\bMedia[A-Z]|AWS_|\baws\b|\bobstore\b|\bS3\b",
    "cache": r"\bsrc[./]cache\b|CACHE_|\b[Cc]ached\b|PublicCache",
}
# What is offered to whoever adds a domain.
FOR_LATER = {
    "username_of",
    "id_of",
    "fetch_one_in",
    "around_commit",
    "start_of",
    "withdraw",
    "forget",
    "Page",
    "split_page",
}
# What a package is imported as, where that is not its own name.
IMPORTED_AS = {"pillow": "PIL"}

DEFINED = re.compile(r"^(?:async )?(?:def|class) (\w+)|^([A-Z][A-Z_]+)(?:: .*)? = ", re.MULTILINE)

IMPORTED = re.compile(r"^\s*(?:from|import) (\w+)", re.MULTILINE)

Texts = dict[str, str]

every_selection = pytest.mark.parametrize("name", SELECTIONS)


@cache
def texts_of(name: str) -> Texts:
    files = contents.project_files("shop", SELECTIONS[name])
    return {str(file.path): file.content.decode() for file in files}


def everything() -> Texts:
    return texts_of(name_of(domains.EVERYTHING))


def python_of(texts: Texts, *folders: str) -> str:
    return "\n".join(text for path, text in texts.items() if path.startswith(folders))


@every_selection
def test_no_word_of_what_is_left_out_is_left(name: str) -> None:
    for part in domains.PARTS - SELECTIONS[name].parts:
        found = [
            f"{path}: {line.strip()}"
            for path, text in texts_of(name).items()
            for line in [path, *text.splitlines()]
            if re.search(WORDS[part], line)
        ]
        assert not found, f"{part} in\n" + "\n".join(found)


@every_selection
def test_nothing_is_left_that_only_others_used(name: str) -> None:
    for folders in (("src/", "alembic/"), ("src/", "tests/", "alembic/")):
        used_by_all = Counter(re.findall(r"\w+", python_of(everything(), *folders)))
        text = python_of(texts_of(name), *folders)
        used = Counter(re.findall(r"\w+", text))
        defined = {one or other for one, other in DEFINED.findall(text)}
        idle = {each for each in defined if used[each] == 1 < used_by_all[each]}
        assert {each for each in idle if not each.startswith("test_")} <= FOR_LATER


@every_selection
def test_every_package_is_needed_that_is_asked_for(name: str) -> None:
    def imported(texts: Texts) -> set[str]:
        lines = re.findall(
            r"^\s*(?:from|import) (\w+)", python_of(texts, "src/", "tests/"), re.MULTILINE
        )
        return {package for package in packages if IMPORTED_AS.get(package, package) in lines}

    pyproject = tomllib.loads(texts_of(name)["pyproject.toml"])
    asked = [*pyproject["project"]["dependencies"], *pyproject["dependency-groups"]["dev"]]
    packages = {re.split(r"[\[>]", each)[0].replace("-", "_").lower() for each in asked}
    assert imported(everything()) == imported(texts_of(name))


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return dict(_written(tmp_path_factory))


def _written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    for name, selection in SELECTIONS.items():
        folder = tmp_path_factory.mktemp("project")
        contents.write(contents.project_files("shop", selection), folder)
        yield name, folder


def test_all_of_them_are_formatted_and_clean(projects: dict[str, Path]) -> None:
    ruff = Path(sys.executable).with_name("ruff")
    for command in (["format", "--check"], ["check"]):
        finished = subprocess.run(
            [ruff, *command, "--no-cache", *projects.values()],
            check=False,
            capture_output=True,
            text=True,
        )
        assert finished.returncode == 0, finished.stdout


def test_all_of_them_can_be_imported_and_migrated_without_drift(
    checkout: Path, projects: dict[str, Path]
) -> None:
    blueprint = checkout / "blueprint"
    finished = subprocess.run(
        [blueprint / ".venv/bin/python", trial.__file__, blueprint, *projects.values()],
        check=False,
        capture_output=True,
        text=True,
    )
    assert finished.returncode == 0, finished.stderr
    wrong = json.loads(finished.stdout)
    assert not wrong, "\n".join(
        f"{name}: {wrong[str(folder)]}" for name, folder in projects.items() if str(folder) in wrong
    )


def test_a_plan_has_the_files_of_its_domains(tmp_path: Path) -> None:
    planned = new.plan("shop", parent=tmp_path, install=False, wanted=[])
    assert {str(file.path) for file in planned.files} == set(texts_of("minimal"))
