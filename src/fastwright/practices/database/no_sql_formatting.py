"""database/no-sql-formatting: values reach SQL as parameters, never as part of its text."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from fastwright.application import statements
from fastwright.application.application import Application
from fastwright.application.folders import is_put_away
from fastwright.application.provenance import Provenance, Provenances
from fastwright.application.queries import PACKAGES
from fastwright.application.running import Running
from fastwright.application.statements import Hole
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import CallSite
from fastwright.codebase.modules import Module
from fastwright.codebase.values import External
from fastwright.practice import Clean, Explanation, Finding, Flagged, Kind, Practice

_TEXT = "sqlalchemy.text"
# Methods that are given the text of a statement.
_METHODS = {
    "exec_driver_sql",
    "execute",
    "executemany",
    "executescript",
    "fetch",
    "fetch_all",
    "fetch_one",
    "fetch_val",
    "fetchrow",
    "fetchval",
    "iterate",
    "prepare",
}
# Statements that take no parameters.
_WITHOUT_PARAMETERS = re.compile(
    r"\s*(?:ALTER|ANALYZE|ATTACH|COMMENT|COPY|CREATE|DO|DROP|GRANT|LISTEN|LOCK|NOTIFY|PRAGMA|REFRESH|"
    r"REINDEX|RESET|REVOKE|SET|SHOW|TRUNCATE|USE|VACUUM)\b",
    re.IGNORECASE,
)
_BEFORE_VALUE = re.compile(
    r"(?:[=<>]|\b(?:LIKE|LIMIT|OFFSET|BETWEEN)|\b(?:IN|VALUES)\s*\()\s*$", re.IGNORECASE
)
# Tables in which a database describes itself: who asks them gives names.
_OF_THE_DATABASE = re.compile(
    r"(?i)\b(?:information_schema|pg_\w+|sqlite_master|sqlite_schema|v_catalog|v_internal|syscat"
    r"|sys\.(?:columns|indexes|objects|schemas|tables|views)"
    r"|(?:all|dba|user)_(?:tables|tab_columns|tab_comments|col_comments|views|objects|constraints"
    r"|cons_columns|indexes|ind_columns|sequences|users))\b"
)
# Folders of programs that somebody starts by hand, with arguments of their own choice.
_ASIDE = {
    *("docs", "docs_src", "example", "examples", "sample", "samples", "scripts", "tools"),
    *("cli", "commands", "management"),
}
_BY_HAND = re.compile(rb"\b__name__\s*==|\bargparse\b|\bsys\.argv\b|\bclick\b|\btyper\b|\binput\(")
_BEFORE_NAME = re.compile(r"\b(?:FROM|INTO|JOIN|TABLE|UPDATE)\s+['\"`\[]?$", re.IGNORECASE)
_BEHIND_NAME = re.compile(r"\s*[.(\w\"]")


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each statement that a value is formatted into."""
    provenances, running = Provenances(application), application.running
    names = application.codebase.index.also_called({*_METHODS, _TEXT.rpartition(".")[2]})
    for module in application.each_calling(names):
        if not (module.is_migration or is_put_away(module)):
            for call in _sent(module, names, application.codebase):
                found = statements.holes(
                    call.node.arguments[0], call.function, application.codebase
                )
                wrong = (hole for hole in found if _is_wrong(hole, provenances, running))
                yield from (_finding(call, hole) for hole in islice(wrong, 1))


def _sent(module: Module, names: Iterable[str], codebase: Codebase) -> Iterator[CallSite]:
    """Yield the calls of a module, by one of some names, that are given a statement's text."""
    for name in sorted(names):
        for call in module.calls_with(name):
            if call.node.arguments:
                match codebase.target(call):
                    case External(name) if name == _TEXT or _takes_statement(name):
                        yield call


def _takes_statement(name: str) -> bool:
    return name.startswith(PACKAGES) and name.rpartition(".")[2] in _METHODS


