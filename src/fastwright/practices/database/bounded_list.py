"""database/bounded-list: routes that answer with lists answer with a page of them."""

import re
from collections.abc import Iterator

from fastwright.application.application import Application
from fastwright.application.growth import Growth
from fastwright.application.limits import Limits
from fastwright.application.listings import Listing, Listings
from fastwright.application.routes import Route
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import Class
from fastwright.codebase.values import Instance
from fastwright.practice import Clean, Explanation, Finding, Flagged, Kind, Practice

# What makes a browser save an answer as a file, of which nobody wants a page.
_DOWNLOAD = re.compile(r"""(?i)["']content-disposition["']\]?\s*[:=,]\s*f?["']attachment""")


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each GET route that answers with all rows of an unlimited query."""
    codebase = application.codebase
    listings, limits = Listings(codebase), Limits(codebase)
    growth, serving = Growth(application), application.serving
    seen = set()
    for route in application.routes:
        if "GET" not in route.methods or route.function in seen or not serving.may_serve(route):
            continue
        seen.add(route.function)
        if _answers_with_object(route, codebase) or _is_download(route):
            continue
        for listing in listings.fetched(route.function):
            start = limits.start(listing.statement, listing.frame)
            if start is not None and growth.of(*start):
                yield _finding(route, listing)
                break


def _answers_with_object(route: Route, codebase: Codebase) -> bool:
    """Tell whether the declared answer is one object: a report, say, that is made of many rows."""
    declared = route.declared_response
    described = declared and codebase.resolver.annotated(*declared)
    return isinstance(described, Instance) and isinstance(described.of, Class)


def _is_download(route: Route) -> bool:
    """Tell whether an answer is a file: an export, say."""
    return _DOWNLOAD.search(route.function.text) is not None


def _finding(route: Route, listing: Listing) -> Finding:
    place = listing.frame.scope.module.place(listing.call)
    return Finding(
        at=route.place,
        message=(
            f"Give `{route.function.name}` a page size with an upper bound, and the query a "
            "`limit`: it reads every row that it finds, however many there will be."
        ),
        chain=(place.step("fetches every row"),),
    )


PRACTICE = Practice(
    kind=Kind.RISK,
    explanation=Explanation(
        rule="A route that answers with a list answers with a page, which has a largest size.",
        why=(
            "With ten rows in development all is quick. With a hundred thousand, one request "
            "loads the table into memory, keeps a connection for seconds and sends megabytes "
            "that nobody reads; a few such requests at once, and the process is killed."
        ),
        bad="""\
@router.get("/posts")
async def read_posts(session: SessionDep) -> list[Post]:
    return (await session.exec(select(Post))).all()
""",
        good="""\
@router.get("/posts")
async def read_posts(
    session: SessionDep,
    after: int = 0,
    size: Annotated[int, Query(ge=1, le=100)] = 50,
) -> list[Post]:
    page = select(Post).where(Post.id > after).order_by(Post.id).limit(size)
    return (await session.exec(page)).all()
""",
        when_not=(
            "It is only said of tables that are called after what people make more and more of "
            "(users, posts, orders, messages): no code tells a list of tags that somebody keeps "
            "from one that grows. What belongs to one other row, queries with `distinct`, `in_(…)` "
            "or a range, groups, downloads, and tables that are only filled at start-up are left "
            "aside too. "
            "Where something else keeps a list small, such as a quota, say so in an ignore comment."
        ),
        fix_safety="No automatic fix: clients have to ask for the next page.",
        references={
            "Numeric validations of query parameters": (
                "https://fastapi.tiangolo.com/tutorial/path-params-numeric-validations/"
            ),
            "SQLAlchemy: LIMIT and OFFSET": (
                "https://docs.sqlalchemy.org/en/20/core/selectable.html"
                "#sqlalchemy.sql.expression.Select.limit"
            ),
        },
    ),
    check=check,
    examples=(
        Flagged(
            "rows that are fetched by a service in another file",
            {
                "app/main.py": """\
from fastapi import FastAPI

from app.database import SessionDep
from app.posts import service as posts

app = FastAPI()


@app.get("/posts")
async def read_posts(session: SessionDep) -> dict:  # <- here
    found, total = await posts.service.search(session, "all")
    return {"items": [each.model_dump() for each in found], "total": total}
""",
                "app/database.py": """\
from typing import Annotated

from fastapi import Depends
from sqlmodel.ext.asyncio.session import AsyncSession


