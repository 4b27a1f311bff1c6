"""migrations/dated-filenames: the files of revisions are named by day and subject."""

import configparser
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fastwright.application.application import Application
from fastwright.application.folders import upward
from fastwright.application.migrations import Environment
from fastwright.practice import (
    Clean,
    Edit,
    Explanation,
    Finding,
    Fix,
    Fixed,
    Flagged,
    Kind,
    Place,
    Practice,
    Safety,
)
from fastwright.source import files

_TEMPLATE = re.compile(r"^[ \t]*file_template[ \t]*=(.*)$", re.MULTILINE)
# Where a template would be written, the best place first.
_PLACES = (
    _TEMPLATE,
    re.compile(r"^[ \t]*[#;][ \t]*file_template\b", re.MULTILINE),
    re.compile(r"^[ \t]*script_location\b", re.MULTILINE),
    re.compile(r"^\[(tool\.)?alembic\]", re.MULTILINE),
)
_IN_PYPROJECT = re.compile(
    r"^\[tool\.alembic\][ \t]*(#[^\n]*?)?\r?$(.*?)(?=^\[[^\[]|\Z)", re.MULTILINE | re.DOTALL
)
# `2026-03-01_add_post`, `20260301_add_post`, and numbers that somebody counts by hand.
_SORTED = re.compile(r"((19|20)\d\d[-_.]?[01]\d[-_.]?[0-3]\d|\d{3,5}[-_]|v\d{1,4}[-_])(.*)")
# What no identifier in hexadecimal digits has.
_WORD = re.compile(r"[g-z]")
_DAY, _SLUG = "%%(year)d-%%(month).2d-%%(day).2d", "%%(slug)s"
# With the identifier, so that two revisions of one day and subject are two files.
_TELLING = f"{_DAY}_%%(rev)s_{_SLUG}"
# Where the setting is written: above all below what is commented out.
_ABOVE = (
    re.compile(r"^[#;][ \t]*file_template\b.*\n?", re.MULTILINE),
    re.compile(r"^script_location\b.*\n?", re.MULTILINE),
    re.compile(r"^\[(tool\.)?alembic\].*\n?", re.MULTILINE),
)


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
    found = [_unset(each, application.texts) for each in environments]
    yield from {each.at: each for each in found if each is not None}.values()


def _is_set_in_code(application: Application) -> bool:
    return any(not each.is_test for each in application.codebase.mentioning(b"file_template"))


def _unset(environment: Environment, texts: Mapping[str, str]) -> Finding | None:
    """Return the finding where the template is missing; None where there is one."""
    sections = list(_sections(environment, texts))
    templates = [each.search(_TEMPLATE) for each in sections]
    if any(found is not None and _is_telling(found[1]) for found in templates):
        return None
    if not environment.revisions and _are_left_to_each(environment, texts):
        return None
    if any(templates):
        message = f"Name revisions by day and subject: set `file_template` to `{_TELLING}`."
    else:
        default = "are" if environment.revisions else "will be"
        message = (
            f"Set `file_template = {_TELLING}`: revisions {default} named by random identifiers."
        )
    for section in sections:
        for pattern in _PLACES:
            found = section.search(pattern)
            if found is not None:
                line = section.text.count("\n", 0, found.start()) + 1
                at = Place(section.path, line, 1, line, None)
                return Finding(at, message, fix=_fix(sections))
    if sections or not environment.revisions:
        return None
    return Finding(environment.module.place(environment.module.body[0]), message)


def _are_left_to_each(environment: Environment, texts: Mapping[str, str]) -> bool:
    """Tell whether git ignores the revisions, so that whoever runs it writes their own."""
    revision = f"{environment.module.folder}/versions/of_mine.py".lstrip("/")
    return any(
        files.is_ignored(revision.removeprefix(f"{folder}/"), texts[path])
        for folder in upward(environment.module.folder)
        if (path := f"{folder}/.gitignore".lstrip("/")) in texts
    )


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