def _is_wrong(hole: Hole, provenances: Provenances, running: Running) -> bool:
    """Tell whether a value stands in the hole, or a name that the request chooses."""
    if not hole.before.strip(" ?") and not hole.after:
        return False  # the statement as a whole
    needed = Provenance.REQUEST
    if not (_WITHOUT_PARAMETERS.match(hole.before) or _BEFORE_NAME.search(hole.before)):
        quoted = hole.before.count("'") % 2 == 1
        compared = _BEFORE_VALUE.search(hole.before) and not _BEHIND_NAME.match(hole.after)
        is_of_itself = _OF_THE_DATABASE.search(hole.before) is not None
        if (quoted or compared) and not (is_of_itself or _is_aside(hole.scope.module, running)):
            needed = Provenance.ARGUMENT
    return provenances.of(hole.node, hole.scope) >= needed


def _is_aside(module: Module, running: Running) -> bool:
    """Tell whether a module is a program of its own, by its folder or by who loads it."""
    by_hand = _BY_HAND.search(module.code) is not None and running.leaves_out(module)
    return by_hand or not _ASIDE.isdisjoint(module.folder.split("/"))


def _finding(call: CallSite, hole: Hole) -> Finding:
    module = call.function.module
    text = hole.scope.module.source(hole.node)
    return Finding(
        at=module.place(call.node),
        message=(
            f"Pass `{text}` as a parameter, or choose among names that the code lists: formatted "
            "into SQL it can change what the statement does."
        ),
    )


