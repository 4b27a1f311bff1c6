"""dependencies/lookup-as-dependency: a row that several routes need is fetched by a dependency."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain

from fastwright.application.application import Application
from fastwright.application.lookups import Lookup, lookups
from fastwright.practice import Clean, Explanation, Finding, Fixed, Flagged, Kind, Practice


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each route that fetches, or answers 404, as another one does."""
    same: defaultdict[object, list[Lookup]] = defaultdict(list)
    for lookup in lookups(application):
        same[lookup.key, lookup.answer].append(lookup)
    for each in chain.from_iterable(map(_alike, same.values())):
        routes = {lookup.route.function for lookup in each}
        if len(routes) > 1 and not _ask_more(each):
            for lookup in each:
                yield _finding(lookup, each, len(routes))


def _alike(same: list[Lookup]) -> list[list[Lookup]]:
    """Return apart the look-ups of which each asks for something that the others do not.

    Whose a row is for a customer, say, and for those who deliver to them.
    """
    found: list[list[Lookup]] = []
    for lookup in same:
        near = [
            part
            for part in found
            if any(
                lookup.filters <= each.filters or each.filters <= lookup.filters for each in part
            )
        ]
        found = [part for part in found if part not in near]
        found.append([*chain.from_iterable(near), lookup])
    return found


def _ask_more(same: list[Lookup]) -> bool:
    """Tell whether each look-up asks something else of the thing, so that none is like another."""
    asked = {each.unless for each in same}
    return "" not in asked and len(asked) == len(same)


def _finding(lookup: Lookup, same: list[Lookup], count: int) -> Finding:
    function = lookup.route.function
    other = next(each.route.function for each in same if each.route.function is not function)
    return Finding(
        at=lookup.place,
        message=(
            f"Let one dependency {lookup.what} and answer 404: {count} routes do it "
            f"themselves, `{function.name}` and `{other.name}` among them."
        ),
    )


