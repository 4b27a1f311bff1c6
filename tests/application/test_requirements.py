"""Which versions a project allows, by whichever of its files says so."""

import pytest

from fastwright.application.requirements import Requirements


def project(line: str) -> dict[str, str]:
    return {"pyproject.toml": f"[project]\ndependencies = ['{line}']\n"}


@pytest.mark.parametrize(
    ("wanted", "allows", "refuses"),
    [
        ("", [(0, 1), (99,)], []),
        ("==0.95.1", [(0, 95), (0, 95, 1)], [(0, 95, 2), (0, 96), (1,)]),
        ("===0.95", [(0, 95)], [(0, 96)]),
        ("==0.95.*", [(0, 95)], [(0, 96)]),
        ("~=0.95.1", [(0, 95, 9)], [(0, 96)]),
        ("~=0.95", [(0, 99)], [(1,)]),
        (">=0.95", [(0, 95), (9, 9)], []),
        (">0.95,<1.0", [(0, 96), (1, 0)], [(1, 1), (2,)]),
        ("<=1.2", [(1, 2)], [(1, 3)]),
        (">= 0.95, < 1", [(0, 99)], [(2,)]),
        ("!=1.2", [(9,)], []),
        ("[all]==0.95", [(0, 95)], [(0, 96)]),
        ("[all,standard] >= 0.95 ; python_version < '3.12'".replace("'", '"'), [(9,)], []),
        ("@ git+https://example.com/fastapi@1.0", [(9,)], []),
    ],
)
def test_a_clause_sets_a_ceiling(
    wanted: str, allows: list[tuple[int, ...]], refuses: list[tuple[int, ...]]
) -> None:
    for texts in (
        project(f"fastapi{wanted}"),
        {"requirements.txt": f"# x\n-r other\nfastapi{wanted}\n"},
    ):
        found = Requirements(texts)
        assert found.names("FastAPI")
        assert [each for each in allows if not found.allows("fastapi", each)] == []
        assert [each for each in refuses if found.allows("fastapi", each)] == []


@pytest.mark.parametrize(
    ("line", "allows", "refuses"),
    [
        ('fastapi = "^0.95.1"', (0, 95, 9), (0, 96)),
        ('fastapi = "^1.2"', (1, 9), (2,)),
        ('fastapi = "^0.0.3"', (0, 0, 3), (0, 0, 4)),
        ('fastapi = "~1.2.3"', (1, 2, 9), (1, 3)),
        ('fastapi = "1.2.3"', (1, 2, 3), (1, 2, 4)),
        ('fastapi = "*"', (9,), None),
        ('fastapi = ">=1,<2"', (1, 9), (3,)),
        ('fastapi = {version = "^1.2", extras = ["all"]}', (1, 9), (2,)),
        ('fastapi = {git = "https://example.com/x"}', (9,), None),
        ('fastapi = [{version = "^1.2", python = "<3.9"}, {version = "^2.0"}]', (2, 1), (3,)),
    ],
)
@pytest.mark.parametrize("table", ["dependencies", "dev-dependencies", "group.dev.dependencies"])
def test_poetry_s_clauses_are_read(
    line: str, allows: tuple[int, ...], refuses: tuple[int, ...] | None, table: str
) -> None:
    found = Requirements({"pyproject.toml": f"[tool.poetry.{table}]\n{line}\n"})
    assert found.names("fastapi")
    assert found.allows("fastapi", allows)
    assert refuses is None or not found.allows("fastapi", refuses)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "uv.lock",
            'version = 1\n[[package]]\nname = "fastapi"\nversion = "0.95.1"\nsource = {}\n',
        ),
        ("poetry.lock", '[[package]]\nname = "fastapi"\nversion = "0.95.1"\ndescription = ""\n'),
        ("requirements-dev.txt", "fastapi==0.95.1 --hash=sha256:abc  # x\n"),
        ("a/requirements.txt", "FastAPI == 0.95.1\r\n"),
        ("pyproject.toml", "[project.optional-dependencies]\na = ['fastapi==0.95.1']\n"),
        (
            "pyproject.toml",
            "[dependency-groups]\na = ['fastapi==0.95.1', {include-group = 'b'}]\nb = []\n",
        ),
        ("Pipfile", '[packages]\nfastapi = "==0.95.1"\n'),
    ],
)
def test_versions_are_read_from_all_files(path: str, text: str) -> None:
    found = Requirements({path: text})
    assert found.names("fastapi")
    assert found.allows("fastapi", (0, 95))
    assert not found.allows("fastapi", (0, 96))


def test_the_highest_of_several_files_decides() -> None:
    texts = {"a/requirements.txt": "fastapi==0.95\n", "b/requirements.txt": "fastapi==0.115\n"}
    assert Requirements(texts).allows("fastapi", (0, 115))
    assert not Requirements(texts).allows("fastapi", (0, 116))


def test_names_are_compared_as_packages_are() -> None:
    assert Requirements(project("Pydantic_Settings.x>=2")).names("pydantic-settings-x")
    assert not Requirements(project("fastapi-users")).names("fastapi")


@pytest.mark.parametrize(
    "text",
    [
        "not toml",
        "project = 1\n",
        "[project]\ndependencies = 'fastapi'\n",
        "[project]\ndependencies = [1, {}]\n",
        "[project]\noptional-dependencies = []\n",
        "[tool]\npoetry = 1\n",
        "tool = []\n",
        "[tool.poetry]\ndependencies = []\n",
        "[tool.poetry]\ngroup = 1\n",
        "[tool.poetry.group]\ndev = 'x'\n",
        "[tool.poetry.group.dev]\ndependencies = 'x'\n",
        "dependency-groups = 'x'\n",
        "[tool.poetry.dependencies]\nfastapi = 1\n",
        "[tool.poetry.dependencies]\nfastapi = {version = 1}\n",
    ],
)
def test_a_project_file_of_another_shape_says_nothing(text: str) -> None:
    assert Requirements({"pyproject.toml": text}).allows("fastapi", (9, 9))


@pytest.mark.parametrize(
    ("line", "oldest"),
    [
        ('[project]\nrequires-python = ">=3.8"', 8),
        ("[project]\nrequires-python = '<3.13,>=3.11.2'", 11),
        ('[tool.poetry.dependencies]\npython = "^3.9"', 9),
        ('[tool.poetry.dependencies]\npython = "3.10"', 10),
        ('[tool.poetry.dependencies]\npython = "*"', None),
        ('[project]\nrequires-python = "<3.13"', None),
    ],
)
def test_the_oldest_python_is_the_one_that_all_have_to_run_on(
    line: str, oldest: int | None
) -> None:
    assert Requirements({"pyproject.toml": line}).oldest_python == oldest
    newer = {"pyproject.toml": line, "api/pyproject.toml": "requires-python = '>=3.14'"}
    assert Requirements(newer).oldest_python == (14 if oldest is None else oldest)