PRACTICE = Practice(
    kind=Kind.DEFECT,
    explanation=Explanation(
        rule="Values are passed to SQL as parameters; they are not formatted into its text.",
        why=(
            "Whoever chooses a value that becomes part of the statement's text chooses the "
            "statement: `' OR true --` reads the whole table, and a name like O'Brien breaks the "
            "query. A parameter reaches the database beside the statement and stays a value."
        ),
        bad="""\
await session.execute(text(f"SELECT * FROM post WHERE title = '{title}'"))
""",
        good="""\
await session.execute(text("SELECT * FROM post WHERE title = :title"), {"title": title})
""",
        when_not=(
            "Names of tables and columns cannot be parameters. Take them from a list, a dict or an "
            "enumeration in the code, as in `COLUMNS[sort]`; that is not reported. Nor are "
            "statements without parameters, such as `CREATE ROLE`, with names from the settings, "
            "or text that a pattern or a validator accepts before."
        ),
        fix_safety="No automatic fix: parameters are written differently by each driver.",
        references={
            "OWASP: SQL injection prevention": (
                "https://cheatsheetseries.owasp.org/cheatsheets/"
                "SQL_Injection_Prevention_Cheat_Sheet.html"
            ),
            "SQLAlchemy: text()": (
                "https://docs.sqlalchemy.org/en/20/core/sqlelement.html#sqlalchemy.sql.expression.text"
            ),
        },
    ),
    check=check,
    examples=(
        Flagged(
            "an f-string, `%`, `format` and `+`",
            """\
import sqlalchemy as sa
from fastapi import Depends, FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

app = FastAPI()
engine = create_engine("sqlite://")


def get_db():
    with Session(engine) as db:
        yield db


@app.get("/posts")
def read_posts(title: str, author: str, db: Session = Depends(get_db)) -> list[str]:
    db.scalars(sa.text(f"SELECT id FROM post WHERE title = '{title}'"))  # <- here
    db.scalars(sa.text("SELECT id FROM post WHERE title LIKE '%%%s%%'" % title))  # <- here
    db.scalars(sa.text("SELECT id FROM post WHERE author = '{}'".format(author)))  # <- here
    query = "SELECT id FROM post WHERE author = '"
    query += author + "'"
    return db.scalars(sa.text(query)).all()  # <- here
""",
        ),
        Flagged(
            "a helper in another file, which the request's text reaches",
            {
                "app/main.py": """\
from fastapi import FastAPI
from pydantic import BaseModel

from .posts import find as find_posts

app = FastAPI()


class Search(BaseModel):
    words: str
    order: str = "id"


@app.post("/search")
async def search(query: Search) -> list[str]:
    return await find_posts(query.words.strip(), query.order)
""",
                "app/posts.py": """\
from asyncpg import Pool, create_pool


async def get_pool() -> Pool:
    return await create_pool("postgresql://")


async def find(words: str, order: str) -> list[str]:
    pool = await get_pool()
    known = await pool.fetch("SELECT id FROM post WHERE title = $1", words)
    others = await pool.fetch(f"SELECT id FROM post WHERE title != $1 ORDER BY {order}")  # <- here
    marked = await pool.fetch("SELECT id FROM post WHERE mark = '%s'" % words)  # <- here
    return [*known, *others, *marked]
""",
                "app/__init__.py": "",
            },
        ),
        Flagged(
            "a name of a column that the request chooses",
            """\
from fastapi import FastAPI
from sqlmodel import Session, create_engine, select, text

app = FastAPI()
engine = create_engine("sqlite://")


@app.get("/posts")
def read_posts(sort: str = "id") -> list[int]:
    with Session(engine) as session:
        return session.exec(select(1).order_by(text(f"{sort} DESC"))).all()  # <- here
""",
        ),
        Clean(
            "parameters, and text that only the code chooses",
            """\
from enum import StrEnum

from fastapi import FastAPI
from sqlalchemy import create_engine, text

app = FastAPI()
engine = create_engine("sqlite://")
TABLE = "post"
COLUMNS = {"newest": "created_at", "best": "score"}


class Direction(StrEnum):
    UP = "ASC"
    DOWN = "DESC"


@app.get("/posts")
def read_posts(title: str, sort: str, direction: Direction, limit: int) -> list[int]:
    column = COLUMNS[sort]
    names = ", ".join(f":value{number}" for number in range(limit))
    with engine.connect() as connection:
        return connection.execute(
            text(
                f"SELECT id FROM {TABLE} WHERE title = :title AND id IN ({names}) "
                f"ORDER BY {column} {direction} LIMIT {limit}"
            ),
            {"title": title},
        ).all()
""",
        ),
        Clean(
            "a name that is checked against a list, and one from the settings",
            """\
import asyncpg
from fastapi import FastAPI, HTTPException
from pydantic_settings import BaseSettings

app = FastAPI()


class Settings(BaseSettings):
    role: str = "reader"


settings = Settings()


@app.get("/tables/{table}")
async def read_table(table: str) -> list[dict]:
    if table not in ("post", "comment"):
        raise HTTPException(404)
    pool = await asyncpg.create_pool("postgresql://")
    await pool.execute(f"SET ROLE '{settings.role}'")
    return await pool.fetch(f"SELECT * FROM {table}")
""",
        ),
        Flagged(
            "a part of the request that is compared with nothing, beside one that is",
            """\
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

app = FastAPI()
engine = create_engine("sqlite://")
COLUMNS = ("id", "title")


class Listing(BaseModel):
    sort: str
    direction: str


@app.post("/listings")
def list_posts(wanted: Listing) -> list[int]:
    if wanted.sort not in COLUMNS:
        raise HTTPException(422)
    with Session(engine) as session:
        session.scalars(text(f"SELECT id FROM post ORDER BY {wanted.sort}"))
        query = f"SELECT id FROM post ORDER BY {wanted.sort} {wanted.direction}"
        return session.scalars(text(query)).all()  # <- here
""",
        ),
        Clean(
            "the name of a table in quotes, and a program that somebody starts by hand",
            {
                "app/tables.py": """\
import sqlite3


def rows(connection: sqlite3.Connection, table: str, limit: int) -> list:
    return connection.execute(f"SELECT * FROM '{table}' LIMIT ?", (limit,)).fetchall()
""",
                "tools/convert.py": """\
import psycopg2


def restart(sequence: str, number: int) -> None:
    with psycopg2.connect("dbname=app") as connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT setval('{sequence}', {number})")
""",
            },
        ),
        Clean(
            "text that a pattern or a validator accepts, and names of the database's own tables",
            """\
from typing import Annotated

from fastapi import Depends, FastAPI, Query
from pydantic import BaseModel, Field, field_validator
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

app = FastAPI()
engine = create_engine("sqlite://")
Direction = Annotated[str, Query(pattern="^(asc|desc)$")]


class Listing(BaseModel):
    sort: str = Field("id", pattern=r"^\\w+$")
    group: str

    @field_validator("group")
    @classmethod
    def known(cls, value: str) -> str:
        if value not in {"author", "day"}:
            raise ValueError("Group by author or day.")
        return value


def get_db():
    with Session(engine) as db:
        yield db


@app.get("/posts")
def read_posts(
    direction: Direction, order: str = Query("id", regex="^(id|title)$"), db=Depends(get_db)
) -> list[int]:
    with Session(engine) as session:
        return session.scalars(text(f"SELECT id FROM post ORDER BY {order} {direction}")).all()


@app.post("/listings")
def list_posts(wanted: Listing) -> list[int]:
    with Session(engine) as session:
        query = f"SELECT id FROM post GROUP BY {wanted.group} ORDER BY {wanted.sort}"
        return session.scalars(text(query)).all()


def has_table(session: Session, table: str) -> bool:
    query = f"SELECT 1 FROM information_schema.tables WHERE table_name = '{table}'"
    return session.scalar(text(query)) is not None
""",
        ),
        Clean(
            "a program that no application loads, and what was put away",
            {
                "app/main.py": """\
from fastapi import FastAPI

app = FastAPI()
""",
                "app/copy_tenant.py": """\
import sys

import psycopg2


def copy(tenant: str) -> None:
    with psycopg2.connect("dbname=app") as connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM tenant WHERE name = '{tenant}'")


copy(sys.argv[1])
""",
                "app/_archive/posts.py": """\
import psycopg2


def find(title: str) -> list:
    with psycopg2.connect("dbname=app") as connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM post WHERE title = '{title}'")
        return cursor.fetchall()
""",
            },
        ),
        Clean(
            "functions called `text` and `execute` that know no SQL",
            """\
from fastapi import FastAPI

app = FastAPI()


def text(content: str) -> str:
    return content


class Robot:
    def execute(self, command: str) -> str:
        return command


@app.get("/greeting")
def greet(name: str) -> str:
    return Robot().execute(f"SELECT '{name}'") + text(f"WHERE name = '{name}'")
""",
        ),
        Clean(
            "names that a loop takes out of a list that is written out",
            """\
import asyncpg
from fastapi import FastAPI

app = FastAPI()


class Sequences:
    async def _reset(self, connection, table: str, column: str = "id") -> None:
        name = f"{table}_{column}_seq"
        await connection.execute(f"SELECT setval('{name}', 1, false)")

    async def reset(self) -> None:
        connection = await asyncpg.connect("postgresql://")
        tables = [("post", "id"), ("user", "id")]
        for table, column in tables:
            await self._reset(connection, table, column=column)


@app.post("/reset")
async def reset() -> None:
    await Sequences().reset()
""",
        ),
        Clean(
            "what asks a database about its own tables",
            """\
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.orm import Session

app = FastAPI()


def comments(session: Session, schema=None) -> list:
    statement = f"SELECT table_name FROM v_catalog.tables WHERE table_schema = '{schema}'"
    return session.execute(text(statement)).fetchall()


def comment_of(session: Session, table: str) -> str:
    statement = f"SELECT comments FROM user_tab_comments WHERE table_name = '{table.upper()}'"
    return session.scalar(text(statement))


@app.get("/tables")
def tables() -> list:
    with Session() as session:
        return comments(session, "public")
""",
        ),
    ),
    follows_calls=True,
)
