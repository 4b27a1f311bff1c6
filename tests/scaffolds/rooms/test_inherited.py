"""What new tables call their key, and what of their columns the base gives."""

from pathlib import Path

import pytest

from fastwright.scaffolds.room import BaseColumn
from tests.scaffolds.rooms.projects import FLAT, LAYERED
from tests.scaffolds.rooms.test_reading import room

_HEAD = (
    "from datetime import datetime\n"
    "from uuid import uuid4\n"
    "from sqlalchemy import DateTime, String, func, text\n"
    "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n"
    "class Base(DeclarativeBase):\n"
)
_MADE = (
    "    id: Mapped[str] = mapped_column(String, primary_key=True, default=lambda: str(uuid4()))\n"
)
_BY_DATABASE = _MADE.replace(
    "default=lambda: str(uuid4())", "server_default=text('gen_random_uuid()')"
)


@pytest.mark.parametrize(
    ("columns", "key", "given"),
    [
        (_MADE, ("id", "str"), {"id": BaseColumn()}),
        (_MADE.replace(" id:", " uid:"), ("uid", "str"), {"uid": BaseColumn()}),
        (_BY_DATABASE, ("id", "str"), {}),
        (
            "    code: Mapped[int] = mapped_column(primary_key=True)\n",
            ("code", "int"),
            {"code": BaseColumn()},
        ),
    ],
)
def test_a_key_comes_from_the_base(
    tmp_path: Path, columns: str, key: tuple[str, str], given: dict[str, BaseColumn]
) -> None:
    found = room({**LAYERED, "src/models/base.py": _HEAD + columns}, tmp_path)

    assert ((found.key, found.key_type), found.base_columns) == (key, given)


@pytest.mark.parametrize(
    ("made", "given"),
    [
        ("DateTime(timezone=True), default=clock", BaseColumn(has_timezone=True)),
        ("server_default=func.now()", None),
        ("default=func.now()", None),
        ("default=datetime.utcnow", BaseColumn()),
        (
            "default=datetime.now, server_default=func.now(), onupdate=func.now()",
            BaseColumn(is_renewed=True),
        ),
        ("default=some_clock", None),
        ("server_default=text('current_timestamp(0)')", None),
    ],
)
def test_moments_come_from_the_base_if_it_is_known_how(
    tmp_path: Path, made: str, given: BaseColumn | None
) -> None:
    column = f"    updated_at: Mapped[datetime] = mapped_column({made})\n"
    found = room({**LAYERED, "src/models/base.py": _HEAD + _MADE + column}, tmp_path)

    assert found.base_columns.get("updated_at") == given


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("id = Column(String, primary_key=True, default=make)", ("id", "str")),
        ("uuid = Column(String, primary_key=True, default=make)", ("uuid", "str")),
        ("id = Column(String, primary_key=True)", ("id", "int")),
        ("email = Column(String, primary_key=True, default=make)", ("id", "int")),
    ],
)
def test_a_key_is_called_as_most_are_that_come_by_themselves(
    tmp_path: Path, key: str, expected: tuple[str, str]
) -> None:
    models = FLAT["app/models.py"].replace("id = Column(Integer, primary_key=True)", key)
    found = room({**FLAT, "app/models.py": models}, tmp_path)

    assert (found.key, found.key_type) == expected
