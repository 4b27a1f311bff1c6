"""Which versions and drivers a project uses, by its environment, its files and its code."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from fastwright.application.models import SCHEMA
from fastwright.codebase.definitions import Class
from fastwright.codebase.values import ClassValue
from fastwright.scaffolds.room import Symbol
from fastwright.scaffolds.rooms.surroundings import Surroundings
from fastwright.scaffolds.rooms.symbols import find

_ENVIRONMENTS = (".venv", "venv", "env")
_INSTALLED = re.compile(r"([\w.]+)-(\d[\w.]*)\.dist-info")
_SECOND = re.compile(
    rb"\b(model_config|field_validator|model_validator|model_dump|model_validate|ConfigDict"
    rb"|from_attributes|pydantic_settings)\b"
)
_FIRST = re.compile(
    rb"\b(orm_mode|allow_population_by_field_name|parse_obj|from_orm|root_validator)\b"
)
_OLDEST = re.compile(r"(?:>=|~=|==|\^|>)\s*(\d+)\.(\d+)")
_UNION = re.compile(rb"[\w\]]\s\|\sNone\b")
_DRIVERS = {
    "postgresql": ("asyncpg", "psycopg", "psycopg2", "psycopg2-binary", "pg8000"),
    "mysql": ("aiomysql", "asyncmy", "pymysql", "mysqlclient", "mysql-connector-python"),
    "sqlite": ("aiosqlite",),
}
_TYPED = re.compile(r"^\[(?:tool\.)?(?:mypy|pyright|basedpyright|ty|pyre)\b", re.MULTILINE)
_TYPE_FILES = ("mypy.ini", ".mypy.ini", "pyrightconfig.json", "ty.toml")
_ANNOTATED = (0, 95)  # the version of FastAPI that takes dependencies in annotations
_PLAIN_BASE = Symbol("pydantic", SCHEMA.rpartition(".")[2])
_CAMEL = re.compile(r"(?i)alias_generator\s*=\s*[\w.]*(?<!l_)camel")
_BY_NAME = re.compile(
    r"(populate_by_name|validate_by_name|allow_population_by_field_name)\s*=\s*True"
)
_USUAL_BASE = 0.5  # of all schemas


class Libraries:
    """Answers from what is installed, if it is, then from what is asked for, then from the code."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._installed = dict(self._found_installed())
        self._required = around.application.requirements

    def pydantic(self) -> int:
        """Return the major version of Pydantic."""
        if "pydantic" in self._installed:
            return self._installed["pydantic"][0]
        if not self._required.allows("pydantic", (2,)):
            return 1
        counted = Counter[int]()
        for each in self._around.modules:
            counted[2] += len(_SECOND.findall(each.code))
            counted[1] += len(_FIRST.findall(each.code))
        return 1 if counted[1] > counted[2] else 2

    def annotates(self) -> bool:
        """Tell whether dependencies stand in annotations: as most do, where FastAPI allows it."""
        version = self._installed.get("fastapi")
        if version is not None and version < _ANNOTATED:
            return False
        if not self._required.allows("fastapi", _ANNOTATED):
            return False
        marked = [each for each in self._around.dependencies if each.parameter is not None]
        return 2 * sum(not each.is_default for each in marked) >= len(marked)

    def python(self) -> tuple[int, int]:
        """Return the oldest Python that the project says, or shows, that it runs on."""
        for path, text in self._texts("pyproject.toml"):
            found = _OLDEST.search(_asked_python(text))
            if found:
                return int(found[1]), int(found[2])
            del path
        version = self._around.root / self._around.source / ".python-version"
        if version.is_file() and (found := re.match(r"(\d+)\.(\d+)", version.read_text())):
            return int(found[1]), int(found[2])
        is_newer = any(_UNION.search(each.code) for each in self._around.modules)
        return (3, 10) if is_newer else (3, 9)

    def dialect(self) -> str | None:
        """Return which database the project is for: by its drivers, else by its URLs."""
        named = [
            dialect
            for dialect, drivers in _DRIVERS.items()
            if any(self._required.names(each) or each in self._installed for each in drivers)
        ]
        if len(named) == 1:
            return named[0]
        counted = Counter(
            dialect
            for each in self._around.modules
            for dialect in _DRIVERS
            if f"{dialect}".encode() in each.code
            and (
                b"create_engine" in each.code
                or b"create_async_engine" in each.code
                or "config" in each.stem
            )
        )
        among = {each: count for each, count in counted.items() if not named or each in named}
        best = Counter(among).most_common(2)
        if best and (len(best) == 1 or best[0][1] > best[1][1]):
            return best[0][0]
        return "postgresql" if "postgresql" in named else None

    def quote(self) -> str:
        """Return what most strings stand in, where no formatter of the project says it."""
        single = sum(each.code.count(b"'") for each in self._around.modules)
        double = sum(each.code.replace(b'"""', b"").count(b'"') for each in self._around.modules)
        return "'" if single > double else '"'

    def is_typed(self) -> bool:
        """Tell whether a type checker is set up."""
        folders = {self._around.root, self._around.root / self._around.source}
        if any((folder / name).is_file() for folder in folders for name in _TYPE_FILES):
            return True
        texts = (*self._texts("pyproject.toml"), *self._texts("setup.cfg"))
        return any(_TYPED.search(text) for _, text in texts)

    def _texts(self, name: str) -> Iterator[tuple[str, str]]:
        """Yield the files of a name that lie around the application, the nearest first."""
        folder = self._around.chosen.scope.module.folder
        while True:
            path = f"{folder}/{name}".lstrip("/")
            if path in self._around.application.texts:
                yield path, self._around.application.texts[path]
            if not folder:
                return
            folder = folder.rpartition("/")[0]

    def _found_installed(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        """Yield what an environment has that lies in the project."""
        for folder in {self._around.root / self._around.source, self._around.root}:
            for name in _ENVIRONMENTS:
                for path in sorted(
                    Path(folder, name).glob("lib/python*/site-packages/*.dist-info")
                ):
                    found = _INSTALLED.fullmatch(path.name)
                    if found:
                        numbers = re.findall(r"\d+", found[2])
                        yield found[1].lower().replace("_", "-"), tuple(map(int, numbers))


def schema_base(around: Surroundings) -> tuple[Symbol, bool]:
    """Return what most schemas are made from: a class of the project, or Pydantic's own.

    With it comes whether JSON is in camel case then. A base that names fields in other ways, or
    takes them by those names alone, is left aside.
    """
    symbol, definition = _usual_base(around)
    written = (
        "".join(
            each.module.source(each.node)
            for each in around.codebase.resolver.lineage(definition)
            if isinstance(each, Class)
        )
        if definition is not None
        else ""
    )
    if "alias_generator" not in written:
        return symbol, False
    if _CAMEL.search(written) and _BY_NAME.search(written):
        return symbol, True
    return _PLAIN_BASE, False


def _usual_base(around: Surroundings) -> tuple[Symbol, Class | None]:
    if around.given.schema_base is not None:
        module, name = find(around.given.schema_base, "--schema-base", around.codebase)
        value = around.codebase.resolver.module_member(module, name)
        return around.given.schema_base, value.definition if isinstance(value, ClassValue) else None
    own = set(around.modules)
    schemas = [
        each
        for each in around.application.schemas
        if each.definition.module in own and not _is_base(each.definition, around)
    ]
    direct = Counter(
        each.lineage[1]
        for each in schemas
        if len(each.lineage) > 1 and isinstance(each.lineage[1], Class)
    )
    best = direct.most_common(1)
    if best and best[0][1] > _USUAL_BASE * len(schemas):
        definition = best[0][0]
        if isinstance(definition, Class) and _is_base(definition, around):
            return around.symbol(definition.module, definition.name), definition
    return _PLAIN_BASE, None


def _is_base(definition: Class, around: Surroundings) -> bool:
    model = around.application.models.of(definition)
    return model is not None and not model.fields


def _asked_python(text: str) -> str:
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return ""
    project = document.get("project", {}).get("requires-python", "")
    poetry = document.get("tool", {}).get("poetry", {}).get("dependencies", {})
    asked = project or (poetry.get("python", "") if isinstance(poetry, dict) else "")
    return asked if isinstance(asked, str) else ""