async def get_session():
    async with AsyncSession() as session:
        yield session


SessionDep = Annotated[AsyncSession, Depends(get_session)]
""",
                "app/posts/__init__.py": "",
                "app/posts/service.py": """\
from sqlmodel import Field, SQLModel, select


class Post(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    title: str


class Service:
    async def search(self, session, title):
        query = select(Post)
        if title != "all":
            query = query.where(Post.title == title)
        result = await session.exec(query.order_by(Post.id))
        posts = result.all()
        return posts, len(posts)

    def create(self, session, title):
        session.add(Post(title=title))


service = Service()
""",
                "app/__init__.py": "",
            },
        ),
        Flagged(
            "a loop that builds the list, and a limit that is thrown away",
            """\
from fastapi import Depends, FastAPI
from sqlalchemy import Column, Integer
from sqlalchemy.orm import Session, declarative_base

app = FastAPI()
Base = declarative_base()


class Post(Base):
    __tablename__ = "post"

    id = Column(Integer, primary_key=True)


def get_db():
    with Session() as db:
        yield db


def add(db: Session) -> None:
    db.add(Post(id=1))


@app.get("/posts")
def read_posts(size: int, db: Session = Depends(get_db)):  # <- here
    query = db.query(Post)
    query.limit(size)
    found = []
    for post in query.all():
        found.append({"id": post.id})
    return found
""",
        ),
        Flagged(
            "a limit that is only there when the client asks for one",
            """\
from typing import Annotated

import asyncpg
from fastapi import FastAPI, Query
from sqlmodel import Field, Session, SQLModel, create_engine, select

app = FastAPI()
engine = create_engine("sqlite://")


class Post(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)


@app.post("/posts")
def create_post() -> None:
    with Session(engine) as session:
        session.add(Post())


@app.get("/posts")
def read_posts(size: Annotated[int | None, Query(le=50)] = None) -> list[Post]:  # <- here
    with Session(engine) as session:
        query = select(Post)
        if size:
            query = query.limit(size)
        return list(session.exec(query))


@app.get("/titles")
async def read_titles() -> list[dict]:  # <- here
    pool = await asyncpg.create_pool("postgresql://")
    return await pool.fetch("SELECT title FROM post")
""",
        ),
        Clean(
            "a download, a chart of codes, what recurs, and a range of times in text",
            """\
import csv
import io

import asyncpg
from fastapi import FastAPI
from fastapi.responses import Response
from sqlmodel import Field, Session, SQLModel, create_engine, select

app = FastAPI()
engine = create_engine("sqlite://")


class Order(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)


class Account(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    parent_id: int | None = Field(default=None, foreign_key="account.id")
    code: str = Field(unique=True)
    is_system: bool = False


class RecurringInvoice(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    every_months: int


class MastodonAccount(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)


@app.post("/rows")
def create_rows(code: str) -> None:
    with Session(engine) as session:
        session.add_all([Order(), Account(code=code), RecurringInvoice(every_months=1)])
        session.add(MastodonAccount())


@app.get("/orders/export")
def export_orders(as_json: bool = False):
    with Session(engine) as session:
        orders = session.exec(select(Order)).all()
    if as_json:
        return orders
    file = io.StringIO()
    csv.writer(file).writerows([order.id] for order in orders)
    headers = {"Content-Disposition": "attachment; filename=orders.csv"}
    return Response(file.getvalue(), media_type="text/csv", headers=headers)


@app.get("/accounts")
def read_accounts() -> list[Account]:
    with Session(engine) as session:
        return session.exec(select(Account)).all()


@app.get("/recurring-invoices")
def read_recurring() -> list[RecurringInvoice]:
    with Session(engine) as session:
        return session.exec(select(RecurringInvoice)).all()


@app.get("/mastodon-accounts")
def read_accounts_elsewhere() -> list[MastodonAccount]:
    with Session(engine) as session:
        return session.exec(select(MastodonAccount)).all()


@app.get("/visits")
async def read_visits() -> list[dict]:
    pool = await asyncpg.create_pool("postgresql://")
    return await pool.fetch("SELECT path FROM visit WHERE at > NOW() - INTERVAL '1 day'")
""",
        ),
        Clean(
            "a table of what somebody sets up",
            """\
from fastapi import FastAPI
from sqlmodel import Field, Session, SQLModel, create_engine, select

app = FastAPI()
engine = create_engine("sqlite://")


class LoginProvider(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)


class ShippingMethod(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)


class PaymentType(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)


@app.get("/payment-types")
def read_types() -> list[PaymentType]:
    with Session(engine) as session:
        return session.exec(select(PaymentType)).all()


@app.post("/payment-types")
def create_type() -> None:
    with Session(engine) as session:
        session.add(PaymentType())


@app.get("/providers")
def read_providers() -> list[LoginProvider]:
    with Session(engine) as session:
        return session.exec(select(LoginProvider)).all()


@app.post("/providers")
def create_provider() -> None:
    with Session(engine) as session:
        session.add(LoginProvider())


@app.get("/shipping-methods")
def read_methods() -> list[ShippingMethod]:
    with Session(engine) as session:
        return session.exec(select(ShippingMethod)).all()


@app.post("/shipping-methods")
def create_method() -> None:
    with Session(engine) as session:
        session.add(ShippingMethod())
""",
        ),
        Clean(
            "reports that are made of many rows, with a schema or as a dict of many parts",
            """\
from fastapi import Depends, FastAPI
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

app = FastAPI()


class Base(DeclarativeBase):
    pass


class Entry(Base):
    __tablename__ = "entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    amount: Mapped[int]


class Report(BaseModel):
    total: int


def get_session() -> AsyncSession: ...


@app.post("/entries")
async def add_entry(amount: int, session: AsyncSession = Depends(get_session)) -> None:
    session.add(Entry(amount=amount))


@app.get("/report", response_model=Report)
async def read_report(session: AsyncSession = Depends(get_session)):
    entries = (await session.scalars(select(Entry))).all()
    return Report(total=sum(entry.amount for entry in entries))


@app.get("/summary")
async def read_summary(session: AsyncSession = Depends(get_session)) -> dict:
    latest = (await session.scalars(select(Entry).where(Entry.amount == 1))).all()
    return {
        "generated_by": "shop",
        "version": 1,
        "currency": "EUR",
        "is_open": True,
        "warnings": [],
        "total": sum(entry.amount for entry in latest),
        "latest": latest,
    }
""",
        ),
        Clean(
            "pages",
            """\
from typing import Annotated

from fastapi import Depends, FastAPI, Query
from sqlmodel import Field, Session, SQLModel, create_engine, select

app = FastAPI()
engine = create_engine("sqlite://")


class Post(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)


class Page:
    def __init__(self, size: Annotated[int, Query(le=100)] = 50) -> None:
        self.size = size

    def of(self, query):
        return query.limit(self.size)


def paged(query, size):
    return query.limit(size)


@app.post("/posts")
def create_post() -> None:
    with Session(engine) as session:
        session.add(Post())


@app.get("/posts")
def read_posts(size: Annotated[int, Query(le=100)] = 50) -> list[Post]:
    with Session(engine) as session:
        return session.exec(paged(select(Post).order_by(Post.id), size)).all()


@app.get("/others")
def read_others(page: Annotated[Page, Depends()]) -> list[Post]:
    with Session(engine) as session:
        return session.exec(page.of(select(Post))).all()
""",
        ),
        Clean(
            "one row, a count, a lookup by a list, and a slice",
            """\
from fastapi import FastAPI
from sqlalchemy import text
from sqlmodel import Field, Session, SQLModel, create_engine, func, select

app = FastAPI()
engine = create_engine("sqlite://")


class Post(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    state: str = "new"


@app.post("/posts")
def create_post() -> Post:
    with Session(engine) as session:
        session.add(Post())


@app.get("/posts/{post_id}")
def read_post(post_id: int) -> Post | None:
    with Session(engine) as session:
        return session.exec(select(Post).where(Post.id == post_id)).first()


@app.get("/counts")
def read_counts() -> list:
    with Session(engine) as session:
        total = session.exec(select(func.count(Post.id))).all()
        query = select(Post.state, func.count(Post.id)).group_by(Post.state)
        return [*total, *session.exec(query).all()]


@app.get("/some")
def read_some(ids: str) -> list[Post]:
    with Session(engine) as session:
        return session.exec(select(Post).where(Post.id.in_(ids.split(",")))).all()


@app.get("/newest")
def read_newest() -> list[Post]:
    with Session(engine) as session:
        return session.exec(select(Post)).all()[:10]


@app.get("/posts/first")
def read_first() -> list[int]:
    with Session(engine) as session:
        rows = session.execute(text("SELECT EXISTS (SELECT 1 FROM post)"))
        return list(rows.all())


@app.get("/tables")
def read_tables() -> list[str]:
    with Session(engine) as session:
        rows = session.execute(text("SELECT table_name FROM information_schema.tables"))
        return list(rows.all())
""",
        ),
        Clean(
            "a table that is only filled at start-up, and a list of another kind",
            """\
from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlmodel import Field, Session, SQLModel, create_engine, select

engine = create_engine("sqlite://")


class Country(SQLModel, table=True):
    code: str = Field(primary_key=True)


def seed() -> None:
    with Session(engine) as session:
        session.add_all([Country(code="NL"), Country(code="FR")])
        session.commit()


@asynccontextmanager
async def lifespan(app: FastAPI):
    seed()
    yield


app = FastAPI(lifespan=lifespan)


class Shelf:
    def all(self) -> list[str]:
        return ["a", "b"]


@app.get("/countries")
def read_countries() -> list[Country]:
    with Session(engine) as session:
        return session.exec(select(Country)).all()


@app.get("/shelf")
def read_shelf() -> list[str]:
    return Shelf().all()
""",
        ),
        Clean(
            "what one row is made of, what one user has, and reference lists of a service",
            """\
import asyncpg
from fastapi import Depends, FastAPI
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

app = FastAPI()


class Base(DeclarativeBase):
    pass


class CaseAttachment(Base):
    __tablename__ = "case_attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int]


class AccessToken(Base):
    __tablename__ = "access_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int]


class RegionService:
    def __init__(self, model) -> None:
        self.model = model

    def of_country(self, db: Session, country_id: str) -> list:
        return db.query(self.model).filter(self.model.country_id == country_id).all()


def get_db():
    with Session() as db:
        yield db


@app.post("/cases/{case_id}/attachments")
def attach(case_id: int, db: Session = Depends(get_db)) -> None:
    db.add(CaseAttachment(case_id=case_id))
    db.add(AccessToken(user_id=case_id))


@app.get("/cases/{case_id}/attachments")
def attachments(case_id: int, db: Session = Depends(get_db)) -> list:
    return db.query(CaseAttachment).filter(CaseAttachment.case_id == case_id).all()


@app.get("/users/{user_id}/tokens")
def tokens(user_id: int, db: Session = Depends(get_db)) -> list:
    return db.query(AccessToken).filter_by(user_id=user_id).all()


@app.get("/users/{user_id}/keys")
async def keys(user_id: int) -> list[dict]:
    pool = await asyncpg.create_pool("postgresql://")
    return await pool.fetch("SELECT name FROM api_keys WHERE user_id = $1", user_id)


@app.get("/countries/{country_id}/regions")
def regions(country_id: str, db: Session = Depends(get_db)) -> list:
    return RegionService(object).of_country(db, country_id)
""",
        ),
        Clean(
            "what comes along, what one user likes, and a reference list in a text",
            """\
import asyncpg
from fastapi import Depends, FastAPI
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

app = FastAPI()


class Base(DeclarativeBase):
    pass


class FavoriteCity(Base):
    __tablename__ = "favorite_city"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int]


class Agent(Base):
    __tablename__ = "agent"

    id: Mapped[int] = mapped_column(primary_key=True)
    is_prebuilt: Mapped[bool]


def get_db():
    with Session() as db:
        yield db


@app.post("/cities")
def add(user_id: int, db: Session = Depends(get_db)) -> None:
    db.add(FavoriteCity(user_id=user_id))
    db.add(Agent(is_prebuilt=False))


@app.get("/cities")
def cities(user_id: int, db: Session = Depends(get_db)) -> list:
    return db.query(FavoriteCity).filter(FavoriteCity.user_id == user_id).all()


@app.get("/agents/prebuilt")
def agents(db: Session = Depends(get_db)) -> list:
    return db.query(Agent).filter(Agent.is_prebuilt == True).all()


@app.get("/procedures")
async def procedures() -> list[dict]:
    pool = await asyncpg.create_pool("postgresql://")
    return await pool.fetch("SELECT name FROM procedure ORDER BY name")
""",
        ),
        Clean(
            "what one order went through, and a router that no application includes",
            """\
from fastapi import APIRouter, Depends, FastAPI
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

app = FastAPI()
router = APIRouter()


class Base(DeclarativeBase):
    pass


class StatusHistory(Base):
    __tablename__ = "status_history"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int]


def get_db():
    with Session() as db:
        yield db


@app.post("/orders/{order_id}/ship")
def ship(order_id: int, db: Session = Depends(get_db)) -> None:
    db.add(StatusHistory(order_id=order_id))


@app.get("/orders/{order_id}/history")
def read_history(order_id: int, db: Session = Depends(get_db)) -> list:
    query = select(StatusHistory).where(StatusHistory.order_id == order_id)
    return db.scalars(query.order_by(StatusHistory.id)).all()


@router.get("/histories")
def read_histories(db: Session = Depends(get_db)) -> list:
    return db.scalars(select(StatusHistory)).all()
""",
        ),
        Clean(
            "what one person has, the row that a name is reused for, and a table nobody adds to",
            """\
from fastapi import Depends, FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

app = FastAPI()


class Base(DeclarativeBase):
    pass


class Stay(Base):
    __tablename__ = "stay"

    id: Mapped[int] = mapped_column(primary_key=True)
    guest_id: Mapped[int]


class Chair(Base):
    __tablename__ = "chair"

    id: Mapped[int] = mapped_column(primary_key=True)
    tid: Mapped[int]


class Pupil(Base):
    __tablename__ = "pupil"

    id: Mapped[int] = mapped_column(primary_key=True)


class Diploma(Base):
    __tablename__ = "diploma"

    id: Mapped[int] = mapped_column(primary_key=True)


class Colour(Base):
    __tablename__ = "colour"

    id: Mapped[int] = mapped_column(primary_key=True)


def get_session() -> AsyncSession: ...


async def rows_of(session: AsyncSession, kind) -> list:
    return (await session.scalars(select(kind))).all()


@app.post("/stays")
async def add(guest_id: int, session: AsyncSession = Depends(get_session)) -> None:
    session.add_all([Stay(guest_id=guest_id), Chair(tid=1), Pupil(), Diploma()])


@app.get("/tables/{tid}/chairs")
async def read_chairs(tid: int, session: AsyncSession = Depends(get_session)) -> list:
    return (await session.scalars(select(Chair).filter_by(tid=tid))).all()


@app.get("/guests/{guest_id}/stays")
async def read_stays(guest_id: int, session: AsyncSession = Depends(get_session)) -> list:
    return (await session.scalars(select(Stay).where(guest_id == Stay.guest_id))).all()


@app.get("/pupils/{pupil_id}/diplomas")
async def read_diplomas(pupil_id: int, session: AsyncSession = Depends(get_session)) -> list:
    query = select(Diploma).join(Pupil).where(Pupil.id == pupil_id)
    return (await session.scalars(query)).all()


@app.get("/stays/newest")
async def read_newest(session: AsyncSession = Depends(get_session)) -> list:
    found = await session.execute(select(Stay))
    found = found.scalars().first()
    return found


@app.get("/stays/latest")
async def read_latest(session: AsyncSession = Depends(get_session)) -> list:
    query = select(Pupil)
    result = await session.execute(query)
    if result.scalars().first() is None:
        return []
    query = select(Stay).limit(20)
    result = await session.execute(query)
    return result.scalars().all()


@app.get("/colours")
async def read_colours(session: AsyncSession = Depends(get_session)) -> list:
    return await rows_of(session, Colour)
""",
        ),
        Flagged(
            "what people make more and more of, and rows fetched before a name is reused",
            """\
from fastapi import Depends, FastAPI
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

app = FastAPI()


class Base(DeclarativeBase):
    pass


class SearchHistory(Base):
    __tablename__ = "search_history"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int]


class ParcelOrder(Base):
    __tablename__ = "parcel_order"

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int]


def get_db():
    with Session() as db:
        yield db


@app.post("/searches")
def search(user_id: int, db: Session = Depends(get_db)) -> None:
    db.add_all([SearchHistory(user_id=user_id), ParcelOrder(company_id=1)])


@app.get("/searches")
def read_searches(db: Session = Depends(get_db)) -> list:  # <- here
    return db.query(SearchHistory).all()


@app.get("/companies/{company_id}/parcels")
def read_parcels(company_id: int, db: Session = Depends(get_db)) -> list:  # <- here
    found = db.query(ParcelOrder).filter(ParcelOrder.company_id == company_id).all()
    ids = [each.id for each in found if each.id % 2]
    found = db.query(ParcelOrder).filter(ParcelOrder.id.in_(ids)).all()
    return found
""",
        ),
    ),
)