def _fix(sections: list[_Section]) -> Fix | None:
    """Return the edit that makes the one setting, and no other difference to who reads the file."""
    set_in = [each for each in sections if each.search(_TEMPLATE)]
    if len(set_in) > 1:
        return None
    if set_in:
        edits = iter(_changed(set_in[0]))
    else:
        main = [each for each in sections if each.search(_ABOVE[1])]
        section = (main or sections)[0]
        edits = (_added(section, pattern) for pattern in _ABOVE if section.search(pattern))
    texts = {each.path: each.text for each in sections}
    edit = next((each for each in edits if _only_sets_it(texts[each.path], each)), None)
    return None if edit is None else Fix(Safety.SAFE, (_in_bytes(texts[edit.path], edit),))


def _changed(section: _Section) -> Iterator[Edit]:
    """Yield the edit that adds to a template what it lacks; none where it makes folders."""
    found = section.search(_TEMPLATE)
    value = found[1].strip() if found else ""
    template = value.strip("\"'")
    if found is None or "/" in template:
        return
    has_day = any(f"%({part})" in template for part in ("year", "month", "day", "epoch"))
    new = template if has_day else f"{_DAY}_{template}"
    new = new if "%(slug)" in template else f"{new}_{_SLUG}"
    start = found.start(1) + found[1].index(value)
    text = value.replace(template, new if _is_telling(new) else _TELLING) if template else _TELLING
    yield Edit(section.path, start, start + len(value), text)


def _added(section: _Section, pattern: re.Pattern[str]) -> Edit:
    """Return the edit that adds the setting below the line of a pattern."""
    found = section.search(pattern)
    end = found.end() if found else section.end
    value = f'"{_TELLING}"' if section.path.endswith(".toml") else _TELLING
    line = f"file_template = {value}"
    ends_line = section.text[:end].endswith("\n")
    return Edit(section.path, end, end, f"{line}\n" if ends_line else f"\n{line}")


def _only_sets_it(text: str, edit: Edit) -> bool:
    """Tell whether a file says the same after an edit, but for a template that is telling."""
    before = _values(edit.path, text)
    after = _values(edit.path, text[: edit.start] + edit.text + text[edit.end :])
    if before is None or after is None or not _is_telling(after.get("file_template", "")):
        return False
    return {**before, "file_template": None} == {**after, "file_template": None}


def _values(path: str, text: str) -> dict[str, str] | None:
    """Return the settings of Alembic in a file, and all others under one name."""
    try:
        if path.endswith(".toml"):
            document = tomllib.loads(text)
            own = document["tool"].pop("alembic")
        else:
            # As Alembic reads it, but for what `%` means.
            parser = configparser.ConfigParser(interpolation=None)
            parser.read_string(text)
            own = dict(parser["alembic"])
            document = {name: dict(parser[name]) for name in parser if name != "alembic"}
    except (configparser.Error, tomllib.TOMLDecodeError, KeyError):
        return None
    return {**own, "": repr(document)}


