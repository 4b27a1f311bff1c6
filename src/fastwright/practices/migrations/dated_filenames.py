"""migrations/dated-filenames: the files of revisions are named by day and subject."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fastwright.application.application import Application
from fastwright.application.folders import upward
from fastwright.application.migrations import Environment
from fastwright.practice import Clean, Explanation, Finding, Fixed, Flagged, Kind, Place, Practice

_TEMPLATE = re.compile(r"^[ \t]*file_template[ \t]*=(.*)$", re.MULTILINE)
# Where a template would be written, the best place first.
_PLACES = (
    _TEMPLATE,
    re.compile(r"^[ \t]*[#;][ \t]*file_template\b", re.MULTILINE),
    re.compile(r"^[ \t]*script_location\b", re.MULTILINE),
    re.compile(r"^\[(tool\.)?alembic\]", re.MULTILINE),
)
_IN_PYPROJECT = re.compile(r"^\[tool\.alembic\]$(.*?)(?=^\[[^\[]|\Z)", re.MULTILINE | re.DOTALL)
# `2026-03-01_add_post`, `20260301_add_post`, and numbers that somebody counts by hand.
_SORTED = re.compile(r"((19|20)\d\d[-_.]?[01]\d[-_.]?[0-3]\d|\d{3,5}[-_])(.*)")
# What no identifier in hexadecimal digits has.
_WORD = re.compile(r"[g-z]")
_TELLING = "%%(year)d-%%(month).2d-%%(day).2d_%%(slug)s"


@dataclass(frozen=True)
class _Section:
    """The part of a file that sets up Alembic, from one offset to another."""

    path: str
    text: str
    start: int
    end: int

    def search(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Return where a pattern first matches in it."""
        return pattern.search(self.text, self.start, self.end)


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each Alembic setup that names revisions without day or subject."""
    environments = [each for each in application.migrations.environments if not _are_sorted(each)]
    if not environments or _is_set_in_code(application):
        return
    found = (_unset(each, application.texts) for each in environments)
    for place, message in dict(each for each in found if each is not None).items():
        yield Finding(at=place, message=message)


def _is_set_in_code(application: Application) -> bool:
    return any(each.mentions(b"file_template") for each in application.codebase.own_modules)


def _unset(environment: Environment, texts: Mapping[str, str]) -> tuple[Place, str] | None:
    """Return where the template is missing, and what to do; None where there is one."""
    sections = list(_sections(environment, texts))
    templates = [each.search(_TEMPLATE) for each in sections]
    if any(found is not None and _is_telling(found[1]) for found in templates):
        return None
    if any(templates):
        message = f"Name revisions by day and subject: set `file_template` to `{_TELLING}`."
    else:
        message = f"Set `file_template = {_TELLING}`: revisions are named by random identifiers."
    for section in sections:
        for pattern in _PLACES:
            found = section.search(pattern)
            if found is not None:
                line = section.text.count("\n", 0, found.start()) + 1
                return Place(section.path, line, 1, line, None), message
    if sections or not environment.revisions:
        return None
    return environment.module.place(environment.module.body[0]), message


def _sections(environment: Environment, texts: Mapping[str, str]) -> Iterator[_Section]:
    """Yield what sets up Alembic: its own file, and sections of the projects around."""
    if environment.ini_path is not None:
        text = texts[environment.ini_path]
        yield _Section(environment.ini_path, text, 0, len(text))
    for folder in upward(environment.module.folder):
        path = f"{folder}/pyproject.toml".lstrip("/")
        found = _IN_PYPROJECT.search(texts.get(path, ""))
        if found is not None:
            yield _Section(path, texts[path], found.start(), found.end())


def _is_telling(template: str) -> bool:
    has_day = all(f"%({part})" in template for part in ("year", "month", "day"))
    return (has_day or "%(epoch)" in template) and "%(slug)" in template


def _are_sorted(environment: Environment) -> bool:
    """Tell whether all files are named in an order and by subject, by whatever means."""
    names = [_SORTED.match(revision.module.stem) for revision in environment.revisions]
    return bool(names) and all(name and _WORD.search(name[3]) for name in names)


_ENV = """\
from alembic import context

