"""What new tables get from their base, and what they call their key."""

import re
from collections import Counter
from collections.abc import Mapping

from fastwright.scaffolds.room import BaseColumn
from fastwright.scaffolds.rooms.columns import Column

Key = tuple[str, str]  # its name and its type

_MOMENTS = ("created_at", "updated_at", "deleted_at")
_AWARE = re.compile(r"timezone=True|(?i:timestamptz|tz_?datetime|utcdatetime)")
_NAIVE = re.compile(r"\butcnow\b|\bdatetime\.now\b(?!\(\s*\w)|\bfunc\.now\(\)")
_RENEWED = re.compile(r"\bonupdate\b")
# SQLite writes a moment of its own in another way than those that it is given: they do not compare.
_BY_CODE = re.compile(r"\b(default|default_factory|insert_default)=(?!\s*(\w+\.)*func\.)")
_BY_DATABASE = re.compile(r"\bserver_default\b|\bdefault=\s*(\w+\.)*func\.")
_ANYWHERE = re.compile(r"\bserver_default=\s*(\w+\.)?func\.(now|current_timestamp)\(\)")
# What is a name for any table's key, rather than for what one table is about.
_NAMES = {"id", "uid", "uuid", "guid", "pk"}


def inherited(columns: Mapping[str, Column]) -> dict[str, BaseColumn]:
    """Return the columns of a base that no new table has to declare, wherever it is created."""
    found = {}
    for name, column in columns.items():
        is_known = not _BY_DATABASE.search(column.text) or (
            _BY_CODE.search(column.text) and _ANYWHERE.search(column.text)
        )
        if is_known and (_is_made(column) if column.is_key else _is_moment(column)):
            is_aware = _AWARE.search(column.text) is not None
            found[name] = BaseColumn(is_aware, _RENEWED.search(column.text) is not None)
    return found


def key(columns: Mapping[str, Column], counted: Counter[Key]) -> Key:
    """Return a new table's key: as its base has it, else as most tables do."""
    own = [each for each in columns.values() if each.is_key and each.type]
    if own:
        name, type_ = own[0].name, own[0].type or ""
    else:
        usual = (each for each, _ in counted.most_common() if each[0] in _NAMES)
        name, type_ = next(usual, ("id", "int"))
    return name, type_ if type_ in {"UUID", "str"} else "int"


def _is_made(key: Column) -> bool:
    """Tell whether a key comes by itself."""
    return key.has_default or not key.is_given or key.type == "int"


def _is_moment(column: Column) -> bool:
    is_told = _AWARE.search(column.text) or _NAIVE.search(column.text)
    is_free = column.has_default or column.is_nullable
    return column.name in _MOMENTS and column.type == "datetime" and is_free and bool(is_told)