def _in_bytes(text: str, edit: Edit) -> Edit:
    start, end = (len(text[:each].encode()) for each in (edit.start, edit.end))
    return Edit(edit.path, start, end, edit.text)


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
            "their subject, or where git ignores them all."
        ),
        fix_safety=(
            "Safe: the setting is added below the one that is commented out, or below "
            "`script_location`; a template that is set keeps its parts and gets those that it "
            "lacks. Only new files are named by it, with their identifier, so that none is written "
            "over. No fix where the template makes folders, or the file cannot be parsed. Existing "
            "files may be renamed by hand, as Alembic goes by the identifiers inside."
        ),
        references={
            "Editing the .ini file": (
                "https://alembic.sqlalchemy.org/en/latest/tutorial.html#editing-the-ini-file"
            ),
        },
    ),
    check=check,
    examples=(
        Fixed(
            "the template is left as a comment",
            {
                "alembic.ini": """\
[alembic]
# où sont les révisions
script_location = migrations
; file_template = %%(year)d-%%(month).2d-%%(day).2d_%%(rev)s  # <- here

[logger_root]
level = WARN
""",
                "migrations/env.py": _ENV,
            },
            {
                "alembic.ini": """\
[alembic]
# où sont les révisions
script_location = migrations
; file_template = %%(year)d-%%(month).2d-%%(day).2d_%%(rev)s
file_template = %%(year)d-%%(month).2d-%%(day).2d_%%(rev)s_%%(slug)s

[logger_root]
level = WARN
""",
                "migrations/env.py": _ENV,
            },
        ),
        Fixed(
            "the day without the subject",
            {
                "backend/alembic.ini": """\
[alembic]
script_location = %(here)s/migrations
file_template = %%(year)d%%(month).2d%%(day).2d_%%(rev)s  # <- here
""",
                "backend/migrations/env.py": _ENV,
            },
            {
                "backend/alembic.ini": """\
[alembic]
script_location = %(here)s/migrations
file_template = %%(year)d%%(month).2d%%(day).2d_%%(rev)s_%%(slug)s
""",
                "backend/migrations/env.py": _ENV,
            },
        ),
        Fixed(
            "the default template, written out",
            {
                "alembic.ini": """\
[alembic]
file_template=%%(rev)s_%%(slug)s  # <- here
script_location=migrations""",
                "migrations/env.py": _ENV,
            },
            {
                "alembic.ini": """\
[alembic]
file_template=%%(year)d-%%(month).2d-%%(day).2d_%%(rev)s_%%(slug)s
script_location=migrations""",
                "migrations/env.py": _ENV,
            },
        ),
        Fixed(
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
            {
                "pyproject.toml": """\
[project]
name = "shop"

[tool.alembic]
script_location = "migrations"
file_template = "%%(year)d-%%(month).2d-%%(day).2d_%%(rev)s_%%(slug)s"

[tool.other]
file_template = "%%(year)d-%%(month).2d-%%(day).2d_%%(slug)s"
""",
                "migrations/env.py": _ENV,
            },
        ),
        Flagged(
            "a template that makes folders, and a file that is itself a template",
            {
                "alembic.ini": """\
[alembic]
script_location = migrations
file_template = %%(year)d/%%(month).2d/%%(rev)s_%%(slug)s  # <- here
""",
                "migrations/env.py": _ENV,
                "template/alembic.ini": """\
{% if cookiecutter.migrations %}
[alembic]
script_location = migrations  # <- here
""",
                "template/migrations/env.py": _ENV,
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
            "the template after `script_location`, at the end of the file",
            {
                "alembic.ini": """\
[alembic]
script_location = migrations  # <- here""",
                "migrations/env.py": _ENV,
            },
            {
                "alembic.ini": """\
[alembic]
script_location = migrations
file_template = %%(year)d-%%(month).2d-%%(day).2d_%%(rev)s_%%(slug)s""",
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
            "files that begin with numbers of versions, in their order",
            {
                "alembic.ini": "[alembic]\nscript_location = migrations\n",
                "migrations/env.py": _ENV,
                "migrations/versions/v1_5ab1_add_boat.py": """\
revision = "5ab1"
down_revision = None
""",
                "migrations/versions/v2_07fe_add_mooring.py": """\
revision = "07fe"
down_revision = "5ab1"
""",
            },
        ),
        Flagged(
            "a version that only one file begins with",
            {
                "alembic.ini": """\
[alembic]
script_location = migrations  # <- here
""",
                "migrations/env.py": _ENV,
                "migrations/versions/v1_add_boat.py": """\
revision = "5ab1"
down_revision = None
""",
                "migrations/versions/07fe_add_mooring.py": """\
revision = "07fe"
down_revision = "5ab1"
""",
            },
        ),
        Clean(
            "revisions that nobody shares",
            {
                ".gitignore": "__pycache__/\nmigrations/versions/*\n",
                "alembic.ini": "[alembic]\nscript_location = migrations\n",
                "migrations/env.py": _ENV,
            },
        ),
        Flagged(
            "only what Python makes of revisions is ignored",
            {
                ".gitignore": "/migrations/versions/__pycache__/\n",
                "alembic.ini": "[alembic]\nscript_location = migrations  # <- here\n",
                "migrations/env.py": _ENV,
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
