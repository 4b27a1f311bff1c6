"""What is said of naive times fits where they go."""

import pytest

from fastwright.application.application import read_texts
from fastwright.practices.schemas import aware_datetime

TABLES = """
from datetime import datetime
from sqlalchemy import Column, DateTime
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

class Base(DeclarativeBase): pass

class Note(Base):
    __tablename__ = "note"
    id: Mapped[int] = mapped_column(primary_key=True)
    read_at: Mapped[datetime | None]
    kept_at = Column(DateTime(timezone=True))
    made_at = Column(DateTime, {default})

def change(note: Note, rows):
    {code}
"""
COLUMN = "with `DateTime(timezone=True)` as the column's type"


def said(code: str, default: str = "") -> list[str]:
    application = read_texts({"app.py": TABLES.format(code=code, default=default)})
    return [each.message for each in aware_datetime.check(application)]


@pytest.mark.parametrize(
    "code",
    [
        "note.made_at = datetime.utcnow()",
        "note.read_at = datetime.now()",
        "Note(read_at=datetime.now())",
    ],
)
def test_a_column_without_a_zone_has_to_get_one(code: str) -> None:
    [message] = said(code)
    assert COLUMN in message


def test_so_has_one_that_calls_the_clock_itself() -> None:
    [message] = said("pass", default="default=datetime.utcnow")
    assert COLUMN in message


@pytest.mark.parametrize("code", ["note.kept_at = datetime.utcnow()", "rows.at = datetime.now()"])
def test_nothing_is_said_of_other_columns(code: str) -> None:
    [message] = said(code)
    assert "column" not in message


@pytest.mark.parametrize(
    "code",
    [
        "return {'exp': datetime.utcnow()}",
        "import pymongo; rows.insert_one({'at': datetime.utcnow()})",
    ],
)
def test_tokens_and_mongodb_take_naive_times_for_utc(code: str) -> None:
    [message] = said(code)
    assert "local time" not in message
