"""Code that is put into a file takes nothing from the names that are there."""

from fastwright.scaffolds.plain.clashes import bound, told_apart

CODE = """from datetime import datetime
from pydantic import Field
from sqlalchemy import String, select


def now(field=Field()) -> datetime:
    é = datetime.now(); return datetime.max
"""


def test_imports_are_renamed_where_their_names_mean_something_else() -> None:
    known = bound("import datetime\nfrom sqlmodel import Field, String, select\n", "app")

    assert (
        told_apart(CODE, known, "app")
        == """from datetime import datetime as datetime_datetime
from pydantic import Field as PydanticField
from sqlalchemy import String, select as sqlalchemy_select


def now(field=PydanticField()) -> datetime_datetime:
    é = datetime_datetime.now(); return datetime_datetime.max
"""
    )


def test_the_same_import_stays() -> None:
    known = bound("from datetime import datetime\nfrom . import models\n", "app.posts")

    assert told_apart(CODE, known, "app.posts") == CODE
    code = "from app.posts import models\n\nmodels\n"
    assert told_apart(code, known, "app.posts") == code


def test_definitions_and_assignments_are_names_too() -> None:
    text = "class Field: ...\n\n\nasync def select(): ...\n\n\nString = str\n"

    assert bound(text, "") == {"Field": "Field", "select": "select", "String": "String"}


def test_a_file_that_cannot_be_read_binds_nothing() -> None:
    assert bound("class:\n", "") == {}