from app.database import Base

context.configure(target_metadata=Base.metadata)
"""

PRACTICE = Practice(
    kind=Kind.PRACTICE,
    explanation=Explanation(
        rule="Name the files of revisions by their day and subject.",
        why=(
            "By default the name begins with a random identifier, so that a folder of revisions "
            "is shuffled: finding the newest ones, or those of a release, means opening them all."
        ),
        bad="""\
# alembic.ini
[alembic]
script_location = migrations
""",
        good="""\
# alembic.ini
[alembic]
script_location = migrations
file_template = %%(year)d-%%(month).2d-%%(day).2d_%%(slug)s
""",
        when_not=(
            "Not reported where all files are already named by day, or numbered by hand, with "
            "their subject."
        ),
        fix_safety=(
            "No automatic fix. The setting only names new files. Existing ones may be renamed, "
            "as Alembic goes by the identifiers inside."
        ),
        references={
            "Editing the .ini file": (
                "https://alembic.sqlalchemy.org/en/latest/tutorial.html#editing-the-ini-file"
            ),
        },
    ),
    check=check,
    examples=(
        Flagged(
            "the template is left as a comment",
            {
                "alembic.ini": """\
[alembic]
script_location = migrations
# file_template = %%(year)d-%%(month).2d-%%(day).2d_%%(slug)s  # <- here
""",
                "migrations/env.py": _ENV,
            },
        ),
        Flagged(
            "the day without the subject",
            {
                "backend/alembic.ini": """\
[alembic]
script_location = %(here)s/migrations
file_template = %%(year)d-%%(month).2d-%%(day).2d_%%(rev)s  # <- here
""",
                "backend/migrations/env.py": _ENV,
            },
        ),
        Flagged(
            "settings in pyproject.toml",
            {
                "pyproject.toml": """\
[project]
name = "shop"

[tool.alembic]
script_location = "migrations"  # <- here

[tool.other]
file_template = "%%(year)d-%%(month).2d-%%(day).2d_%%(slug)s"
""",
                "migrations/env.py": _ENV,
            },
        ),
        Flagged(
            "no settings to be seen, but revisions that are named by identifiers",
            {
                "migrations/env.py": """\
from alembic import context  # <- here

from app.database import Base

context.configure(target_metadata=Base.metadata)
""",
                "migrations/versions/1f0c8d3a5e77_add_post.py": """\
revision = "1f0c8d3a5e77"
down_revision = None
""",
            },
        ),
        Fixed(
            "the template after `script_location`",
            {
                "alembic.ini": """\
[alembic]
script_location = migrations  # <- here
""",
                "migrations/env.py": _ENV,
            },
            {
                "alembic.ini": """\
[alembic]
script_location = migrations
file_template = %%(year)d-%%(month).2d-%%(day).2d_%%(slug)s
""",
                "migrations/env.py": _ENV,
            },
        ),
        Clean(
            "an ini file that leaves the template to pyproject.toml",
            {
                "alembic.ini": "[alembic]\n# script_location = migrations\n",
                "pyproject.toml": """\
[tool.alembic]
script_location = "migrations"
file_template = "%%(year)d_%%(month).2d_%%(day).2d-%%(rev)s_%%(slug)s"
""",
                "migrations/env.py": _ENV,
            },
        ),
        Clean(
            "files that somebody numbers by hand",
            {
                "alembic.ini": "[alembic]\nscript_location = migrations\n",
                "migrations/env.py": _ENV,
                "migrations/versions/0001_add_post.py": """\
revision = "0001"
down_revision = None
""",
                "migrations/versions/0002_add_user.py": """\
revision = "0002"
down_revision = "0001"
""",
            },
        ),
        Clean(
            "the template is set where the command is built",
            {
                "alembic.ini": "[alembic]\nscript_location = migrations\n",
                "migrations/env.py": _ENV,
                "app/commands.py": """\
from alembic.config import Config

config = Config("alembic.ini")
config.set_main_option("file_template", "%%(year)d-%%(month).2d-%%(day).2d_%%(slug)s")
""",
            },
        ),
    ),
)