PRACTICE = Practice(
    kind=Kind.PRACTICE,
    explanation=Explanation(
        rule="What several routes fetch by the same name, or answer 404 without, is a dependency.",
        why=(
            "The same look-up in each route drifts apart: one forgets the 404 and answers 500, "
            "another forgets that deleted rows are gone or whose they are. A dependency is "
            "written and tested once, is run once per request however many need it, and shows "
            "in the route's signature what the route works on."
        ),
        bad="""\
@router.get("/posts/{post_id}")
async def read_post(post_id: UUID, session: SessionDep) -> PostPublic:
    post = await session.get(Post, post_id)
    if post is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND)
    return post


@router.delete("/posts/{post_id}")
async def delete_post(post_id: UUID, session: SessionDep) -> None:
    post = await session.get(Post, post_id)
    if post is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND)
    await session.delete(post)
""",
        good="""\
async def valid_post(post_id: UUID, session: SessionDep) -> Post:
    post = await session.get(Post, post_id)
    if post is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND)
    return post


PostDep = Annotated[Post, Depends(valid_post)]


@router.get("/posts/{post_id}")
async def read_post(post: PostDep) -> PostPublic:
    return post


@router.delete("/posts/{post_id}")
async def delete_post(post: PostDep, session: SessionDep) -> None:
    await session.delete(post)
""",
        when_not=(
            "A look-up that one route makes, that is made only in some cases, or for each item "
            "of a list, is best where it is; none of these is reported. Where the id stands in the "
            "body, a function that several routes call serves as well as a dependency."
        ),
        fix_safety="No automatic fix: routes may differ in what they load along with the row.",
        references={
            "Dependencies": "https://fastapi.tiangolo.com/tutorial/dependencies/",
            "Sub-dependencies": (
                "https://fastapi.tiangolo.com/tutorial/dependencies/sub-dependencies/"
            ),
        },
    ),
    check=check,
    examples=(
        Fixed(
            "a row by its primary key",
            """\
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, status
from sqlmodel import Field, Session, SQLModel, create_engine

app = FastAPI()
engine = create_engine("sqlite://")


class Post(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)


def get_session():
    with Session(engine) as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]


@app.get("/posts/{post_id}")
def read_post(post_id: int, session: SessionDep) -> Post:
    post = session.get(Post, post_id)  # <- here
    if post is None:
        raise HTTPException(status_code=404)
    return post


@app.delete("/posts/{post_id}")
def delete_post(post_id: int, session: SessionDep) -> None:
    post = session.get(Post, post_id)  # <- here
    if not post:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "No such post")
    session.delete(post)
""",
            """\
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from sqlmodel import Field, Session, SQLModel, create_engine

app = FastAPI()
engine = create_engine("sqlite://")


class Post(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)


def get_session():
    with Session(engine) as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]


def valid_post(post_id: int, session: SessionDep) -> Post:
    post = session.get(Post, post_id)
    if post is None:
        raise HTTPException(status_code=404)
    return post


PostDep = Annotated[Post, Depends(valid_post)]


@app.get("/posts/{post_id}")
def read_post(post: PostDep) -> Post:
    return post


@app.delete("/posts/{post_id}")
def delete_post(post: PostDep, session: SessionDep) -> None:
    session.delete(post)
""",
        ),
        Flagged(
            "the same rows by several means: a statement further up, a filter, a `try`",
            {
                "app/models.py": """\
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase): ...


class Post(Base):
    __tablename__ = "post"
    key: Mapped[int] = mapped_column(primary_key=True)


def get_session() -> Session: ...
""",
                "app/routes.py": """\
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Response
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from app import models
from app.models import Post as Article

router = APIRouter()
SessionDep = Annotated[Session, Depends(models.get_session)]


class Vote(BaseModel):
    post_key: int


@router.get("/posts/{post_key}")
def read_post(post_key: int, session: SessionDep):
    statement = select(models.Post).where(models.Post.key == post_key)
    post = session.execute(statement).scalar_one_or_none()  # <- here
    if post:
        return post
    raise HTTPException(404)


@router.delete("/posts/{key}")
def delete_post(key: int, session: SessionDep, response: Response):
    try:
        post = session.query(Article).filter(Article.key == key).one()  # <- here
        session.delete(post)
    except (NoResultFound, ValueError):
        response.status_code = 404
        return {"error": "no such post"}


@router.post("/votes")
def vote(vote: Vote, session: SessionDep):
    if (post := session.get(Article, vote.post_key)) is None:
        raise HTTPException(detail="gone", status_code=404)
    return post
""",
            },
        ),
        Flagged(
            "a method that returns None, with an exception of one's own",
            {
                "app/posts/service.py": """\
class Posts:
    async def by_slug(self, slug: str) -> dict | None: ...


class PostNotFound(Exception): ...


posts = Posts()
""",
                "app/posts/router.py": """\
from fastapi import APIRouter

from app.posts import service as post_service
from app.posts.service import posts

router = APIRouter()


@router.get("/posts/{slug}")
async def read_post(slug: str) -> dict:
    post = await posts.by_slug(slug)  # <- here
    if not post:
        raise post_service.PostNotFound
    return post


@router.get("/posts/{slug}/title")
async def read_title(slug: str) -> str:
    post = await post_service.posts.by_slug(slug=slug.lower())  # <- here
    if post is None or post.get("deleted"):
        raise post_service.PostNotFound(slug)
    return post["title"]
""",
            },
        ),
        Flagged(
            "one that asks more of the thing than the other, which may have forgotten it",
            """\
from fastapi import FastAPI, HTTPException
from sqlmodel import Field, Session, SQLModel, create_engine

app = FastAPI()
engine = create_engine("sqlite://")


class Post(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    is_hidden: bool = False


@app.get("/posts/{post_id}")
def read_post(post_id: int) -> Post:
    with Session(engine) as session:
        post = session.get(Post, post_id)  # <- here
        if post is None or post.is_hidden:
            raise HTTPException(404)
        return post


@app.get("/posts/{post_id}/title")
def read_title(post_id: int) -> int:
    with Session(engine) as session:
        post = session.get(Post, post_id)  # <- here
        if post is None:
            raise HTTPException(404)
        return post.id
""",
        ),
        Clean(
            "one function that is told in SQL what to bring",
            {
                "app/database.py": """\
def query(text: str, values: tuple) -> dict | None: ...
""",
                "app/main.py": """\
from fastapi import FastAPI, HTTPException

from app.database import query

app = FastAPI()


@app.get("/boats/{boat_id}")
def read_boat(boat_id: int) -> dict:
    boat = query("SELECT * FROM boat WHERE id = %s", (boat_id,))
    if boat is None:
        raise HTTPException(404)
    return boat


@app.get("/crews/{crew_id}")
def read_crew(crew_id: int) -> dict:
    crew = query("SELECT * FROM crew WHERE id = %s", (crew_id,))
    if crew is None:
        raise HTTPException(404)
    return crew
""",
            },
        ),
        Clean(
            "each asks something else of the thing, and one is named in the body",
            """\
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel
from sqlmodel import Field, Session, SQLModel, create_engine

app = FastAPI()
engine = create_engine("sqlite://")


class Seat(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    guest_id: int | None = None


class Show(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)


class Booking(BaseModel):
    show_id: int


@app.delete("/seats/free/{seat_id}")
def remove_free_seat(seat_id: int) -> None:
    with Session(engine) as session:
        seat = session.get(Seat, seat_id)
        if seat is None or seat.guest_id is not None:
            raise HTTPException(404)
        session.delete(seat)


@app.delete("/guests/{guest_id}/seats/{seat_id}")
def leave_seat(guest_id: int, seat_id: int) -> None:
    with Session(engine) as session:
        seat = session.get(Seat, seat_id)
        if seat is None or seat.guest_id != guest_id:
            raise HTTPException(404)
        seat.guest_id = None


@app.get("/shows/{show_id}")
def read_show(show_id: int) -> Show:
    with Session(engine) as session:
        show = session.get(Show, show_id)
        if show is None:
            raise HTTPException(404)
        return show


@app.post("/bookings")
def book(booking: Booking) -> Show:
    with Session(engine) as session:
        show = session.get(Show, booking.show_id)
        if show is None:
            raise HTTPException(404)
        return show
""",
        ),
        Clean(
            "answers that are made differently, and statements that change the row at once",
            """\
from fastapi import FastAPI, HTTPException
from fastapi.responses import JSONResponse
from sqlalchemy import update
from sqlmodel import Field, Session, SQLModel, create_engine

app = FastAPI()
engine = create_engine("sqlite://")


class Clan(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    is_open: bool = True


def failure(reason: str, status_code: int) -> dict:
    return {"status": "error", "reason": reason, "code": status_code}


@app.get("/v1/clans/{clan_id}")
def read_old_clan(clan_id: int):
    with Session(engine) as session:
        clan = session.get(Clan, clan_id)
        if clan is None:
            return JSONResponse({"status": "no such clan"}, status_code=404)
        return {"id": clan.id}


@app.get("/v2/clans/{clan_id}")
def read_clan(clan_id: int):
    with Session(engine) as session:
        clan = session.get(Clan, clan_id)
        if clan is None:
            return failure("no such clan", status_code=404)
        return clan


@app.put("/v2/clans/{clan_id}/open")
def open_clan(clan_id: int) -> None:
    with Session(engine) as session:
        found = session.execute(
            update(Clan).where(Clan.id == clan_id).values(is_open=True).returning(Clan.id)
        )
        row = found.scalar_one_or_none()
        if row is None:
            raise HTTPException(404)


@app.delete("/v2/clans/{clan_id}/open")
def close_clan(clan_id: int) -> None:
    with Session(engine) as session:
        found = session.execute(
            update(Clan).where(Clan.id == clan_id).values(is_open=False).returning(Clan.id)
        )
        row = found.scalar_one_or_none()
        if row is None:
            raise HTTPException(404)
""",
        ),
        Clean(
            "one route only, another table, another column, another answer",
            {
                "app/models.py": """\
from sqlmodel import Field, Session, SQLModel


class Post(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    slug: str


class User(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str


def get_session() -> Session: ...
""",
                "app/routes.py": """\
from typing import Annotated

from fastapi import APIRouter, Depends, Header, HTTPException
from sqlmodel import Session, select

from app.models import Post, User, get_session

router = APIRouter()
SessionDep = Annotated[Session, Depends(get_session)]


@router.get("/posts/{id}")
def read_post(id: int, session: SessionDep):
    post = session.get(Post, id)
    if post is None:
        raise HTTPException(404)
    return post


@router.get("/users/{id}")
def read_user(id: int, session: SessionDep):
    user = session.get(User, id)
    if user is None:
        raise HTTPException(404)
    return user


@router.get("/by-slug/{slug}")
def read_by_slug(slug: str, session: SessionDep):
    post = session.exec(select(Post).where(Post.slug == slug)).first()
    if post is None:
        raise HTTPException(404)
    return post


@router.put("/posts/{id}")
def upsert(id: int, session: SessionDep):
    post = session.get(Post, id)
    if post is None:
        post = Post(id=id)
    return post


@router.post("/login")
def login(name: str, session: SessionDep):
    user = session.exec(select(User).where(User.name == name)).first()
    if user is None:
        raise HTTPException(401)
    return user


@router.get("/a")
def a(session: SessionDep, x_name: Annotated[str, Header()]):
    user = session.exec(select(User).where(User.name == x_name)).first()
    if user is None:
        raise HTTPException(404)


@router.get("/b")
def b(session: SessionDep, x_name: str = Header()):
    user = session.exec(select(User).where(User.name == x_name)).first()
    if user is None:
        raise HTTPException(404)
""",
            },
        ),
        Clean(
            "one method for every class: inherited, or told which one",
            {
                "app/base.py": """\
from sqlalchemy.orm import DeclarativeBase, Session


class Base(DeclarativeBase):
    @classmethod
    def get(cls, session: Session, key: int):
        return session.get(cls, key)


def find(kind: type, key: int):
    return None
""",
                "app/models.py": """\
from app.base import Base


class Site(Base):
    __tablename__ = "site"


class Order(Base):
    __tablename__ = "order"
""",
                "app/main.py": """\
from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy.orm import Session
from vendor.models import Group, Node

from app.base import find
from app.models import Order, Site

app = FastAPI()


def get_session():
    yield Session()


@app.get("/sites/{site_id}")
def read_site(site_id: int, session: Session = Depends(get_session)):
    site = Site.get(session, site_id)
    if site is None:
        raise HTTPException(404)
    return site


@app.get("/orders/{order_id}")
def read_order(order_id: int, session: Session = Depends(get_session)):
    order = Order.get(session, order_id)
    if order is None:
        raise HTTPException(404)
    return order


@app.get("/nodes/{node_id}")
def read_node(node_id: int):
    node = find(Node, node_id)
    if node is None:
        raise HTTPException(404)
    return node


@app.get("/groups/{group_id}")
def read_group(group_id: int):
    group = find(Group, group_id)
    if group is None:
        raise HTTPException(404)
    return group
""",
            },
        ),
        Clean(
            "look-ups in branches and loops, of what the request does not name, and changes",
            """\
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException

app = FastAPI()


class User:
    team_id: int


def get_user() -> User: ...
def find_team(team_id: int) -> str | None: ...
def create_post(title: str) -> User: ...
def update_team(team_id: int, *, is_open: bool) -> str | None: ...


UserDep = Annotated[User, Depends(get_user)]


@app.get("/a")
def a(user: UserDep, team_id: int | None = None, ids: list[int] | None = None) -> None:
    if team_id is not None:
        team = find_team(team_id)
        if team is None:
            raise HTTPException(404)
    for each in ids or []:
        team = find_team(each)
        if team is None:
            raise HTTPException(404)


@app.get("/b")
def b(user: UserDep) -> str:
    team = find_team(user.team_id)
    if team is None:
        raise HTTPException(404)
    return team


@app.post("/c")
def c(title: str, team_id: int) -> str:
    created = create_post(title)
    team = find_team(created.team_id)
    if team is None:
        raise HTTPException(404)
    return team


@app.post("/teams/{team_id}/open")
def open_team(team_id: int) -> str:
    team = update_team(team_id, is_open=True)
    if team is None:
        raise HTTPException(404)
    return team


@app.post("/teams/{team_id}/close")
def close_team(team_id: int) -> str:
    team = update_team(team_id, is_open=False)
    if team is None:
        raise HTTPException(404)
    return team
""",
        ),
        Clean(
            "methods of one name on objects that are not known, or are made of other classes",
            """\
from elsewhere import other, store
from fastapi import FastAPI, HTTPException

app = FastAPI()


class Repository:
    def __init__(self, model: type) -> None: ...
    def get(self, id: int) -> str | None: ...


class Post: ...


class User: ...


posts = Repository(Post)
users = Repository(User)


@app.get("/posts/{id}")
def read_post(id: int) -> str:
    post = posts.get(id)
    if post is None:
        raise HTTPException(404)
    return post


@app.get("/users/{id}")
def read_user(id: int) -> str:
    user = users.get(id)
    if user is None:
        raise HTTPException(404)
    return user


@app.get("/a/{id}")
def a(id: int) -> str:
    found = store.get(id)
    if found is None:
        raise HTTPException(404)
    return found


@app.get("/b/{id}")
def b(id: int) -> str:
    found = other.get(id)
    if found is None:
        raise HTTPException(404)
    return found
""",
        ),
        Clean(
            "routes over what is in memory, for when the real ones cannot be imported",
            {
                "app/main.py": """\
from fastapi import FastAPI

from app.plain import build_fallback_router

app = FastAPI()
try:
    from app.boats import router

    app.include_router(router)
except ImportError:
    app.include_router(build_fallback_router())
""",
                "app/boats.py": """\
from fastapi import APIRouter

router = APIRouter()


@router.get("/boats")
def read_boats() -> list[int]:
    return []
""",
                "app/plain.py": """\
from fastapi import APIRouter, HTTPException

BOATS: dict[int, str] = {}


def build_fallback_router() -> APIRouter:
    router = APIRouter()

    def find(boat_id: int) -> str | None:
        for number, boat in BOATS.items():
            if number == boat_id:
                return boat
        return None

    @router.get("/boats/{boat_id}")
    def read_boat(boat_id: int) -> str:
        boat = find(boat_id)
        if boat is None:
            raise HTTPException(404)
        return boat

    @router.delete("/boats/{boat_id}")
    def delete_boat(boat_id: int) -> None:
        boat = find(boat_id)
        if boat is None:
            raise HTTPException(404)
        del BOATS[boat_id]

    return router
""",
            },
        ),
        Clean(
            "a row for those whose it is, and for those who deal with it",
            """\
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from sqlmodel import Field, Session, SQLModel, create_engine, select

app = FastAPI()
session = Session(create_engine("sqlite://"))


class Parcel(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    sender_id: int
    depot_id: int


def asking() -> int: ...


Asking = Annotated[int, Depends(asking)]


@app.get("/parcels/{parcel_id}")
def track(parcel_id: int, sender: Asking) -> Parcel:
    query = select(Parcel).where(Parcel.id == parcel_id, Parcel.sender_id == sender)
    parcel = session.exec(query).first()
    if parcel is None:
        raise HTTPException(404)
    return parcel


@app.post("/depot/parcels/{parcel_id}/unload")
def unload(parcel_id: int, depot: Asking) -> Parcel:
    query = select(Parcel).where(Parcel.id == parcel_id, Parcel.depot_id == depot)
    parcel = session.exec(query).first()
    if parcel is None:
        raise HTTPException(404)
    return parcel
""",
        ),
    ),
)
